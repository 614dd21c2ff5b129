// How late the timers of this thread are: what every message and every request waits when its event loop is busy. The
// engine watches its thread, src/metrics the one that answers HTTP.

import { Histogram, type HistogramSnapshot } from './histogram.ts';

/** Often enough to meet a stall of a tenth of a second, seldom enough to cost nothing. */
const everyMs = 100;
/** Bounds from 1 ms to 32 s. */
const bounds = 16;

/** A timer that watches how late it is. */
export class LoopLag {
  readonly #lateMs = new Histogram(1, bounds);
  #timer: NodeJS.Timeout | null = null;
  #due = 0;

  start(): void {
    this.stop();
    this.#due = performance.now() + everyMs;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lateMs.add(now - this.#due);
      this.#due = now + everyMs;
    }, everyMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** In seconds; one value for each tenth of a second. */
  snapshot(): HistogramSnapshot {
    return this.#lateMs.snapshot(0.001);
  }
}
