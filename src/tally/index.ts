// The door of the folder: counts that a hot path can afford, read as plain values.
export { Histogram, type HistogramSnapshot } from './histogram.ts';
export { LoopLag } from './loop-lag.ts';
