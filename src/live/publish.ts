// What a dispatcher says of itself for the console, whatever process serves that: one statement every two seconds.
// Started by app.ts in every process that sends.

import type { Db } from '../db/index.ts';
import type { EngineMetrics, OperatorMetrics } from '../engine/index.ts';

/** How often, and for how long it is believed. */
export const publishMs = 2_000;
export const believedSeconds = 10;

/** Counts that only grow, and how fast they grew since the snapshot before, per second. */
export type Rates = Record<'submitted' | 'accepted' | 'throttled' | 'refused' | 'receipts', number>;

export type Snapshot = {
  stopping: boolean;
  lanes: number;
  readAhead: number;
  retries: number;
  leases: number;
  loopLagMs: number;
  operators: (Omit<OperatorMetrics, 'responseSeconds' | 'receiptSeconds'> & { rates: Rates })[];
};

/** Publishes until it is stopped; a failure is told to `failed` and mended by the next time. */
export function startPublishing(
  db: Db,
  ask: () => Promise<EngineMetrics | null>,
  failed: (error: unknown) => void,
): { stop(): Promise<void> } {
  let before: { at: number; metrics: EngineMetrics } | null = null;
  let running: Promise<void> | null = null;

  async function publish(): Promise<void> {
    const metrics = await ask();
    if (metrics === null) return;
    const at = performance.now();
    const snapshot = snapshotOf(metrics, before?.metrics ?? null, (at - (before?.at ?? 0)) / 1000);
    before = { at, metrics };
    await insertSnapshot(db, metrics.dispatcher, snapshot);
  }

  const timer = setInterval(() => {
    // A slow database is not asked twice.
    running ??= publish()
      .catch(failed)
      .finally(() => {
        running = null;
      });
  }, publishMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** A snapshot as it is published: with rates since the one before, without histograms. */
export function snapshotOf(now: EngineMetrics, before: EngineMetrics | null, seconds: number): Snapshot {
  return {
    stopping: now.stopping,
    lanes: now.lanes,
    readAhead: now.readAhead,
    retries: now.retries,
    leases: now.leases.held,
    loopLagMs: meanLag(now, before),
    operators: now.operators.map(({ responseSeconds, receiptSeconds, ...operator }) => ({
      ...operator,
      rates: ratesOf(
        operator,
        before?.operators.find(({ name }) => name === operator.name),
        seconds,
      ),
    })),
  };
}

type Counted = Pick<OperatorMetrics, 'written' | 'answers' | 'receipts'>;

function totals({ written, answers, receipts }: Counted): Rates {
  const { accepted, throttled, refused } = answers;
  return { submitted: written, accepted, throttled, refused, receipts: sum(receipts) };
}

function ratesOf(now: Counted, before: Counted | undefined, seconds: number): Rates {
  const [last, first] = [totals(now), before === undefined ? undefined : totals(before)];
  const rate = (name: keyof Rates) =>
    first === undefined ? 0 : Math.max(0, Math.round(((last[name] - first[name]) / seconds) * 10) / 10);
  return {
    submitted: rate('submitted'),
    accepted: rate('accepted'),
    throttled: rate('throttled'),
    refused: rate('refused'),
    receipts: rate('receipts'),
  };
}

/** How late timers of the engine were since the snapshot before, on average. */
function meanLag(now: EngineMetrics, before: EngineMetrics | null): number {
  const times = sum(now.loopLag.counts) - sum(before?.loopLag.counts ?? []);
  const lag = now.loopLag.sum - (before?.loopLag.sum ?? 0);
  return times <= 0 ? 0 : Math.round((lag / times) * 10_000) / 10;
}

export function sum(counts: Record<string, number> | readonly number[]): number {
  return Object.values(counts).reduce((total, n) => total + n, 0);
}

/** Replaces what a dispatcher said, and forgets those that said nothing for a minute. */
async function insertSnapshot(db: Db, dispatcher: number, snapshot: Snapshot): Promise<void> {
  await db.pool.query({
    name: 'publish-dispatcher',
    text: `with forgotten as (
        delete from dispatcher_live where at < now() - interval '1 minute' and dispatcher <> $1
      )
      insert into dispatcher_live (dispatcher, snapshot) values ($1, $2)
      on conflict (dispatcher) do update set at = now(), snapshot = excluded.snapshot`,
    values: [dispatcher, JSON.stringify(snapshot)],
  });
}

export type Published = {
  id: number;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date | null;
  alive: boolean;
  snapshot: Snapshot | null;
};

/** Every dispatcher that there is, with what it said last. */
export async function selectPublished(db: Db): Promise<Published[]> {
  const { rows } = await db.pool.query<Published>({
    name: 'select-published',
    text: `select d.id, d.host, d.pid, d.started_at as "startedAt", l.at as "seenAt", l.snapshot,
        coalesce(l.at > now() - $1 * interval '1 second', false) as alive
      from dispatcher d left join dispatcher_live l on l.dispatcher = d.id order by d.id`,
    values: [believedSeconds],
  });
  return rows;
}
