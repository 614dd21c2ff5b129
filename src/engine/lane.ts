// What one dispatcher holds of a campaign: its content, its leased batches, and the messages read ahead, in a lane for
// each of its routes. Whose turn it is says rotation.ts.

import type { SubmitTemplate } from '../smpp/index.ts';
import type { Claim } from './leases.ts';

/** A campaign that this dispatcher works on. */
export type Campaign = {
  readonly id: number;
  readonly accountId: number;
  readonly sender: string;
  readonly text: string;
  readonly test: boolean;
  readonly validitySeconds: number;
  readonly uncertain: 'resend' | 'unknown';
  /** The operator that its messages are meant for; null: the routes decide. */
  readonly operatorId: number | null;
  /** The submit_sm bodies of the campaign's own text. */
  readonly templates: SubmitTemplate[];
};

/** A message read ahead. */
export type Row = {
  readonly id: number;
  readonly phone: number;
  readonly sender: string | null;
  readonly text: string | null;
  readonly batch: LeasedBatch;
  /** The submit_sm bodies of its own text or sender, once it was looked at. */
  templates: SubmitTemplate[] | null;
};

/** A batch that this dispatcher holds. Ids of messages go up: read (cursor) before marked (mark). */
export class LeasedBatch {
  readonly campaign: Campaign;
  readonly firstId: number;
  readonly lastId: number;
  /** Of which lane of its campaign it is. */
  readonly route: string;
  readonly fence: number;
  /** The one country of its messages, where its campaign respects quiet hours. */
  readonly country: string | null;
  /** Messages up to here were perhaps sent by the one who held the batch before; they stay so until they are resolved. */
  readonly inherited: number;
  /** No message beyond it was handed to a connector. */
  mark: number;
  /** The last id that was read. */
  cursor: number;
  /** Messages read and not yet taken. */
  ahead = 0;
  /** Parts taken whose outcome is not committed. */
  unresolved = 0;
  /** Every message of the batch was read. */
  readAll = false;
  /** Another dispatcher has it now, or this one gives it up: nothing more of it may be written. */
  lost = false;
  /** To be given back as soon as nothing is unresolved: its campaign may not send, or it is quiet at its numbers. */
  closing = false;
  /** When it is given back: the lowest message that was taken and surely not written … */
  unsent = Number.POSITIVE_INFINITY;
  /** … and the highest that was perhaps sent. */
  perhapsSent = 0;
  /** On the monotonic clock; a renewal that was asked for before it says nothing of this batch. */
  readonly claimedAt = performance.now();

  constructor(
    campaign: Campaign,
    { firstId, lastId, route, fence, uncertainUpto, country }: Omit<Claim, 'campaignId' | 'at'>,
  ) {
    this.campaign = campaign;
    this.firstId = firstId;
    this.lastId = lastId;
    this.route = route;
    this.fence = fence;
    this.country = country;
    this.inherited = uncertainUpto;
    this.mark = uncertainUpto;
    this.cursor = firstId - 1;
  }

  /** Every message that was taken has its outcome. */
  get allResolved(): boolean {
    return this.unresolved === 0 && this.unsent === Number.POSITIVE_INFINITY && this.perhapsSent === 0;
  }

  /** The mark to give it back with: as low as possible, so that the next one takes the fewest for uncertain. */
  get markToRelease(): number {
    return Math.max(this.inherited, this.perhapsSent, Math.min(this.mark, this.unsent - 1));
  }
}

/**
 * The messages of one campaign and one route that were read ahead, in the order of their ids. They leave in that order,
 * since a batch has one mark; lanes do not wait for each other (docs/decisions/0007-lanes-by-route.md).
 */
export class Lane {
  readonly campaign: Campaign;
  readonly route: string;
  /** The batch that is being read, if it is not read to its end. */
  reading: LeasedBatch | null = null;
  /** Nothing was left to claim at the last try. */
  dry = false;
  /** When it was last read for, on the monotonic clock; a new one comes first. */
  fedAt = 0;
  #rows: Row[] = [];
  #head = 0;

  constructor(campaign: Campaign, route: string) {
    this.campaign = campaign;
    this.route = route;
  }

  /** How many messages are ready to be taken. */
  get length(): number {
    return this.#rows.length - this.#head;
  }

  append(rows: readonly Row[]): void {
    for (const row of rows) this.#rows.push(row);
  }

  peek(): Row | undefined {
    return this.#rows[this.#head];
  }

  shift(): void {
    this.#head++;
    if (this.#head === this.#rows.length || this.#head > 4096) {
      this.#rows = this.#rows.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Forgets what was read ahead of one batch. */
  drop(batch: LeasedBatch): void {
    this.#rows = this.#rows.slice(this.#head).filter((row) => row.batch !== batch);
    this.#head = 0;
    if (batch.ahead > 0) batch.readAll = false;
    batch.ahead = 0;
  }

  /** Forgets what was read ahead. */
  clear(): void {
    for (let i = this.#head; i < this.#rows.length; i++) {
      const { batch } = this.#rows[i]!;
      batch.ahead--;
      batch.readAll = false;
    }
    this.#rows = [];
    this.#head = 0;
  }
}
