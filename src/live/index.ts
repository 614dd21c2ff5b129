// The door of what is shown live: what dispatchers publish, and what the console watches.
export { startPublishing } from './publish.ts';
export { liveRoutes } from './routes.ts';
