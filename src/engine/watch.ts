// What the engine knows about itself beside its counts of messages: which of its loops is at work and since when, and
// how its leases fared. The engine notes it with plain assignments; metrics.ts reads it.

/** The engine's loops, as its file describes them. */
export type LoopName = 'refresh' | 'cancel' | 'feed' | 'renew' | 'keep';

export class Watch {
  /** Messages of batches that another dispatcher had left, perhaps sent. */
  takenOver = 0;
  /** Messages whose receipt did not come in time. */
  receiptTimeouts = 0;
  /** Messages of stopped and rejected campaigns. */
  cancelled = 0;
  leasesLost = 0;
  renewalsFailed = 0;
  deadDispatchers = 0;
  readonly #busySince = new Map<LoopName, number>();

  /** A loop began, or goes into its next round. */
  busy(loop: LoopName): void {
    this.#busySince.set(loop, performance.now());
  }

  /** A loop is at its end until it is woken again. */
  idle(loop: LoopName): void {
    this.#busySince.delete(loop);
  }

  /** How many seconds each loop has been in its present round; 0 where it rests. */
  rounds(): Record<LoopName, number> {
    const now = performance.now();
    const seconds = (loop: LoopName) => {
      const since = this.#busySince.get(loop);
      return since === undefined ? 0 : (now - since) / 1000;
    };
    return {
      refresh: seconds('refresh'),
      cancel: seconds('cancel'),
      feed: seconds('feed'),
      renew: seconds('renew'),
      keep: seconds('keep'),
    };
  }
}
