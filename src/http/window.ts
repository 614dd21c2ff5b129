// Counts what happens per name in spans of time, to slow down who does too much of it. One per process and purpose:
// several processes of the API allow as many times the limit. Used by authentication.ts and by the login.

/** More names than one process meets within a span; beyond it counting starts anew. */
const maxNames = 100_000;

export class Window {
  readonly #spanMs: number;
  readonly #now: () => number;
  readonly #counts = new Map<string, { until: number; n: number }>();

  /** Counts in spans of `spanMs`, each of which begins with the first event after the last. `now` is in ms. */
  constructor(spanMs: number, now: () => number = () => performance.now()) {
    this.#spanMs = spanMs;
    this.#now = now;
  }

  /** Counts an event. Returns 0, or where there were `limit` of them already, the seconds until the span ends. */
  take(name: string, limit: number): number {
    const wait = this.wait(name, limit);
    if (wait > 0) return wait;
    const now = this.#now();
    const span = this.#counts.get(name);
    if (span !== undefined && span.until > now) {
      span.n += 1;
      return 0;
    }
    if (this.#counts.size >= maxNames) this.#counts.clear();
    this.#counts.set(name, { until: now + this.#spanMs, n: 1 });
    return 0;
  }

  /** The seconds until another event is allowed; 0: now. */
  wait(name: string, limit: number): number {
    const span = this.#counts.get(name);
    const left = span === undefined ? 0 : span.until - this.#now();
    if (span === undefined || left <= 0 || span.n < limit) return 0;
    return Math.ceil(left / 1000);
  }
}
