// The engine of one process: composes dispatcher, matcher, connectors and leases, and keeps the clocks that wake
// them. Started by app.ts for the role `dispatch`; several processes on one database share the work.
//
//   refresh  on NOTIFY carillon_work, or twice a second: starts due campaigns, finds campaigns with batches to claim,
//            lets go of paused and stopped ones and of those to where it is quiet; and when the next campaign is due.
//   cancel   after a refresh: cancels what stopped and rejected campaigns had left.
//   feed     whenever lanes run low: claims and reads ahead; completes and gives back batches.
//   renew    three times a lease: renews all leases and learns which batches are lost.
//   keep     every few seconds: frees the batches of dead dispatchers, times out receipts, takes up changed operators,
//            wakes the sorter.

import { hostname } from 'node:os';
import type pg from 'pg';
import { type Db, newClient, openPool } from '../db/index.ts';
import {
  Connector,
  type ConnectorHandlers,
  loadRouting,
  OperatorCounts,
  Router,
} from '../operators/index.ts';
import { loadQuietness } from '../quiet/index.ts';
import { LoopLag } from '../tally/index.ts';
import { Dispatcher } from './dispatcher.ts';
import { aheadTarget, claimBatches, loadCampaigns, lowLanes, readAhead } from './feed.ts';
import { Inbox } from './inbox.ts';
import { Lane, type LeasedBatch } from './lane.ts';
import {
  claimToCancel,
  complete,
  disown,
  register,
  registerAgain,
  release,
  renew,
  sweepDead,
  unregister,
} from './leases.ts';
import { idsOf, type Log } from './log.ts';
import { Matcher } from './matcher.ts';
import { type EngineMetrics, operatorMetrics } from './metrics.ts';
import type { Part } from './part.ts';
import {
  accountLimits,
  campaignsToCancel,
  cancel,
  holdBatches,
  makePartitions,
  noLongerSending,
  type OpenLane,
  openLanes,
  startDue,
  timeOut,
} from './schedule.ts';
import { Sorter } from './sorter.ts';
import { Watch } from './watch.ts';

/** What the engine must be told; app.ts passes its Config. */
export type EngineConfig = { readonly leaseSeconds: number; readonly receiptGraceMinutes: number };

export type Engine = {
  /** Connects to the operators and begins to work. */
  start(): Promise<void>;
  /** Takes nothing new, lets what is on its way come to its end or its time-out, commits, and gives back the rest. */
  stop(): Promise<void>;
  /** A snapshot of everything that can be known about it, as plain values; null until it has started. */
  metrics(): Promise<EngineMetrics | null>;
};

/** The channels on which whoever makes work says so, and on which changed operators and routes are told. */
const workChannel = 'carillon_work';
const routingChannel = 'carillon_routing';
/** Without a notification, how often to look for work; with it, how long to gather notifications. */
const refreshMs = 500;
const gatherMs = 5;
const keepMs = 2000;
/** How often to see that tomorrow's partitions are there; they are made a day ahead. */
const partitionsMs = 60 * 60 * 1000;
/** How long a stop waits for windows to empty. */
const drainMs = 10_000;
const drainLookMs = 10;
/** And then for the database to take what is known. */
const commitMs = 10_000;
/** Housekeeping connections: one each for feeding, marks, look-ups, and the rest. */
const poolSize = 4;
/** How much of a lease may pass since its last renewal before nothing more is written. */
const safePart = 0.8;

// Plans of the hot statements must not depend on statistics of tables that grow by the million: nested loops over
// the primary keys, always. Planned once per connection.
const hotOptions =
  '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off';

/** Counter slots: 0 belongs to the API; each dispatcher takes three of the 30,000 after it. */
const slotTriples = 10_000;

/** Makes the engine of this process. */
export function createEngine({ db, config, log }: { db: Db; config: EngineConfig; log: Log }): Engine {
  return new Running(db, config, log);
}

