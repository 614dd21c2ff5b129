// How often values of each size occurred, for distributions that are counted millions of times a minute: adding one is
// a shift and two additions, and nothing is allocated. Kept by connectors and journals, read by src/metrics.

/** A histogram as plain values, which may cross threads: counts per bucket, not cumulated. */
export type HistogramSnapshot = {
  /** The upper bound of each bucket but the last, which has none. */
  readonly bounds: readonly number[];
  /** One more than the bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
};

/** Each bound is twice the one before it, so that the bucket of a value is found without looking for it. */
export class Histogram {
  readonly #first: number;
  readonly #counts: Float64Array;
  #sum = 0;

  /**
   * @param first the upper bound of the first bucket
   * @param bounds how many bounds there are, up to 32
   */
  constructor(first: number, bounds: number) {
    this.#first = first;
    this.#counts = new Float64Array(bounds + 1);
  }

  /** Counts a value `times` times; one below zero counts as zero. */
  add(value: number, times = 1): void {
    const given = value > 0 ? value : 0;
    const units = Math.min(Math.ceil(given / this.#first), 0x7fff_ffff);
    const bucket = units <= 1 ? 0 : 32 - Math.clz32(units - 1);
    this.#counts[Math.min(bucket, this.#counts.length - 1)]! += times;
    this.#sum += given * times;
  }

  /** What was counted so far; `scale` turns the unit of the values into that of the snapshot. */
  snapshot(scale = 1): HistogramSnapshot {
    return {
      bounds: Array.from({ length: this.#counts.length - 1 }, (_, i) => this.#first * 2 ** i * scale),
      counts: [...this.#counts],
      sum: this.#sum * scale,
    };
  }
}
