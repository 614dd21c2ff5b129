// The limit of submits a second. Used by simulation.ts.

/** A limit forgives a burst of this part of a second. */
const burst = 0.1;

export class Allowance {
  readonly #perSecond: number | null;
  #left: number;
  #at = performance.now();

  /** null: no limit. */
  constructor(perSecond: number | null) {
    this.#perSecond = perSecond;
    this.#left = (perSecond ?? 0) * burst;
  }

  /** Counts the time until `now`, a performance.now(). */
  refill(now: number): void {
    if (this.#perSecond === null) return;
    const more = (this.#perSecond * (now - this.#at)) / 1000;
    this.#left = Math.min(Math.max(1, this.#perSecond * burst), this.#left + more);
    this.#at = now;
  }

  /** Takes one; false where there is none. */
  take(): boolean {
    if (this.#perSecond === null) return true;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
