// The door of exports: messages written to files, in the background.
export { exportRoutes } from './routes.ts';
export { exportTasks } from './tasks.ts';
export { writeExport } from './write.ts';
