// The door of the engine folder.
export { createEngine, type Engine, type EngineConfig } from './engine.ts';
