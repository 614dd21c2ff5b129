// Sorts messages by number behind the sending, a few batches at a time, for the lists that ask for that order. Woken by
// the engine's keep loop; in each process that dispatches, side by side. Nothing depends on its pace: a list finds what
// is not sorted yet by the bounds of its batches.

import type pg from 'pg';
import { sortBatches } from '../messages/index.ts';
import type { Log } from './log.ts';

/** Work on its way from which on the database is taken to be busy: sending at a tenth of the full rate has less. */
const busyBacklog = 500;
/** How long to leave a busy one alone. */
const busyMs = 100;

export type SorterOptions = {
  pool: pg.Pool;
  /** How many messages are on their way to their operators, and outcomes and receipts to their commit. */
  backlog(): number;
  log: Log;
};

export class Sorter {
  readonly #options: SorterOptions;
  #running: Promise<void> | null = null;
  #stopped = false;
  #endPause: (() => void) | null = null;

  constructor(options: SorterOptions) {
    this.#options = options;
  }

  /** Sorts until nothing waits, unless it does so already. */
  wake(): void {
    if (this.#stopped) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Lets the statement on its way come to its end and begins no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endPause?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { pool, backlog, log } = this.#options;
    try {
      while (!this.#stopped) {
        if (backlog() >= busyBacklog) {
          await this.#pause(busyMs);
          continue;
        }
        const began = performance.now();
        if ((await sortBatches(pool)) === 0) return;
        // Half of a core at most, whatever waits.
        await this.#pause(performance.now() - began);
      }
    } catch (error) {
      log.warn({ err: error }, 'messages not sorted, trying again');
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
