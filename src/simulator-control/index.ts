// The door of the simulator's controls.
export { simulatorAdminRoutes } from './adminRoutes.ts';
