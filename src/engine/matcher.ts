// Finds the message of each delivery receipt, journals it, and acknowledges it to the operator once it is durable.
//
// A receipt looks for its message: in memory among recent submissions; in the table `submission`, for older ones and
// for those of other processes; then it waits a moment, because a receipt may overtake the response to its submit_sm,
// also of another process; then in the table again, in every notation of its id; and last it is kept in
// `orphan_receipt`, from where a later look may still match it. None is dropped, and each is acknowledged only when
// it is durable somewhere. What makes it surely its message is in recent.ts (`speaksOf`).

import type pg from 'pg';
import { receiptErrorBase, Status } from '../messages/index.ts';
import { type Connector, clockMs, elapsedMs, type SmscAccount } from '../operators/index.ts';
import { type ClientSession, type Deliver, EsmClass } from '../smpp/index.ts';
import { findSubmissions } from './find.ts';
import { Journal, type JournalMetrics } from './journal.ts';
import type { Log } from './log.ts';
import { foldId, idLimit, noted } from './notation.ts';
import { keepOrphans, takeOrphans } from './orphans.ts';
import type { Part } from './part.ts';
import { commitArrivals } from './receipts.ts';
import { type Naming, notationsOf, Recent, speaksOf } from './recent.ts';
import { numberIn } from './recipient.ts';

/** A receipt on its way. */
export type Arrival = Naming & {
  readonly connector: Connector<Part>;
  readonly session: ClientSession<Part> | null;
  readonly sequence: number;
  readonly source: string;
  readonly destination: string;
  readonly status: number;
  readonly error: number;
  messageId: number;
  /** -1 for a message of one part. */
  part: number;
  /** The operator's id as the table has it, once the message is known. */
  smscId: string;
  /** When it stops to wait, and when it is looked for next; 0: it has not been looked for. */
  waitsUntil: number;
  lookAt: number;
};

/** The message state that a receipt's word means; null where it changes nothing. SMPP 3.4 section 5.2.28. */
const statusOf: Record<string, number | null> = {
  DELIVRD: Status.delivered,
  EXPIRED: Status.expired,
  UNDELIV: Status.undelivered,
  REJECTD: Status.undelivered,
  DELETED: Status.undelivered,
  UNKNOWN: Status.unknown,
  ACCEPTD: Status.accepted,
  ENROUTE: null,
  SCHEDULED: null,
};

/** How long a receipt waits for the response that it may have overtaken. */
const waitMs = 2000;
/**
 * How often waiting receipts are looked at, and orphans once more. A receipt is looked for when it has waited that long,
 * then twice as long and so on: another process commits the submission a moment later.
 */
const waitTickMs = 250;
const orphanTickMs = 10_000;
/** How many unknown ids one look-up takes. */
const lookUpLimit = 2000;

/** Where receipts found their messages, since the start. */
export type MatcherCounts = {
  /** In memory, in the table, and after they had waited. */
  memory: number;
  table: number;
  waited: number;
  /** Nowhere: kept as orphans; and orphans that found their message later. */
  orphaned: number;
  rescued: number;
  /** Look-ups that failed, and were tried again. */
  lookUpsFailed: number;
};

export type MatcherOptions = {
  pool: pg.Pool;
  connect(): Promise<pg.Client>;
  slot: number;
  log: Log;
  /** Called after receipts became durable. */
  changed(): void;
  /** Takes a deliver_sm that is no receipt, and acknowledges it. */
  inbound(connector: Connector<Part>, session: ClientSession<Part>, deliver: Deliver): void;
};

export class Matcher {
  readonly counts: MatcherCounts = {
    memory: 0,
    table: 0,
    waited: 0,
    orphaned: 0,
    rescued: 0,
    lookUpsFailed: 0,
  };
  readonly #options: MatcherOptions;
  readonly #journal: Journal<Arrival>;
  /** By the id of the operator; operators that are one account share one. */
  #recent = new Map<number, Recent>();
  #accounts = new Map<number, SmscAccount>();
  readonly #waiting = new Map<string, Arrival[]>();
  #unknown: Arrival[] = [];
  #lookingUp: Promise<void> | null = null;
  #timers: NodeJS.Timeout[] = [];
  #busy = false;
  #orphansSeen = 0;
  #stopped = false;

