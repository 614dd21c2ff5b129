// Counts what happens per name in spans of time, to slow down who does too much of it. Every process of an installation
// counts in the same table, so that a limit holds however many there are. Used by authentication.ts and by the login.

import type { Db } from '../db/index.ts';
import { addToCount, countOf } from './window-store.ts';

/** More full spans than one process meets at once; beyond it they are asked of the table again. */
const maxFull = 100_000;

export type WindowOptions = {
  /** What is counted, as the first part of the names in the table: purposes do not meet. */
  purpose: string;
  /** Each span begins with the first event after the last. */
  spanMs: number;
  /** A clock in ms. */
  now?: () => number;
};

export class Window {
  readonly #db: Db;
  readonly #purpose: string;
  readonly #spanMs: number;
  readonly #now: () => number;
  /** Until when which names have to wait: who goes on in vain costs the database nothing. */
  readonly #full = new Map<string, number>();

  constructor(db: Db, { purpose, spanMs, now = () => performance.now() }: WindowOptions) {
    this.#db = db;
    this.#purpose = purpose;
    this.#spanMs = spanMs;
    this.#now = now;
  }

  /** Counts an event. Gives 0, or where there were `limit` of them already, the seconds until the span ends. */
  async take(name: string, limit: number): Promise<number> {
    const known = this.known(name);
    if (known > 0) return known;
    return this.#noted(name, await addToCount(this.#db.pool, this.#named(name), this.#spanMs, limit));
  }

  /** The seconds until another event is allowed; 0: now. Counts nothing. */
  async wait(name: string, limit: number): Promise<number> {
    const known = this.known(name);
    if (known > 0) return known;
    return this.#noted(name, await countOf(this.#db.pool, this.#named(name), limit));
  }

  /** The same as far as this process knows it already: asks nobody. */
  known(name: string): number {
    const until = this.#full.get(name);
    if (until === undefined) return 0;
    const left = until - this.#now();
    if (left > 0) return seconds(left);
    this.#full.delete(name);
    return 0;
  }

  #named(name: string): string {
    return `${this.#purpose}/${name}`;
  }

  #noted(name: string, leftMs: number): number {
    if (leftMs <= 0) return 0;
    if (this.#full.size >= maxFull) this.#full.clear();
    this.#full.set(name, this.#now() + leftMs);
    return seconds(leftMs);
  }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
