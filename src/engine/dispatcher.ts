// The dispatcher: takes messages from the lanes in turn, marks them, hands them to their operators' connectors, and
// writes down the answers. One per process.
//
// A message's way through it:
//
//   lane ──take──▶ step ──mark (durable)──▶ connector ──answer──▶ journal ──commit──▶ resolved
//                                              ▲            │
//                                              └── later ───┘  throttled, temporary error, unanswered, operator gone
//
// take    picks by rotation as many messages as the connectors want (step.ts); they are counted as unresolved from here
//         on, so that what is below the marks without a committed outcome stays within each session's in_flight_limit.
// mark    one statement moves the marks of all batches of the step; a batch that is no longer ours is dropped.
// answer  sent, refused, or to be tried later; see answers.ts.
// commit  outcomes of many batches in one transaction; then receipts that came early are journalled, and batches
//         whose messages have all left the queue are completed.

import type pg from 'pg';
import { Reason, Status } from '../messages/index.ts';
import type { Connector, Router } from '../operators/index.ts';
import { verdictOf } from './answers.ts';
import { Journal, type JournalMetrics } from './journal.ts';
import type { Lane, LeasedBatch } from './lane.ts';
import { type Mark, mark } from './leases.ts';
import { idsOf, type Log } from './log.ts';
import type { Matcher } from './matcher.ts';
import { idLimit } from './notation.ts';
import { type Part, undecided } from './part.ts';
import { Rotation } from './rotation.ts';
import { type Step, takeStep } from './step.ts';
import { commitSubmissions, submissionGroup } from './submissions.ts';
import { logUncertain } from './uncertain.ts';
import { Waiting } from './waiting.ts';

/** Receipts and outcomes that may wait for their commit before nothing more is taken. */
const backlogLimit = 20_000;
/** How often a message is tried when the operator fails for a while. */
const attemptLimit = 5;
/** How often a message may be throttled: with the longest pause of the connector, half an hour. */
const throttledLimit = 1000;
/** The largest that the column holds; a command_status that no specification knows may be larger. */
const largestError = 0x7fff_ffff;
/** How often messages without a connected operator are looked at again. */
const tickMs = 200;
/** How often an account at its limit of messages a second is looked at: within the burst that its bucket holds. */
const limitedMs = 50;

/** Counts since the start, for logs and reports. */
export type DispatcherCounts = {
  taken: number;
  sent: number;
  failed: number;
  uncertain: number;
  retried: number;
  /** Marks whose commit failed, and was tried again. */
  marksFailed: number;
};

export type DispatcherOptions = {
  id: number;
  slot: number;
  leaseSeconds: number;
  /** Housekeeping connections. */
  pool: pg.Pool;
  /** Opens a connection for a journal. */
  connect(): Promise<pg.Client>;
  matcher: Matcher;
  log: Log;
  /** Lanes run low, or batches ended. */
  hungry(): void;
  /** Whether the lease of this process surely still holds. */
  leaseHolds(): boolean;
};

