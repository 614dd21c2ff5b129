// The door of the folder that answers whoever watches Carillon.
export { type DatabaseMetrics, readDatabaseMetrics } from './database.ts';
export type { Verdict } from './health.ts';
export { type Monitor, type MonitorOptions, startMonitor } from './monitor.ts';
