// Delays for tens of thousands of messages a second with one timer: items are gathered in buckets of a few
// milliseconds, and a bucket falls due as a whole. Used by the simulator for responses and receipts.

/** The width of a bucket: delays are rounded up to it. It also sets how much leaves in one write. */
const bucketMs = 5;

/** Calls `due` for each item when its delay is over, in the order of buckets and of adding within one. */
export class Wheel<T> {
  readonly #buckets = new Map<number, T[]>();
  readonly #due: (item: T) => void;
  readonly #after: () => void;
  #timer: NodeJS.Timeout | null = null;
  #turned: number;
  #size = 0;

  /** `after` is called once whenever items fell due. */
  constructor(due: (item: T) => void, after: () => void) {
    this.#due = due;
    this.#after = after;
    this.#turned = Math.floor(performance.now() / bucketMs);
  }

  /** How many items wait for their time. */
  get size(): number {
    return this.#size;
  }

  /** Adds an item that falls due `delay` ms after `now`, which is a recent performance.now(). */
  add(item: T, now: number, delay: number): void {
    const bucket = Math.max(this.#turned + 1, Math.ceil((now + delay) / bucketMs));
    const items = this.#buckets.get(bucket);
    if (items === undefined) this.#buckets.set(bucket, [item]);
    else items.push(item);
    this.#size++;
    this.#timer ??= setInterval(() => this.#turn(), bucketMs);
  }

  /** Forgets everything. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#buckets.clear();
    this.#size = 0;
  }

  #turn(): void {
    const upTo = Math.floor(performance.now() / bucketMs);
    let any = false;
    while (this.#turned < upTo && this.#buckets.size > 0) {
      const items = this.#buckets.get(++this.#turned);
      if (items === undefined) continue;
      this.#buckets.delete(this.#turned);
      this.#size -= items.length;
      any = true;
      for (const item of items) this.#due(item);
    }
    this.#turned = upTo;
    if (any) this.#after();
    if (this.#buckets.size === 0) this.stop();
  }
}
