// The door of the simulator: for the command line, the demo, tests and benchmarks.

export { type Distribution, parseDistribution } from './distribution.ts';
export type { InboundText } from './inbound.ts';
export { type AddressStyle, addressStyles, type IdStyle, idStyles, type Quirks } from './quirks.ts';
export { type ReceiptForm, receiptForms } from './receipt-text.ts';
export { type Simulator, type SimulatorOptions, type SimulatorStats, startSimulator } from './simulator.ts';
