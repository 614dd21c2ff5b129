// The door of users: who signs in to the console, and their sessions.
export { userAdminRoutes } from './adminRoutes.ts';
export { ensureFirstUser, type FirstUser } from './first-user.ts';
export { ownRoutes } from './ownRoutes.ts';
export { type UserRole, userRoles } from './roles.ts';
export { sessionRoutes } from './sessionRoutes.ts';
export { liveSessions, sessionSource } from './sessions.ts';
export type { User } from './user-store.ts';
export { changeUser, createUser, findUser, listUsers, type NewUser, resetPassword } from './users.ts';
