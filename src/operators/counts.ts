// What was exchanged with one operator since this process started. Its connectors and the engine count into it by plain
// increments; src/metrics reads it. It outlives the connector, which is replaced when the operator's settings change.

import { Histogram } from '../tally/index.ts';

/** Bounds from 1 ms to 65 s: beyond the longest response time-out that makes sense. */
const responseBounds = { first: 1, count: 17 };
/** Bounds from 64 ms to 37 hours; receipts may take as long as the validity. */
const receiptBounds = { first: 64, count: 22 };

/** A moment in whole milliseconds that fits into 32 bits, for differences: wraps after 24 days, and they stay right. */
export function clockMs(): number {
  return performance.now() | 0;
}

/** The milliseconds from one `clockMs` to a later one. */
export function elapsedMs(from: number, to: number): number {
  return (to - from) | 0;
}

export class OperatorCounts {
  /** submit_sm written to a socket; a long message is several. */
  written = 0;
  /** What became of them: answers by verdict, or none. */
  accepted = 0;
  refused = 0;
  temporary = 0;
  throttled = 0;
  timedOut = 0;
  disconnected = 0;
  /** Sessions that were bound and ended otherwise than by our own unbind. */
  sessionsLost = 0;
  /** Receipts by the state that they name (src/messages/status.ts); 0: one that changes nothing. */
  readonly receipts: number[] = new Array(9).fill(0);
  /** Messages from subscribers. */
  inbound = 0;
  /** From the write of a submit_sm to its response. */
  readonly responseMs = new Histogram(responseBounds.first, responseBounds.count);
  /** From the write of a submit_sm to a receipt for it, where the submit_sm is still in memory. */
  readonly receiptMs = new Histogram(receiptBounds.first, receiptBounds.count);

  /** Responses came; neighbours that were written together are counted together. */
  responded(parts: readonly { writtenAt: number }[], now: number): void {
    for (let i = 0; i < parts.length; ) {
      const { writtenAt } = parts[i]!;
      const first = i;
      while (i < parts.length && parts[i]!.writtenAt === writtenAt) i++;
      this.responseMs.add(elapsedMs(writtenAt, now), i - first);
    }
  }
}
