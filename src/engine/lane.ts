// What one dispatcher holds of a campaign: its content, its leased batches and the messages read ahead; and the fair
// rotation among campaigns and accounts.

import { Throttle } from '../operators/index.ts';
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
};

/** A batch that this dispatcher holds. Ids of messages go up: read (cursor) before marked (mark). */
export class LeasedBatch {
  readonly campaign: Campaign;
  readonly firstId: number;
  readonly lastId: number;
  readonly fence: number;
  /** The one country of its messages, where its campaign respects quiet hours. */
  readonly country: string | null;
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
    { firstId, lastId, fence, uncertainUpto, country }: Omit<Claim, 'campaignId' | 'at'>,
  ) {
    this.campaign = campaign;
    this.firstId = firstId;
    this.lastId = lastId;
    this.fence = fence;
    this.country = country;
    this.mark = uncertainUpto;
    this.cursor = firstId - 1;
  }

  /** Every message that was taken has its outcome. */
  get allResolved(): boolean {
    return this.unresolved === 0 && this.unsent === Number.POSITIVE_INFINITY && this.perhapsSent === 0;
  }

  /** The mark to give it back with: as low as possible, so that the next one takes the fewest for uncertain. */
  get markToRelease(): number {
    return Math.max(this.perhapsSent, Math.min(this.mark, this.unsent - 1));
  }
}

/** The messages of one campaign that were read ahead, in the order of their ids. */
export class Lane {
  readonly campaign: Campaign;
  /** The batch that is being read, if it is not read to its end. */
  reading: LeasedBatch | null = null;
  /** Nothing was left to claim at the last try. */
  dry = false;
  /** When it was last read for, on the monotonic clock; a new one comes first. */
  fedAt = 0;
  #rows: Row[] = [];
  #head = 0;

  constructor(campaign: Campaign) {
    this.campaign = campaign;
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

/**
 * Whose turn it is: accounts in turn, and each account's campaigns in turn, so that neither a large campaign nor an
 * account with many campaigns delays the others. A campaign that is new comes first.
 */
export class Rotation {
  readonly #accounts: { id: number; lanes: Lane[]; next: number }[] = [];
  readonly #lanes = new Map<number, Lane>();
  readonly #limits = new Map<number, { perSecond: number; bucket: Throttle }>();
  #next = 0;

  get size(): number {
    return this.#lanes.size;
  }

  get(campaignId: number): Lane | undefined {
    return this.#lanes.get(campaignId);
  }

  lanes(): Iterable<Lane> {
    return this.#lanes.values();
  }

  /** From now on these accounts send at most so many messages a second, and all others as many as they can. */
  limit(limits: readonly { accountId: number; perSecond: number }[]): void {
    const named = new Set(limits.map(({ accountId }) => accountId));
    for (const accountId of this.#limits.keys()) if (!named.has(accountId)) this.#limits.delete(accountId);
    for (const { accountId, perSecond } of limits) {
      if (this.#limits.get(accountId)?.perSecond === perSecond) continue;
      this.#limits.set(accountId, { perSecond, bucket: new Throttle(perSecond) });
    }
  }

  /** How many messages of a campaign its account may send now. */
  allowed(lane: Lane, now: number): number {
    return this.#limits.get(lane.campaign.accountId)?.bucket.available(now) ?? Number.POSITIVE_INFINITY;
  }

  /** So many were taken. */
  spend(lane: Lane, messages: number): void {
    this.#limits.get(lane.campaign.accountId)?.bucket.take(messages);
  }

  add(lane: Lane): void {
    const { id, accountId } = lane.campaign;
    this.#lanes.set(id, lane);
    const at = this.#accounts.findIndex((a) => a.id === accountId);
    if (at === -1) {
      this.#accounts.splice(this.#next, 0, { id: accountId, lanes: [lane], next: 0 });
      return;
    }
    const account = this.#accounts[at]!;
    account.lanes.splice(account.next, 0, lane);
  }

  remove(lane: Lane): void {
    if (!this.#lanes.delete(lane.campaign.id)) return;
    const at = this.#accounts.findIndex((a) => a.id === lane.campaign.accountId);
    const account = this.#accounts[at]!;
    const index = account.lanes.indexOf(lane);
    account.lanes.splice(index, 1);
    if (index < account.next) account.next--;
    if (account.lanes.length > 0) return;
    this.#accounts.splice(at, 1);
    if (at < this.#next) this.#next--;
  }

  /** The next campaign in turn, or undefined when there is none. */
  next(): Lane | undefined {
    if (this.#accounts.length === 0) return undefined;
    if (this.#next >= this.#accounts.length) this.#next = 0;
    const account = this.#accounts[this.#next++]!;
    if (account.next >= account.lanes.length) account.next = 0;
    return account.lanes[account.next++];
  }
}