class Running implements Engine {
  readonly #db: Db;
  readonly #config: EngineConfig;
  readonly #log: Log;
  readonly #pool: pg.Pool;
  #id = 0;
  #identity: pg.Client | null = null;
  #matcher!: Matcher;
  #inbox!: Inbox;
  #dispatcher!: Dispatcher;
  #sorter!: Sorter;
  #connectors = new Map<number, Connector<Part>>();
  #routing = '';
  #operatorsUsed: Promise<void> = Promise.resolve();
  /** Connectors whose operator was changed or taken away, until what they sent is answered. */
  #retiring = new Set<Connector<Part>>();
  /** By operator; kept when the connector is replaced. */
  readonly #operatorCounts = new Map<number, OperatorCounts>();
  readonly #watch = new Watch();
  readonly #lag = new LoopLag();
  #routingChanged = false;
  #timers: NodeJS.Timeout[] = [];
  #gather: NodeJS.Timeout | null = null;
  #loops = new Set<Promise<void>>();
  #feeding = false;
  #feedAgain = false;
  #refreshing = false;
  #refreshAgain = false;
  #cancelling = false;
  #nextDue: NodeJS.Timeout | null = null;
  #keeping = false;
  #partitionsAt = 0;
  #renewing = false;
  #renewedAt = 0;
  #strangers = new Set<number>();
  /** How many live, this one among them: they share what operators take a second. */
  #dispatchers = 1;
  #stopping = false;

  constructor(db: Db, config: EngineConfig, log: Log) {
    this.#db = db;
    this.#config = config;
    this.#log = log;
    this.#pool = openPool({ ...db.connection, options: hotOptions, max: poolSize });
  }

