// The door of the simulator: for the command line, the demo, tests and benchmarks.

export { type Behaviour, mostPercent, type Shares } from './behaviour.ts';
export { type Distribution, longestMs, parseDistribution } from './distribution.ts';
export type { InboundText } from './inbound.ts';
export type { SimulatorOptions, SimulatorStats } from './options.ts';
export { type QuirkName, type Quirks, quirkTable } from './quirks.ts';
export { type Outcome, outcomes } from './scripts.ts';
export { type Simulator, startSimulator } from './simulator.ts';
