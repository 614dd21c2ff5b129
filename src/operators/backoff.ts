// How long to wait before connecting to an operator again, so that one that is down or refuses us is never hammered.
// Each session's place in a connector has one.

export type BackoffLimits = {
  /** The first wait; it doubles with every failure, up to the longest. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** How long a session must have been bound before its end counts as the first failure again. */
  readonly stableAfterMs: number;
};

const usual: BackoffLimits = { firstMs: 200, longestMs: 30_000, stableAfterMs: 10_000 };

export class Backoff {
  readonly #limits: BackoffLimits;
  readonly #random: () => number;
  #failures = 0;

  constructor(limits: BackoffLimits = usual, random: () => number = Math.random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether it does not wait longer any more. */
  get longest(): boolean {
    return this.#wait === this.#limits.longestMs;
  }

  /** A session ended, or did not come about; @returns how long to wait, half of it by chance */
  failed(boundForMs: number | null): number {
    if (boundForMs !== null && boundForMs > this.#limits.stableAfterMs) this.#failures = 0;
    const wait = this.#wait;
    this.#failures++;
    return wait / 2 + (this.#random() * wait) / 2;
  }

  get #wait(): number {
    return Math.min(this.#limits.longestMs, this.#limits.firstMs * 2 ** Math.min(this.#failures, 16));
  }
}
