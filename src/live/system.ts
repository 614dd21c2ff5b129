// The whole installation at this moment: what is queued, who sends and how fast, the database, and what the doctor
// found. Called by the routes and the hub.

import type { Db } from '../db/index.ts';
import type { Breach } from '../doctor/index.ts';
import { formatMaybe, formatMoment } from '../http/index.ts';
import { readDatabaseMetrics } from '../metrics/index.ts';
import { version } from '../version.ts';
import { doctorRuns } from './doctor.ts';
import { type Published, selectPublished } from './publish.ts';

export type DoctorRun = {
  id: number;
  at: Date;
  seconds: number;
  errors: number;
  warnings: number;
  breaches: Breach[];
};

const shownRuns = 10;

/** Everything that the page of the system shows. */
export async function systemState(db: Db) {
  const [numbers, dispatchers, facts, runs] = await Promise.all([
    readDatabaseMetrics(db),
    selectPublished(db),
    selectFacts(db),
    selectRuns(db),
  ]);
  const { moderation = 0, scheduled = 0, sending = 0, paused = 0, stopping = 0 } = numbers.campaigns;
  const rate = (name: 'submitted' | 'receipts') =>
    round(
      dispatchers
        .flatMap(({ alive, snapshot }) => (alive ? (snapshot?.operators ?? []) : []))
        .reduce((total, { rates }) => total + rates[name], 0),
    );
  return {
    at: formatMoment(new Date()),
    version,
    queue: {
      campaigns: { moderation, scheduled, sending, paused, stopping },
      messages: Object.values(numbers.queued).reduce((total, n) => total + n, 0),
      late_seconds: round(numbers.lateSeconds),
      orphan_receipts: numbers.orphans,
    },
    rates: { submitted: rate('submitted'), receipts: rate('receipts') },
    dispatchers: dispatchers.map(dispatcherResource),
    database: facts,
    doctor: { running: doctorRuns(db), runs: runs.map((run) => ({ ...run, at: formatMoment(run.at) })) },
  };
}

function dispatcherResource({ id, host, pid, startedAt, seenAt, alive, snapshot }: Published) {
  return {
    ...{ id, host, pid, alive },
    started_at: formatMoment(startedAt),
    seen_at: formatMaybe(seenAt),
    stopping: snapshot?.stopping ?? false,
    lanes: snapshot?.lanes ?? 0,
    read_ahead: snapshot?.readAhead ?? 0,
    retries: snapshot?.retries ?? 0,
    leases: snapshot?.leases ?? 0,
    loop_lag_ms: snapshot?.loopLagMs ?? 0,
  };
}

const round = (value: number) => Math.round(value * 10) / 10;

async function selectFacts(db: Db) {
  const { rows } = await db.pool.query<{ size_bytes: number; connections: number; max_connections: number }>({
    name: 'select-database-facts',
    text: `select pg_database_size(current_database()) as size_bytes,
        (select count(*) from pg_stat_activity where datname = current_database()) as connections,
        current_setting('max_connections')::integer as max_connections`,
  });
  return rows[0]!;
}

async function selectRuns(db: Db): Promise<DoctorRun[]> {
  const { rows } = await db.pool.query<DoctorRun>(
    'select id, at, seconds, errors, warnings, breaches from doctor_run order by id desc limit $1',
    [shownRuns],
  );
  return rows;
}
