// Keeps what an examination found, for monitoring. Called by `carillon doctor`.
import type { Db } from '../db/index.ts';
import type { Examination } from './index.ts';

/** How many runs are kept: a year of one a day. */
const kept = 366;

/** Writes down how many invariants were broken, and how long the examination took. */
export async function recordExamination(db: Db, { breaches }: Examination, seconds: number): Promise<void> {
  const errors = breaches.filter(({ severity }) => severity === 'error').length;
  await db.pool.query(
    'insert into doctor_run (seconds, errors, warnings, breaches) values ($1, $2, $3, $4)',
    [seconds, errors, breaches.length - errors, JSON.stringify(breaches)],
  );
  await db.pool.query('delete from doctor_run where id <= (select max(id) from doctor_run) - $1', [kept]);
}
