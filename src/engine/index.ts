// The door of the engine folder.
export { createEngine, type Engine, type EngineConfig } from './engine.ts';
export type { JournalMetrics } from './journal.ts';
export type { EngineMetrics, OperatorMetrics } from './metrics.ts';
