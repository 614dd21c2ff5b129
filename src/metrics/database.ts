// What only the database knows, over all processes: what is queued, what waits, what the doctor last found. Asked when
// Prometheus asks, kept a few seconds, and never by counting messages.

import type { Db } from '../db/index.ts';
import { byKey, type Family, gauge } from './family.ts';

export type DatabaseMetrics = {
  /** Campaigns that are not at their end, and their queued messages, by status; `stopping`: being cancelled. */
  campaigns: Record<string, number>;
  queued: Record<string, number>;
  /** How long the campaign that should have started first has been due. */
  lateSeconds: number;
  dispatchers: number;
  orphans: number;
  doctor: { at: number; errors: number; warnings: number } | null;
};

/** Statuses that are always shown, so that a graph has a zero instead of a gap. */
const statuses = ['moderation', 'scheduled', 'sending', 'paused', 'stopping'];

/** Beyond it orphans are not counted: the number is bad enough. */
const orphanLimit = 100_000;

// Every branch of `open` has an index of its own that holds open campaigns only, and a queue is the sum of a handful of
// counters of each: a million sent messages cost nothing here, a thousand scheduled campaigns some milliseconds.
const sql = `
with open as materialized (
  select id, status from campaign where status = 'scheduled'
  union all select id, status from campaign where status in ('sending', 'paused')
  union all select id, 'stopping' from campaign where status in ('stopped', 'spam') and open_batches > 0
  union all select c.id, c.status from moderation_case k join campaign c on c.id = k.campaign_id
    where k.decided_at is null and c.status = 'moderation'
),
queue as (
  select o.status, count(*) as campaigns, coalesce(sum(q.n), 0)::bigint as queued
  from open o left join lateral (
    select sum(n) as n from campaign_count where campaign_id = o.id and status = 0
  ) as q on true
  group by o.status
)
select
  (select coalesce(json_object_agg(status, campaigns), '{}') from queue) as campaigns,
  (select coalesce(json_object_agg(status, queued), '{}') from queue) as queued,
  (select greatest(0, extract(epoch from now() - min(start_at)))::float8 from campaign where status = 'scheduled')
    as late,
  (select count(*) from dispatcher) as dispatchers,
  (select count(*) from (select from orphan_receipt limit ${orphanLimit}) as o) as orphans,
  (select json_build_object('at', extract(epoch from at), 'errors', errors, 'warnings', warnings)
   from doctor_run order by id desc limit 1) as doctor`;

/** Asks the database. */
export async function readDatabaseMetrics(db: Db): Promise<DatabaseMetrics> {
  const { rows } = await db.pool.query(sql);
  const { campaigns, queued, late, dispatchers, orphans, doctor } = rows[0];
  const zeros = Object.fromEntries(statuses.map((status) => [status, 0]));
  return {
    campaigns: { ...zeros, ...campaigns },
    queued: { ...zeros, ...queued },
    lateSeconds: late ?? 0,
    ...{ dispatchers, orphans, doctor },
  };
}

/** The same from every process of an installation: take the maximum, not the sum. */
export const databaseFamilies: readonly Family<DatabaseMetrics>[] = [
  gauge('carillon_campaigns', 'Campaigns that are not at their end', (d) => byKey('status', d.campaigns)),
  gauge('carillon_queue_messages', 'Messages that have not left, by what their campaign does', (d) =>
    byKey('status', d.queued),
  ),
  gauge(
    'carillon_campaign_late_seconds',
    'How long the first scheduled campaign has been due',
    (d) => d.lateSeconds,
  ),
  gauge('carillon_dispatchers', 'Processes that send', (d) => d.dispatchers),
  gauge('carillon_orphan_receipts', `Receipts without a message, up to ${orphanLimit}`, (d) => d.orphans),
  gauge('carillon_doctor_last_run_timestamp_seconds', 'When carillon doctor last ran', (d) =>
    d.doctor === null ? [] : d.doctor.at,
  ),
  gauge('carillon_doctor_breaches', 'Invariants that carillon doctor found broken', (d) =>
    d.doctor === null ? [] : byKey('severity', { error: d.doctor.errors, warning: d.doctor.warnings }),
  ),
];