export class Dispatcher {
  readonly rotation = new Rotation();
  readonly counts: DispatcherCounts = {
    taken: 0,
    sent: 0,
    failed: 0,
    uncertain: 0,
    retried: 0,
    marksFailed: 0,
  };
  /** Every batch that is held, by its first id. */
  readonly held = new Map<number, LeasedBatch>();
  /** Batches that can be completed, and batches to be given back; the keeper of the leases takes them. */
  readonly ended: LeasedBatch[] = [];
  readonly closed: LeasedBatch[] = [];
  readonly #options: DispatcherOptions;
  readonly #journal: Journal<Part>;
  #router: Router<Connector<Part>> | null = null;
  #connectors: readonly Connector<Part>[] = [];
  /** Parts below the mark that wait for an operator or for their next try. */
  readonly #waiting = new Waiting();
  /** Parts that were perhaps sent, until that is written down: only then may they be sent again. */
  readonly #unlogged = new Set<readonly Part[]>();
  #marking = false;
  #pumpAgain = false;
  #scheduled = false;
  #draining = false;
  #stopped = false;
  #timer: NodeJS.Timeout | null = null;
  #limitedTimer: NodeJS.Timeout | null = null;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#journal = new Journal<Part>({
      name: 'submissions',
      connect: options.connect,
      commit: async (client, group) => {
        await commitSubmissions(client, toGroup(group), options.slot);
      },
      committed: (group) => this.#committed(group),
      log: options.log,
    });
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** Uses these operators from now on. */
  use(connectors: readonly Connector<Part>[], router: Router<Connector<Part>>): void {
    this.#connectors = connectors;
    this.#router = router;
    this.wake();
  }

  /** Something may be possible now that was not: looks at the end of this turn. */
  wake(): void {
    if (this.#scheduled || this.#draining) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  /** What its journal did. */
  get journal(): JournalMetrics {
    return this.#journal.metrics();
  }

  /** Parts that wait for their next try, and parts whose operator is away. */
  get postponed(): { retries: number; homeless: number } {
    return this.#waiting.sizes;
  }

  /** Parts that are marked and not resolved. */
  get unresolved(): number {
    let n = 0;
    for (const connector of this.#connectors) n += connector.unresolved;
    return n;
  }

  /** Takes no more messages; what is on its way goes on. */
  drain(): void {
    this.#draining = true;
    for (const campaignId of new Set([...this.held.values()].map((batch) => batch.campaign.id))) {
      this.dropCampaign(campaignId);
    }
  }

  /** Whether the connectors have nothing more to write and to wait for. */
  get quiet(): boolean {
    return !this.#marking && this.#connectors.every((c) => c.waiting === 0 && c.inWindow === 0);
  }

  /** Outcomes and receipts that wait for their commit. */
  get backlog(): number {
    return this.#journal.backlog + this.#options.matcher.backlog;
  }

  /** Makes every outcome durable. Parts that still wait for a try or an operator are surely not at one: unsent. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (this.#limitedTimer !== null) clearTimeout(this.#limitedTimer);
    this.#limitedTimer = null;
    for (const parts of this.#unlogged) for (const part of parts) this.#giveUp(part);
    this.#unlogged.clear();
    for (const part of this.#waiting.all()) this.#giveUp(part);
    await this.#journal.idle();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#journal.stop();
  }

  /** The campaign may not send any more: forgets what was read and not taken, and gives its batches back. */
  dropCampaign(campaignId: number): void {
    for (const lane of [...this.rotation.lanesOf(campaignId)]) {
      lane.clear();
      lane.reading = null;
      this.rotation.remove(lane);
    }
    for (const batch of [...this.held.values()]) {
      if (batch.campaign.id !== campaignId) continue;
      batch.closing = true;
      this.check(batch);
    }
  }

  /** Another dispatcher has this batch: nothing more of it may be written, marked or completed. */
  dropBatch(batch: LeasedBatch): void {
    if (batch.lost) return;
    batch.lost = true;
    this.held.delete(batch.firstId);
    const lane = this.#laneOf(batch);
    if (lane === undefined) return;
    if (lane.reading === batch) lane.reading = null;
    lane.drop(batch);
    lane.dry = false;
  }

  /** A batch was claimed. Where its campaign was dropped meanwhile, it is given back. */
  hold(batch: LeasedBatch): void {
    // Lost, and claimed again before a renewal has shown it.
    const before = this.held.get(batch.firstId);
    if (before !== undefined) this.dropBatch(before);
    this.held.set(batch.firstId, batch);
    if (this.#laneOf(batch)?.campaign !== batch.campaign) batch.closing = true;
    if (batch.closing) this.check(batch);
  }

  /** It is quiet at the numbers of this batch: forgets what was read and not taken, and gives it back. */
  closeBatch(batch: LeasedBatch): void {
    const lane = this.#laneOf(batch);
    if (lane?.reading === batch) lane.reading = null;
    lane?.drop(batch);
    batch.closing = true;
    this.check(batch);
  }

  #laneOf({ campaign, route }: LeasedBatch): Lane | undefined {
    return this.rotation.get(campaign.id, route);
  }

  /** Whether a batch is on its way to be completed or given back. */
  ending(firstId: number): boolean {
    return this.ended.some((b) => b.firstId === firstId) || this.closed.some((b) => b.firstId === firstId);
  }

  // ─── take and mark ────────────────────────────────────────────────────────────────────────────────────────────

  #pump(): void {
    if (this.#marking) {
      this.#pumpAgain = true;
      return;
    }
    if (this.#draining || this.#router === null || !this.#options.leaseHolds()) return;
    if (this.backlog > backlogLimit) return;
    const step = this.#take(this.#router);
    if (step === null) return;
    this.#marking = true;
    void this.#mark(step).finally(() => {
      this.#marking = false;
      const again = this.#pumpAgain;
      this.#pumpAgain = false;
      if (again) this.#pump();
    });
  }

  #take(router: Router<Connector<Part>>): Step | null {
    if (this.rotation.size === 0) return null;
    const { step, limited } = takeStep(this.rotation, router, this.#connectors, performance.now());
    if (limited) this.#wakeLater();
    this.#options.hungry();
    if (step.batches.size === 0) return null;
    this.counts.taken += step.parts.length;
    return step;
  }

  async #mark(step: Step): Promise<void> {
    const { id, leaseSeconds, pool, log } = this.#options;
    const marks: Mark[] = [...step.batches].map((batch) => ({
      campaignId: batch.campaign.id,
      firstId: batch.firstId,
      fence: batch.fence,
      upto: batch.mark,
    }));
    // Until it is known whether the marks stand, nothing else is taken: giving a batch up for a broken connection
    // would make its messages on their way uncertain without need.
    let ours: Set<number> | null = null;
    while (ours === null) {
      try {
        ours = await mark(pool, marks, id, leaseSeconds);
      } catch (error) {
        if (this.#stopped) return;
        this.counts.marksFailed++;
        const campaigns = idsOf(marks.map(({ campaignId }) => campaignId));
        log.warn({ err: error, campaigns, batches: marks.length }, 'marks not committed, trying again');
        await new Promise((resolve) => setTimeout(resolve, tickMs));
      }
    }
    for (const batch of step.batches) if (!ours.has(batch.firstId)) this.dropBatch(batch);
    const perConnector = new Map<Connector<Part>, Part[]>();
    for (const part of step.parts) {
      if (part.batch.lost || part.connector === null) {
        this.#resolve(part);
        continue;
      }
      if (part.revoked) {
        this.#giveUp(part);
        continue;
      }
      pushTo(perConnector, part.connector, part);
    }
    for (const [connector, parts] of perConnector) connector.push(parts);
    for (const part of step.failed) {
      if (part.batch.lost) this.#resolve(part);
      else this.#refused(part, Reason.noRoute);
    }
  }

  // ─── answers ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** The operator answered these parts. */
  answered(
    connector: Connector<Part>,
    parts: readonly Part[],
    statuses: readonly number[],
    smscIds: readonly string[],
  ): void {
    const { counts } = connector;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      const status = statuses[i]!;
      // Sent again, and then told that the first one had arrived: whatever becomes of the second.
      if (part.taken && status !== 0) {
        this.#outcome(part, Status.sent, 0);
        continue;
      }
      switch (verdictOf(status)) {
        case 'sent':
          counts.accepted++;
          part.smscId = smscIds[i]!.slice(0, idLimit);
          this.#outcome(part, Status.sent, 0);
          this.#options.matcher.submitted(part, connector.id);
          break;
        case 'later':
          counts.throttled++;
          connector.slowDown();
          if (++part.throttled > throttledLimit) this.#refused(part, status);
          else connector.retry(part);
          break;
        case 'again':
          counts.temporary++;
          this.#again(part, status);
          break;
        default:
          counts.refused++;
          this.#refused(part, status);
      }
    }
  }

  /**
   * The operator took these parts, though it said so after their time-out. What it calls them is written down, so that
   * their receipts are found; those that wait to be sent again are sent when their turn comes, without going again, and
   * those that were decided stay so.
   */
  late(connector: Connector<Part>, parts: readonly Part[], smscIds: readonly string[]): void {
    for (const [i, part] of parts.entries()) {
      part.taken = true;
      const smscId = smscIds[i]!.slice(0, idLimit);
      if (smscId !== '') {
        const aside = part.calledLate(smscId, connector);
        this.#journal.add(aside);
        this.#options.matcher.submitted(aside, connector.id);
      }
    }
  }

  /** Nobody knows whether the operator took these parts: the campaign's policy decides. */
  unanswered(_connector: Connector<Part>, parts: readonly Part[], cause: 'timeout' | 'disconnect'): void {
    // While stopping, they stay uncertain in the database, and the next dispatcher decides.
    if (this.#draining && cause === 'disconnect') {
      for (const part of parts) {
        if (part.taken) this.#outcome(part, Status.sent, 0);
        else this.#leaveUncertain(part);
      }
      return;
    }
    this.counts.uncertain += parts.length;
    const again: Part[] = [];
    for (const part of parts) {
      part.uncertain = true;
      if (part.batch.lost) this.#resolve(part);
      else if (part.taken) this.#outcome(part, Status.sent, 0);
      else if (part.batch.campaign.uncertain === 'unknown')
        this.#outcome(part, Status.timedOut, Reason.uncertain);
      else again.push(part);
    }
    this.#unlogged.add(again);
    void this.#logUncertain(parts, cause).then(() => {
      // Given up by a stop meanwhile.
      if (!this.#unlogged.delete(again)) return;
      for (const part of again) {
        if (part.batch.lost) this.#resolve(part);
        else if (part.taken) this.#outcome(part, Status.sent, 0);
        else this.#again(part, Reason.noResponse);
      }
    });
  }

  /** These parts were not written: their operator has no session left, or their batch is not ours any more. */
  returned(_connector: Connector<Part>, parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.batch.lost) this.#resolve(part);
      else if (part.taken) this.#outcome(part, Status.sent, 0);
      else if (this.#draining || part.batch.closing) this.#giveUp(part);
      else this.#waiting.homeless(part);
    }
    this.wake();
  }

  // A copy that was perhaps sent before may have been taken: then the message is not paid back.
  #refused(part: Part, error: number): void {
    this.#outcome(part, part.uncertain ? Status.timedOut : Status.failed, error);
  }

  #again(part: Part, error: number): void {
    if (++part.attempts >= attemptLimit) {
      this.#refused(part, error);
      return;
    }
    if (this.#draining || part.batch.closing) {
      this.#giveUp(part);
      return;
    }
    this.counts.retried++;
    this.#waiting.retry(part, performance.now());
  }

  #outcome(part: Part, status: number, error: number): void {
    const { whole } = part;
    if (whole === null) {
      part.status = status;
    } else {
      whole.unanswered--;
      if (status === Status.sent) {
        whole.begun = true;
        if (whole.abandoned) part.batch.perhapsSent = Math.max(part.batch.perhapsSent, part.messageId);
      }
      if (whole.decided) part.status = undecided;
      else if (status !== Status.sent || whole.unanswered === 0) {
        // Any part that is not sent decides; else the last one.
        part.status = status;
        whole.decided = true;
      }
    }
    part.error = Math.min(error, largestError);
    if (status === Status.sent) this.counts.sent++;
    else if (status === Status.failed) this.counts.failed++;
    this.#journal.add(part);
  }

  #committed(group: readonly Part[]): void {
    const { matcher } = this.#options;
    for (const part of group) {
      if (part.smscId !== '') matcher.committed(part);
      if (!part.aside) this.#resolve(part);
    }
    this.wake();
  }

  // The part's outcome is durable, or it is nobody's concern here any more.
  #resolve(part: Part): void {
    if (part.connector !== null) part.connector.unresolved--;
    part.batch.unresolved--;
    this.check(part.batch);
  }

  #giveUp(part: Part): void {
    if (part.taken) {
      this.#outcome(part, Status.sent, 0);
      return;
    }
    // A long message of which a part was written is not unsent.
    if (part.uncertain || part.begun) this.#leaveUncertain(part);
    else this.#abandon(part);
  }

  // Surely not at the operator: the batch's mark can go back below it when it is given back.
  #abandon(part: Part): void {
    if (part.whole !== null) part.whole.abandoned = true;
    part.batch.unsent = Math.min(part.batch.unsent, part.messageId);
    this.#resolve(part);
  }

  // Perhaps at the operator, and nobody will know: whoever claims the batch next finds it uncertain.
  #leaveUncertain(part: Part): void {
    part.batch.perhapsSent = Math.max(part.batch.perhapsSent, part.messageId);
    this.#resolve(part);
  }

  /** Looks whether a batch is at its end, or may be given back. */
  check(batch: LeasedBatch): void {
    if (batch.unresolved > 0 || batch.lost) return;
    if (batch.readAll && batch.ahead === 0 && batch.allResolved) {
      if (this.held.delete(batch.firstId)) this.ended.push(batch);
    } else if (batch.closing) {
      if (this.held.delete(batch.firstId)) this.closed.push(batch);
    } else {
      return;
    }
    this.#options.hungry();
  }

  // Accounts that may send only so much a second have something left again by then.
  #wakeLater(): void {
    if (this.#limitedTimer !== null) return;
    this.#limitedTimer = setTimeout(() => {
      this.#limitedTimer = null;
      this.wake();
    }, limitedMs);
  }

  // ─── later ────────────────────────────────────────────────────────────────────────────────────────────────────

  #tick(): void {
    const room = new Map(this.#connectors.map((connector) => [connector, connector.wanted()]));
    const perConnector = new Map<Connector<Part>, Part[]>();
    for (const part of this.#waiting.due(performance.now())) {
      const target = this.#reroute(part, room);
      if (target !== null) pushTo(perConnector, target, part);
    }
    for (const [connector, parts] of perConnector) connector.push(parts);
    this.wake();
  }

  // Finds an operator again for a part that is below the mark already. With its own it has its place already.
  #reroute(part: Part, room: Map<Connector<Part>, number>): Connector<Part> | null {
    const { batch, connector: own } = part;
    if (batch.lost) {
      this.#resolve(part);
      return null;
    }
    if (part.taken) {
      this.#outcome(part, Status.sent, 0);
      return null;
    }
    if (batch.closing) {
      this.#giveUp(part);
      return null;
    }
    const fits = (connector: Connector<Part>) => connector === own || (room.get(connector) ?? 0) > 0;
    const { test, operatorId } = batch.campaign;
    const target = this.#router?.choose(part.phone, test, fits, operatorId) ?? 'wait';
    if (target === 'wait') {
      this.#waiting.homeless(part);
      return null;
    }
    if (target === 'none') {
      this.#refused(part, Reason.noRoute);
      return null;
    }
    if (target !== own) {
      if (own !== null) own.unresolved--;
      target.unresolved++;
      part.connector = target;
      room.set(target, room.get(target)! - 1);
    }
    return target;
  }

  // Tries until it is written down, as nothing may be sent twice without a trace; a crash before that leaves the
  // messages below the mark, where who comes next finds them.
  async #logUncertain(parts: readonly Part[], cause: string): Promise<void> {
    const perBatch = new Map<LeasedBatch, number>();
    for (const { batch } of parts) perBatch.set(batch, (perBatch.get(batch) ?? 0) + 1);
    const { pool, log } = this.#options;
    for (const [batch, messages] of perBatch) {
      const { id, uncertain } = batch.campaign;
      log.warn(
        { campaign: id, batch: batch.firstId, messages, cause, policy: uncertain },
        'messages perhaps sent',
      );
    }
    while (!this.#stopped) {
      try {
        await logUncertain(pool, perBatch, cause);
        return;
      } catch (error) {
        if (this.#stopped) return;
        log.warn({ err: error }, 'uncertain_event not written, trying again');
        await new Promise((resolve) => setTimeout(resolve, tickMs));
      }
    }
  }
}

function pushTo<K>(map: Map<K, Part[]>, key: K, part: Part): void {
  const parts = map.get(key);
  if (parts === undefined) map.set(key, [part]);
  else parts.push(part);
}

function toGroup(parts: readonly Part[]) {
  const group = submissionGroup();
  for (const part of parts) {
    group.messageIds.push(part.messageId);
    group.statuses.push(part.status);
    group.errors.push(part.error);
    group.connectorIds.push(part.connector?.id ?? 0);
    group.parts.push(part.whole === null ? -1 : part.index);
    group.smscIds.push(part.smscId);
  }
  return group;
}