  async metrics(): Promise<EngineMetrics | null> {
    const dispatcher = this.#dispatcher;
    const matcher = this.#matcher;
    if (this.#renewedAt === 0) return null;
    const lanes = [...dispatcher.rotation.lanes()];
    const { takenOver, receiptTimeouts, cancelled, leasesLost, renewalsFailed, deadDispatchers } =
      this.#watch;
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return {
      dispatcher: this.#id,
      stopping: this.#stopping,
      counts: { ...dispatcher.counts },
      ...{ takenOver, receiptTimeouts, cancelled, deadDispatchers },
      lanes: lanes.length,
      readAhead: lanes.reduce((n, lane) => n + lane.length, 0),
      ...dispatcher.postponed,
      leases: {
        held: dispatcher.held.size,
        lost: leasesLost,
        renewalsFailed,
        ageSeconds: (performance.now() - this.#renewedAt) / 1000,
        hold: this.#leaseHolds(),
      },
      listening: this.#identity !== null,
      receipts: { ...matcher.counts, waiting: matcher.waiting, backlog: matcher.backlog },
      operators: [...this.#connectors.values()].map((connector) => {
        const before = [...this.#retiring].filter(({ id }) => id === connector.id);
        return operatorMetrics([connector, ...before], connector.counts);
      }),
      journals: [dispatcher.journal, matcher.journal, this.#inbox.journal],
      pool: { total: totalCount, idle: idleCount, waiting: waitingCount },
      loops: this.#watch.rounds(),
      loopLag: this.#lag.snapshot(),
    };
  }

  async start(): Promise<void> {
    this.#lag.start();
    await this.#identify();
    const slots = this.#slots;
    const connect = () => newClient(this.#db, { options: hotOptions });
    this.#inbox = new Inbox({ pool: this.#pool, connect, log: this.#log });
    this.#matcher = new Matcher({
      pool: this.#pool,
      connect,
      slot: slots.receipts,
      log: this.#log,
      changed: () => this.#dispatcher.wake(),
      inbound: (...message) => this.#inbox.arrived(...message),
    });
    this.#dispatcher = new Dispatcher({
      id: this.#id,
      slot: slots.submissions,
      leaseSeconds: this.#config.leaseSeconds,
      pool: this.#pool,
      connect,
      matcher: this.#matcher,
      log: this.#log,
      hungry: () => this.#feedSoon(),
      leaseHolds: () => this.#leaseHolds(),
    });
    this.#sorter = new Sorter({
      pool: this.#pool,
      backlog: () => this.#dispatcher.backlog + this.#dispatcher.unresolved,
      log: this.#log,
    });
    await this.#makePartitions();
    await this.#renew();
    await this.#useOperators();
    this.#matcher.start();
    this.#inbox.start();
    this.#dispatcher.start();
    await this.#keep();
    this.#timers.push(
      setInterval(() => this.#refreshSoon(), refreshMs),
      setInterval(() => void this.#renew(), (this.#config.leaseSeconds * 1000) / 3),
      setInterval(() => void this.#keep(), keepMs),
    );
    this.#refreshSoon();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    // A start that failed may not have got that far.
    if (this.#dispatcher !== undefined) await this.#finish(this.#dispatcher);
    if (this.#identity !== null) {
      await unregister(this.#identity, this.#id).catch(() => {});
      await this.#identity.end().catch(() => {});
    }
    await this.#pool.end();
    this.#lag.stop();
  }

  async #finish(dispatcher: Dispatcher): Promise<void> {
    dispatcher.drain();
    // Leases are renewed until the end: what is on its way is still ours.
    const deadline = performance.now() + drainMs;
    const quiet = () =>
      dispatcher.quiet && [...this.#retiring].every((connector) => connector.inWindow === 0);
    while (!quiet() && performance.now() < deadline) await pause(drainLookMs);
    const connectors = [...this.#connectors.values(), ...this.#retiring];
    await Promise.all(connectors.map((connector) => connector.stop()));
    // With the database away nothing more can be written down; what is lost is below the marks, so known as uncertain.
    await within(
      commitMs,
      Promise.all([dispatcher.flush().then(() => this.#matcher.drain()), this.#inbox.drain()]),
    );
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#gather !== null) clearTimeout(this.#gather);
    if (this.#nextDue !== null) clearTimeout(this.#nextDue);
    await Promise.all([...this.#loops, this.#sorter.stop()]);
    dispatcher.drain(); // what a feed on its way has claimed meanwhile
    await this.#settleBatches().catch((error: unknown) =>
      this.#log.warn({ err: error }, 'batches not given back: their leases end by themselves'),
    );
    await dispatcher.stop();
    await this.#matcher.stop();
    await this.#inbox.stop();
  }

  // ─── who we are ───────────────────────────────────────────────────────────────────────────────────────────────

  // One connection holds the lock that shows that we live, and hears of new work.
  async #identify(): Promise<void> {
    const client = await newClient(this.#db);
    try {
      if (this.#id === 0) this.#id = await register(client, hostname(), process.pid);
      else await registerAgain(client, this.#id, hostname(), process.pid);
      await client.query(`listen ${workChannel}`);
      await client.query(`listen ${routingChannel}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    client.on('notification', ({ channel }) => {
      if (channel === routingChannel) this.#routingChanged = true;
      this.#refreshSoon();
    });
    client.once('end', () => {
      if (this.#identity !== client || this.#stopping) return;
      this.#identity = null;
      this.#log.warn({ dispatcher: this.#id }, 'database connection lost, connecting again');
    });
    this.#identity = client;
  }

  // This dispatcher's counter slots: each is written by one at a time, so that nobody waits for another's commit.
  get #slots(): { submissions: number; receipts: number; housekeeping: number } {
    const first = 1 + (this.#id % slotTriples) * 3;
    return { submissions: first, receipts: first + 1, housekeeping: first + 2 };
  }

  #leaseHolds(): boolean {
    return performance.now() - this.#renewedAt < this.#config.leaseSeconds * 1000 * safePart;
  }

  async #renew(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    this.#watch.busy('renew');
    try {
      const asked = performance.now();
      const ours = await renew(this.#pool, this.#id, this.#config.leaseSeconds);
      const held = this.#dispatcher.held;
      for (const [firstId, batch] of held) {
        // Claimed after the question was asked, it is not in the answer.
        if (!ours.has(firstId) && batch.claimedAt < asked) {
          this.#watch.leasesLost++;
          this.#log.warn({ campaign: batch.campaign.id, batch: firstId }, 'lease lost to another dispatcher');
          this.#dispatcher.dropBatch(batch);
        }
      }
      this.#renewedAt = asked;
      // Ours by the table and unknown here, twice in a row: the answer to a claim was lost with its connection.
      const strangers = [...ours].filter((id) => !held.has(id) && !this.#dispatcher.ending(id));
      const lost = strangers.filter((id) => this.#strangers.has(id));
      this.#strangers = new Set(strangers);
      if (lost.length > 0) await disown(this.#pool, lost, this.#id);
      this.#dispatcher.wake();
    } catch (error) {
      this.#watch.renewalsFailed++;
      this.#log.warn({ err: error, dispatcher: this.#id }, 'leases not renewed');
    }
    this.#watch.idle('renew');
    this.#renewing = false;
  }

  // ─── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────

  #refreshSoon(): void {
    if (this.#stopping || this.#gather !== null) return;
    this.#gather = setTimeout(() => {
      this.#gather = null;
      this.#track(this.#refresh());
    }, gatherMs);
  }

  async #refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#refreshAgain = true;
      return;
    }
    this.#refreshing = true;
    try {
      do {
        this.#refreshAgain = false;
        this.#watch.busy('refresh');
        // First, so that a campaign that was created after a route finds it.
        if (this.#routingChanged) {
          this.#routingChanged = false;
          await this.#useOperators();
        }
        const { more, nextInMs, now, dispatchers } = await startDue(this.#pool);
        this.#dispatchers = Math.max(1, dispatchers);
        for (const connector of this.#connectors.values()) connector.share(this.#dispatchers);
        if (more) this.#refreshAgain = true;
        this.#refreshAt(nextInMs);
        await this.#closeLanes();
        await this.#closeQuiet(now);
        await this.#openLanes();
        this.#cancelSoon();
      } while (this.#refreshAgain && !this.#stopping);
    } catch (error) {
      this.#log.warn({ err: error, dispatcher: this.#id }, 'work not looked for, trying again');
    }
    this.#watch.idle('refresh');
    this.#refreshing = false;
  }

  // The next campaign is due before the next refresh: one more, at that very time.
  #refreshAt(inMs: number | null): void {
    if (this.#nextDue !== null) clearTimeout(this.#nextDue);
    this.#nextDue = null;
    if (inMs === null || inMs >= refreshMs || this.#stopping) return;
    this.#nextDue = setTimeout(() => this.#refreshSoon(), Math.ceil(inMs));
  }

  async #openLanes(): Promise<void> {
    const { rotation } = this.#dispatcher;
    const open = await openLanes(this.#pool);
    const fresh: OpenLane[] = [];
    const accounts = new Set<number>();
    for (const { campaign } of rotation.lanes()) accounts.add(campaign.accountId);
    for (const one of open) {
      accounts.add(one.accountId);
      const lane = rotation.get(one.campaignId, one.route);
      if (lane === undefined) fresh.push(one);
      else lane.dry = false;
    }
    if (accounts.size > 0) {
      const limits = await accountLimits(this.#pool, [...accounts]);
      rotation.limit(
        limits.map(({ accountId, perSecond, dispatchers }) => ({
          accountId,
          perSecond: perSecond / Math.max(1, dispatchers),
        })),
      );
    }
    // The lanes of a campaign share what is known of it.
    const known = (id: number) => rotation.lanesOf(id)[0]?.campaign;
    const unknown = new Set(fresh.map(({ campaignId }) => campaignId).filter((id) => !known(id)));
    const loaded = unknown.size > 0 ? await loadCampaigns(this.#pool, [...unknown]) : [];
    const byId = new Map(loaded.map((campaign) => [campaign.id, campaign]));
    for (const { campaignId, route } of fresh) {
      const campaign = known(campaignId) ?? byId.get(campaignId);
      if (campaign !== undefined && !this.#stopping) rotation.add(new Lane(campaign, route));
    }
    if (open.length > 0) this.#feedSoon();
  }

  async #closeLanes(): Promise<void> {
    const campaigns = new Set<number>();
    for (const lane of this.#dispatcher.rotation.lanes()) campaigns.add(lane.campaign.id);
    for (const batch of this.#dispatcher.held.values()) campaigns.add(batch.campaign.id);
    if (campaigns.size === 0) return;
    for (const id of await noLongerSending(this.#pool, [...campaigns])) this.#dispatcher.dropCampaign(id);
  }

  // It has become quiet where held batches go: they are given back, and what is read and not taken stays.
  async #closeQuiet(now: Date): Promise<void> {
    const batches = [...this.#dispatcher.held.values()].filter((b) => b.country !== null && !b.closing);
    if (batches.length === 0) return;
    const until = await loadQuietness(this.#pool, [...new Set(batches.map((b) => b.campaign.accountId))]);
    for (const batch of batches) {
      const { campaign, country } = batch;
      const end = country === null ? undefined : until(campaign.accountId, country, now);
      if (country === null || end === undefined || batch.lost) continue;
      await holdBatches(this.#pool, [{ campaignId: campaign.id, country, until: end }]);
      this.#dispatcher.closeBatch(batch);
    }
  }

  // Beside the refreshes: a campaign of a million that is cancelled must not delay the pause of another.
  #cancelSoon(): void {
    if (this.#cancelling || this.#stopping) return;
    this.#cancelling = true;
    this.#track(this.#cancelStopped());
  }

  async #cancelStopped(): Promise<void> {
    this.#watch.busy('cancel');
    try {
      await this.#settleBatches();
      while (!this.#stopping) {
        this.#watch.busy('cancel');
        const campaigns = await campaignsToCancel(this.#pool);
        if (campaigns.length === 0) break;
        const claims = await claimToCancel(this.#pool, campaigns, this.#id, this.#config.leaseSeconds);
        if (claims.length === 0) break;
        const messages = await cancel(this.#pool, claims, this.#slots.housekeeping);
        await complete(this.#pool, claims, this.#config.receiptGraceMinutes);
        this.#watch.cancelled += messages;
        this.#log.info({ campaigns, messages }, 'messages of stopped campaigns cancelled');
      }
    } catch (error) {
      this.#log.warn({ err: error, dispatcher: this.#id }, 'stopped campaigns not cancelled, trying again');
    }
    this.#watch.idle('cancel');
    this.#cancelling = false;
  }

  #feedSoon(): void {
    if (this.#feeding) {
      this.#feedAgain = true;
      return;
    }
    this.#feeding = true;
    this.#track(this.#feed());
  }

  async #feed(): Promise<void> {
    try {
      do {
        this.#feedAgain = false;
        this.#watch.busy('feed');
        await this.#settleBatches();
        if (this.#stopping) break;
        const { rotation } = this.#dispatcher;
        const lanes = [...rotation.lanes()];
        const low = lowLanes(lanes);
        const { claimed, uncertain } = await claimBatches(
          this.#pool,
          low,
          this.#id,
          this.#config.leaseSeconds,
          this.#slots.housekeeping,
        );
        // Held before anything is read of them, which may fail.
        for (const batch of claimed) this.#dispatcher.hold(batch);
        for (const { campaignId, firstId, messages, policy } of uncertain) {
          this.#dispatcher.counts.uncertain += messages;
          this.#watch.takenOver += messages;
          this.#log.warn(
            { campaign: campaignId, batch: firstId, messages, cause: 'takeover', policy },
            'messages perhaps sent by a dispatcher that is gone',
          );
        }
        const { read, ended } = await readAhead(this.#pool, low, aheadTarget(lanes.length));
        for (const batch of ended) this.#dispatcher.check(batch);
        for (const lane of [...rotation.lanes()]) {
          if (lane.dry && lane.reading === null && lane.length === 0) rotation.remove(lane);
        }
        if (read > 0) this.#dispatcher.wake();
        if (claimed.length > 0) this.#feedAgain = true;
      } while (this.#feedAgain);
    } catch (error) {
      const campaigns = idsOf([...this.#dispatcher.rotation.lanes()].map(({ campaign }) => campaign.id));
      this.#log.warn({ err: error, campaigns }, 'messages not read ahead, trying again');
    }
    this.#watch.idle('feed');
    this.#feeding = false;
  }

  // Completes and gives back the batches that the dispatcher is done with.
  async #settleBatches(): Promise<void> {
    const { ended, closed } = this.#dispatcher;
    const done = ended.splice(0);
    const back = closed.splice(0);
    try {
      if (done.length > 0) {
        const ended = await complete(this.#pool, done.map(asMark), this.#config.receiptGraceMinutes);
        done.length = 0;
        if (ended.length > 0) {
          this.#log.info({ campaigns: idsOf(ended), count: ended.length }, 'every message has left: done');
        }
      }
      if (back.length > 0) await release(this.#pool, back.map(asMark), this.#id);
    } catch (error) {
      ended.push(...done);
      closed.push(...back);
      throw error;
    }
  }

  async #keep(): Promise<void> {
    if (this.#keeping || this.#stopping) return;
    this.#keeping = true;
    this.#watch.busy('keep');
    try {
      if (this.#identity === null) await this.#identify();
      if (Date.now() - this.#partitionsAt >= partitionsMs) await this.#makePartitions();
      const dead = await sweepDead(this.#pool);
      if (dead > 0) {
        this.#watch.deadDispatchers += dead;
        this.#log.warn({ dispatcher: this.#id, dispatchers: dead }, 'took over from dead dispatchers');
        this.#refreshSoon();
      }
      await this.#useOperators();
      let closed = 1;
      while (closed > 0 && !this.#stopping) {
        this.#watch.busy('keep');
        const { batches, messages, campaigns } = await timeOut(this.#pool, this.#slots.housekeeping);
        this.#watch.receiptTimeouts += messages;
        if (messages > 0) this.#log.info({ campaigns, batches, messages }, 'no receipt in time: unknown');
        closed = batches;
      }
      // A failed feed or completion is tried again here at the latest.
      this.#feedSoon();
      this.#sorter.wake();
    } catch (error) {
      this.#log.warn({ err: error, dispatcher: this.#id }, 'housekeeping failed, trying again');
    }
    this.#watch.idle('keep');
    this.#keeping = false;
  }

  async #makePartitions(): Promise<void> {
    await makePartitions(this.#pool);
    this.#partitionsAt = Date.now();
  }

  // Takes up operators and routes as they are in the database now; one after the other, so that an older answer
  // never replaces a newer one.
  #useOperators(): Promise<void> {
    const used = this.#operatorsUsed.then(() => this.#loadOperators());
    this.#operatorsUsed = used.catch(() => {});
    return used;
  }

  async #loadOperators(): Promise<void> {
    const { operators, routes, accounts } = await loadRouting(this.#db);
    const routing = JSON.stringify([operators, routes, accounts]);
    if (routing === this.#routing || this.#stopping) return;
    const kept = new Map<number, Connector<Part>>();
    const gone = new Set(this.#connectors.values());
    for (const config of operators) {
      const old = this.#connectors.get(config.id);
      if (old !== undefined && JSON.stringify(old.config) === JSON.stringify(config)) {
        kept.set(config.id, old);
        gone.delete(old);
      } else {
        const connector = new Connector<Part>(config, this.#handlers(), this.#countsOf(config.id));
        connector.share(this.#dispatchers);
        kept.set(config.id, connector);
      }
    }
    const fresh = [...kept.values()].filter((connector) => this.#connectors.get(connector.id) !== connector);
    this.#connectors = kept;
    this.#routing = routing;
    this.#matcher.use(accounts);
    this.#dispatcher.use([...kept.values()], new Router(routes, [...kept.values()]));
    for (const connector of fresh) connector.start();
    for (const connector of gone) {
      this.#retiring.add(connector);
      void connector.retire().then(() => this.#retiring.delete(connector));
    }
  }

  #countsOf(operatorId: number): OperatorCounts {
    let counts = this.#operatorCounts.get(operatorId);
    if (counts === undefined) {
      counts = new OperatorCounts();
      this.#operatorCounts.set(operatorId, counts);
    }
    return counts;
  }

  #handlers(): ConnectorHandlers<Part> {
    const dispatcher = this.#dispatcher;
    const matcher = this.#matcher;
    return {
      answered: (connector, parts, statuses, ids) => dispatcher.answered(connector, parts, statuses, ids),
      delivered: (connector, session, deliveries) => matcher.arrived(connector, session, deliveries),
      unanswered: (connector, parts, cause) => dispatcher.unanswered(connector, parts, cause),
      late: (connector, parts, ids) => dispatcher.late(connector, parts, ids),
      returned: (connector, parts) => dispatcher.returned(connector, parts),
      changed: () => dispatcher.wake(),
      mayWrite: () => this.#leaseHolds(),
      log: (level, message, fields) => this.#log[level](fields, message),
    };
  }

  #track(loop: Promise<void>): void {
    this.#loops.add(loop);
    void loop.finally(() => this.#loops.delete(loop));
  }
}

function asMark(batch: LeasedBatch) {
  return {
    campaignId: batch.campaign.id,
    firstId: batch.firstId,
    fence: batch.fence,
    upto: batch.markToRelease,
  };
}

/** Waits for work to end, but not longer than this. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
