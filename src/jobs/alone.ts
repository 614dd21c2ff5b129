// One process at a job: an advisory lock on a connection of its own tells the living from the dead. graphile-worker
// itself takes a job of a process that died for running until four hours have passed. Called by runner.ts.

import { type Db, jobLock, newClient } from '../db/index.ts';

/** Runs `work` while nobody else runs the job; throws at once where somebody does. */
export async function alone<T>(db: Db, jobId: number, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
  const client = await newClient(db, { application_name: 'carillon job' });
  const lost = new AbortController();
  client.once('end', () => lost.abort(new Error('the connection that guards the job has ended')));
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1, $2) as locked',
      jobLock(jobId),
    );
    if (!rows[0]!.locked) throw new Error('another process is at this job');
    return await work(lost.signal);
  } finally {
    client.removeAllListeners('end');
    await client.end();
  }
}

/** How long a job may be taken without its lock: between the two lies a connection that is opened. */
const graceSeconds = 15;

/** Gives jobs of processes that died back to the queue. Returns how many runners there were of which all are gone. */
export async function releaseDead(db: Db): Promise<number> {
  const [first] = jobLock(0);
  const { rows } = await db.pool.query<{ dead: string[] }>(
    `with dead as (
       select locked_by from graphile_worker.jobs j
       where locked_by is not null
       group by locked_by
       having max(locked_at) < now() - make_interval(secs => ${graceSeconds})
         and not bool_or(exists (
           select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 2
             and l.classid = ${first} and l.objid = (j.id & 2147483647)::integer::oid
             and l.database = (select oid from pg_database where datname = current_database())))
     )
     select coalesce(array_agg(locked_by), '{}') as dead from dead`,
  );
  const { dead } = rows[0]!;
  if (dead.length === 0) return 0;
  // A death is no failure of the job's own: where it took the last try, there is another.
  await db.pool.query(
    `update graphile_worker._private_jobs set attempts = max_attempts - 1
     where locked_by = any($1::text[]) and attempts >= max_attempts`,
    [dead],
  );
  await db.pool.query('select graphile_worker.force_unlock_workers($1::text[])', [dead]);
  return dead.length;
}

/** The longest wait before another try; the queue's own grows to hours, and most failures are outages that end. */
const longestWait = `interval '30 seconds'`;

/** Lets no job that failed wait longer than that for its next try. */
export async function hastenFailed(db: Db): Promise<void> {
  await db.pool.query(
    `select graphile_worker.reschedule_jobs(array_agg(id), run_at := now() + ${longestWait})
     from graphile_worker.jobs
     where locked_at is null and attempts between 1 and max_attempts - 1 and run_at > now() + ${longestWait}
     having count(*) > 0`,
  );
}
