// The door of imports: files of up to ten million rows that become campaigns, contacts or stop lists.
export { importRoutes } from './routes.ts';
export { importTasks } from './tasks.ts';
