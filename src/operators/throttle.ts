// A token bucket for messages/s, and the pause an operator asks for when it throttles us. Pure: time comes in as
// milliseconds of a monotonic clock. Each connector has one.

/** How much of a second's allowance may leave at once: small enough that no operator sees a spike. */
const burstSeconds = 0.1;

/** The first pause after ESME_RTHROTTLED or ESME_RMSGQFUL; it doubles while they go on, up to the longest. */
const firstPauseMs = 20;
const longestPauseMs = 2000;

export class Throttle {
  #perMs = Number.POSITIVE_INFINITY;
  #burst = Number.POSITIVE_INFINITY;
  #tokens = 0;
  #at = 0;
  #pause = 0;
  #pausedUntil = 0;

  /** @param perSecond messages per second, or null for no limit */
  constructor(perSecond: number | null) {
    if (perSecond !== null) this.setRate(perSecond);
    this.#tokens = this.#burst;
  }

  /** From now on so many a second; what was saved up of a higher rate is lost. */
  setRate(perSecond: number): void {
    this.#perMs = perSecond / 1000;
    // One more than the burst, so that a slow rate does not lose the fractions between two looks.
    this.#burst = 1 + perSecond * burstSeconds;
    this.#tokens = Math.min(this.#tokens, this.#burst);
  }

  /** How many messages may leave now. */
  available(now: number): number {
    if (now < this.#pausedUntil) return 0;
    if (this.#burst === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = now;
    return Math.floor(this.#tokens);
  }

  /** Takes what has left out of the bucket. */
  take(n: number): void {
    this.#tokens -= n;
  }

  /** The operator throttles: nothing leaves for a while. Many refusals of one burst count as one. */
  refused(now: number): void {
    if (now < this.#pausedUntil) return;
    this.#pause = Math.min(longestPauseMs, this.#pause === 0 ? firstPauseMs : this.#pause * 2);
    this.#pausedUntil = now + this.#pause;
  }

  /** The operator took a message again. */
  accepted(now: number): void {
    if (this.#pause !== 0 && now >= this.#pausedUntil) this.#pause = 0;
  }

  /** Whether the operator has asked for a pause that is not over. */
  paused(now: number): boolean {
    return now < this.#pausedUntil;
  }
}