  constructor(options: MatcherOptions) {
    this.#options = options;
    this.#journal = new Journal<Arrival>({
      name: 'receipts',
      connect: options.connect,
      commit: (client, group) => commitArrivals(client, group, options.slot),
      committed: (group) => {
        this.#acknowledge(group);
        options.changed();
      },
      log: options.log,
    });
  }

  start(): void {
    this.#timers.push(setInterval(() => this.#expire(false), waitTickMs));
    this.#timers.push(setInterval(() => void this.#matchOrphans(), orphanTickMs));
  }

  /** Receipts that are not durable yet. */
  get backlog(): number {
    return this.#journal.backlog + this.#unknown.length;
  }

  /** What its journal did. */
  get journal(): JournalMetrics {
    return this.#journal.metrics();
  }

  /** Ids whose receipts wait for their response. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Learns which operators there are, and which of them are one account. */
  use(accounts: readonly SmscAccount[]): void {
    const before = this.#recent;
    this.#recent = new Map();
    this.#accounts = new Map();
    for (const account of accounts) {
      this.#accounts.set(account.id, account);
      const shared = this.#recent.get(account.siblings[0]!) ?? before.get(account.id) ?? new Recent();
      this.#recent.set(account.id, shared);
    }
  }

  /** Remembers what the operator called a part, before its submission is durable. */
  submitted(part: Part, connectorId: number): void {
    this.#recentOf(connectorId).set(part);
    if (this.#waiting.size === 0) return;
    const key = this.#waitingKey(connectorId, foldId(part.smscId));
    const arrivals = this.#waiting.get(key);
    if (arrivals === undefined) return;
    const own = arrivals.filter((arrival) => speaksOf(arrival, part.smscId, part.phone, 'same'));
    if (own.length === 0) return;
    const others = arrivals.filter((arrival) => !own.includes(arrival));
    if (others.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, others);
    this.counts.waited += own.length;
    part.early = part.early === null ? own : [...part.early, ...own];
  }

  /** The part's submission is durable: its receipts may be journalled. */
  committed(part: Part): void {
    part.committed = true;
    if (part.early === null) return;
    for (const arrival of part.early) this.#matched(arrival, part);
    part.early = null;
  }

  /** Takes the deliver_sm of one chunk. */
  arrived(connector: Connector<Part>, session: ClientSession<Part>, deliveries: readonly Deliver[]): void {
    const nothing: number[] = [];
    const { counts } = connector;
    const now = clockMs();
    let unreadable = 0;
    const recent = this.#recentOf(connector.id);
    const format = connector.config.messageIdFormat;
    for (const delivery of deliveries) {
      const { sequence, source, destination, receipt, esmClass } = delivery;
      if (receipt === null) {
        if ((esmClass & EsmClass.messageTypeMask) !== EsmClass.deliveryReceipt) {
          counts.inbound++;
          this.#options.inbound(connector, session, delivery);
          continue;
        }
        unreadable++;
      }
      const status = receipt === null ? null : statusOf[receipt.state];
      if (receipt === null || status === null || status === undefined) {
        nothing.push(sequence);
        if (receipt !== null) counts.receipts[0]!++;
        continue;
      }
      counts.receipts[status]!++;
      const arrival: Arrival = {
        connector,
        session,
        sequence,
        named: receipt.id.length > idLimit ? receipt.id.slice(0, idLimit) : receipt.id,
        format,
        fromTlv: receipt.fromTlv,
        source,
        destination,
        phone: numberIn(source),
        other: numberIn(destination),
        status,
        error: receipt.error === null || receipt.error === 0 ? 0 : receiptErrorBase + receipt.error,
        messageId: 0,
        part: -1,
        smscId: '',
        waitsUntil: 0,
        lookAt: 0,
      };
      const part = recent.find(arrival);
      if (part === undefined) {
        this.#unknown.push(arrival);
      } else {
        this.counts.memory++;
        counts.receiptMs.add(elapsedMs(part.writtenAt, now));
        this.#belongs(arrival, part);
      }
    }
    if (nothing.length > 0) session.acknowledge(nothing);
    const operator = connector.config.name;
    if (unreadable > 0) {
      this.#options.log.warn({ operator, receipts: unreadable }, 'receipts without an id or a state');
    }
    if (this.#unknown.length > 0 && this.#lookingUp === null) this.#lookingUp = this.#lookUp();
  }

  /** Makes everything durable that has arrived: what still waits for its message becomes an orphan. */
  async drain(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await this.#lookingUp;
    this.#expire(true);
    await this.#lookingUp;
    await this.#journal.idle();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#journal.stop();
  }

  #recentOf(connectorId: number): Recent {
    let recent = this.#recent.get(connectorId);
    if (recent === undefined) {
      recent = new Recent();
      this.#recent.set(connectorId, recent);
    }
    return recent;
  }

  #belongs(arrival: Arrival, part: Part): void {
    if (part.committed) this.#matched(arrival, part);
    else if (part.early === null) part.early = [arrival];
    else part.early.push(arrival);
  }

  #matched(arrival: Arrival, part: Part): void {
    arrival.messageId = part.messageId;
    arrival.part = part.whole === null ? -1 : part.index;
    arrival.smscId = part.whole === null ? part.smscId : foldId(part.smscId);
    if (arrival.status !== Status.accepted) this.#recentOf(arrival.connector.id).forget(part);
    this.#journal.add(arrival);
  }

  #acknowledge(group: readonly Arrival[]): void {
    const bySession = new Map<ClientSession<Part>, number[]>();
    for (const { session, sequence } of group) {
      if (session === null) continue;
      const sequences = bySession.get(session);
      if (sequences === undefined) bySession.set(session, [sequence]);
      else sequences.push(sequence);
    }
    for (const [session, sequences] of bySession) session.acknowledge(sequences);
  }

  // One look-up at a time takes whatever has gathered. What fails for want of a database stays and is tried again.
  async #lookUp(): Promise<void> {
    while (this.#unknown.length > 0 && !this.#stopped) {
      const group = this.#unknown.splice(0, lookUpLimit);
      try {
        const missing = await this.#match(group, false);
        const now = performance.now();
        const again: Arrival[] = [];
        for (const arrival of missing) {
          if (arrival.waitsUntil === 0 || arrival.waitsUntil > now) this.#wait(arrival, now);
          else again.push(arrival);
        }
        if (again.length > 0) await this.#orphan(await this.#match(again, true));
      } catch (error) {
        this.counts.lookUpsFailed++;
        this.#options.log.warn(
          { err: error, operator: group[0]!.connector.config.name, receipts: group.length },
          'receipts not looked up, trying again',
        );
        this.#unknown.push(...group.filter((a) => a.messageId === 0));
        await new Promise((resolve) => setTimeout(resolve, waitTickMs));
      }
    }
    this.#lookingUp = null;
  }

  // Journals those that are found and returns the others.
  async #match(group: readonly Arrival[], guess: boolean): Promise<Arrival[]> {
    const missing: Arrival[] = [];
    const found = await findSubmissions(
      this.#options.pool,
      group.map((receipt) => ({
        receipt,
        connectorIds: this.#siblings(receipt.connector.id),
        usual: this.#recentOf(receipt.connector.id).notation,
      })),
      guess,
    );
    group.forEach((arrival, i) => {
      const submission = found[i];
      if (submission === undefined) {
        missing.push(arrival);
        return;
      }
      arrival.messageId = submission.messageId;
      arrival.part = submission.part;
      arrival.smscId = submission.smscId;
      if (arrival.waitsUntil === 0) this.counts.table++;
      else this.counts.waited++;
      // The next ones are found without a wait.
      if (!arrival.fromTlv) this.#recentOf(arrival.connector.id).notation = submission.notation;
      this.#journal.add(arrival);
    });
    return missing;
  }

  #siblings(connectorId: number): readonly number[] {
    return this.#accounts.get(connectorId)?.siblings ?? [connectorId];
  }

  #waitingKey(connectorId: number, id: string): string {
    return `${this.#siblings(connectorId)[0]}:${id}`;
  }

  #wait(arrival: Arrival, now: number): void {
    // Its response may have come while the table was asked.
    const recent = this.#recentOf(arrival.connector.id);
    const part = recent.find(arrival);
    if (part !== undefined) {
      this.counts.waited++;
      this.#belongs(arrival, part);
      return;
    }
    if (arrival.waitsUntil === 0) arrival.waitsUntil = now + waitMs;
    const waited = now - (arrival.waitsUntil - waitMs);
    arrival.lookAt = Math.min(arrival.waitsUntil, now + Math.max(waitTickMs, waited));
    const folded = foldId(arrival.named);
    const [usual = 'same'] = notationsOf(arrival, recent.notation);
    const key = this.#waitingKey(arrival.connector.id, noted(folded, usual) ?? folded);
    const others = this.#waiting.get(key);
    if (others === undefined) this.#waiting.set(key, [arrival]);
    else others.push(arrival);
  }

  #expire(all: boolean): void {
    if (this.#waiting.size === 0) return;
    const now = performance.now();
    for (const [key, arrivals] of this.#waiting) {
      if (all) for (const arrival of arrivals) arrival.waitsUntil = now;
      else if (arrivals[0]!.lookAt > now) continue;
      this.#waiting.delete(key);
      this.#unknown.push(...arrivals);
    }
    if (this.#unknown.length > 0 && this.#lookingUp === null) this.#lookingUp = this.#lookUp();
  }

  async #orphan(arrivals: readonly Arrival[]): Promise<void> {
    if (arrivals.length === 0) return;
    await keepOrphans(this.#options.pool, arrivals);
    this.counts.orphaned += arrivals.length;
    this.#options.log.warn(
      {
        operator: arrivals[0]!.connector.config.name,
        receipts: arrivals.length,
        example: arrivals[0]!.named,
      },
      'receipts for ids that no response named: kept as orphans',
    );
    this.#acknowledge(arrivals);
  }

  async #matchOrphans(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const accounts = [...this.#accounts.values()];
      const { matched, seen } = await takeOrphans(
        this.#options.pool,
        accounts,
        this.#orphansSeen,
        this.#options.slot,
      );
      this.#orphansSeen = seen;
      this.counts.rescued += matched;
      if (matched > 0) this.#options.log.info({ receipts: matched }, 'orphan receipts found their messages');
    } catch (error) {
      this.#options.log.warn({ err: error }, 'orphan receipts not looked at, trying again');
    }
    this.#busy = false;
  }
}
