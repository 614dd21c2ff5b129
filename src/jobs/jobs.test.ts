import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atEnd } from '../../test/support/at-end.ts';
import { testDatabase } from '../../test/support/database.ts';
import { waitFor } from '../../test/support/index.ts';
import { transaction } from '../db/index.ts';
import { hastenFailed, releaseDead } from './alone.ts';
import { addJob, startJobs, type Task } from './index.ts';

const log = { info() {}, warn() {}, error() {} };

test('a job runs once its transaction is committed, and never if it is rolled back', async (t) => {
  const db = await testDatabase(t);
  const seen: unknown[] = [];
  const jobs = await startJobs({ db, log, tasks: { note: async (payload) => void seen.push(payload) } });
  atEnd(t, () => jobs.stop());
  await assert.rejects(
    transaction(db, async (client) => {
      await addJob(client, 'note', { n: 1 });
      throw new Error('rolled back');
    }),
  );
  await transaction(db, (client) => addJob(client, 'note', { n: 2 }));
  await waitFor(() => seen.length > 0);
  assert.deepEqual(seen, [{ n: 2 }]);
  await waitFor(async () => (await left(db)) === 0);
});

test('a job that fails is tried again, and the last try knows that it is', async (t) => {
  const db = await testDatabase(t);
  const tries: boolean[] = [];
  const fails: Task = async (_payload, job) => {
    tries.push(job.last);
    throw new Error('no');
  };
  const jobs = await startJobs({ db, log, tasks: { fails } });
  atEnd(t, () => jobs.stop());
  await addJob(db.pool, 'fails', {}, { tries: 2 });
  await waitFor(async () => {
    // The pause before another try is for outages; the test does not wait for it.
    await db.pool.query(`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs
      where locked_at is null and attempts < max_attempts), run_at := now())`);
    return tries.length === 2;
  });
  assert.deepEqual(tries, [false, true]);
});

test('a job of a process that died is run by another; one that is at work is left alone', async (t) => {
  const db = await testDatabase(t);
  let finish = () => {};
  const begun = Promise.withResolvers<void>();
  let runs = 0;
  const long: Task = async () => {
    runs += 1;
    begun.resolve();
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  };
  const jobs = await startJobs({ db, log, tasks: { long } });
  atEnd(t, () => jobs.stop());
  await addJob(db.pool, 'long', {});
  await begun.promise;
  const age = () =>
    db.pool.query(`update graphile_worker._private_jobs set locked_at = now() - interval '1 minute'`);
  await age();
  assert.equal(await releaseDead(db), 0);
  finish();
  await waitFor(async () => (await left(db)) === 0);
  assert.equal(runs, 1);

  // What a process that was killed leaves behind: a job that is taken, and no lock.
  await jobs.stop();
  await addJob(db.pool, 'long', {});
  await db.pool.query(
    `update graphile_worker._private_jobs set locked_at = now() - interval '1 minute', locked_by = 'dead', attempts = max_attempts`,
  );
  const others = await startJobs({ db, log, tasks: { long } });
  atEnd(t, () => others.stop());
  await waitFor(() => runs === 2);
  finish();
  await waitFor(async () => (await left(db)) === 0);
});

test('a stop gives the running job back, and the next start takes it up', async (t) => {
  const db = await testDatabase(t);
  const begun = Promise.withResolvers<void>();
  const stops: Task = (_payload, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      begun.resolve();
    });
  const jobs = await startJobs({ db, log, tasks: { work: stops } });
  await addJob(db.pool, 'work', {});
  await begun.promise;
  await jobs.stop();
  const again = Promise.withResolvers<void>();
  const next = await startJobs({ db, log, tasks: { work: async () => again.resolve() } });
  atEnd(t, () => next.stop());
  await again.promise;
});

test('a job that failed waits half a minute for its next try, not hours; one that failed for good waits for ever', async (t) => {
  const db = await testDatabase(t);
  for (const task of ['failed', 'fresh', 'over']) await addJob(db.pool, task, {}, { tries: 5 });
  await db.pool.query(`update graphile_worker._private_jobs set run_at = now() + interval '1 hour'`);
  const attempts = async (task: string, n: number) =>
    db.pool.query(
      `update graphile_worker._private_jobs set attempts = $2
       where id = (select id from graphile_worker.jobs where task_identifier = $1)`,
      [task, n],
    );
  await attempts('failed', 3);
  await attempts('over', 5);
  await hastenFailed(db);
  const { rows } = await db.pool.query(
    `select task_identifier as task from graphile_worker.jobs where run_at <= now() + interval '31 seconds'`,
  );
  assert.deepEqual(rows, [{ task: 'failed' }]);
});

async function left(db: Awaited<ReturnType<typeof testDatabase>>): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>('select count(*) as n from graphile_worker.jobs');
  return rows[0]!.n;
}
