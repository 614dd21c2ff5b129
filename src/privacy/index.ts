// The door of privacy: what is known of one number, forgetting it, and forgetting what is old.
export { type Erased, type EraseOptions, erasePhone } from './erase.ts';
export { knownOf } from './known.ts';
export { redactOld } from './retention.ts';
export { erasedResource, privacyAdminRoutes, privacyRoutes } from './routes.ts';
export { privacyTasks } from './tasks.ts';
