// Runs jobs: takes them from the queue, one of several at a time, and gives back those of processes that died. Started
// by app.ts in processes with the role `jobs`.

import { EventEmitter } from 'node:events';
import {
  type JobHelpers,
  Logger,
  parseCronItems,
  run,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import type { Db } from '../db/index.ts';
import { alone, hastenFailed, releaseDead } from './alone.ts';
import type { Job, Task, Tasks } from './task.ts';

/** Jobs that a process runs at once: two, so that a long one does not keep a short one waiting. */
const concurrency = 2;
/** How often jobs of dead processes are looked for. */
const releaseEveryMs = 15_000;

export type JobsOptions = Tasks & {
  db: Db;
  /** Told when jobs can be run no more, such as after a long time without a database. */
  failed?(error: Error): void;
  log: Job['log'] & { error(fields: object, message: string): void };
};

export type Jobs = {
  /** Takes no more jobs, and gives those that run back to the queue. */
  stop(): Promise<void>;
};

/** Starts to run jobs, until it is stopped. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { db, log, clock = [] } = options;
  const release = async () => {
    await hastenFailed(db);
    const runners = await releaseDead(db);
    if (runners > 0) log.warn({ runners }, 'jobs of processes that died are run again');
  };
  await release();

  const stopping = new AbortController();
  const running = new Map<string, Promise<unknown>>();
  let pool = '';
  const events: WorkerEvents = new EventEmitter();
  events.once('pool:create', ({ workerPool }) => {
    pool = workerPool.id;
  });
  const runner = await run({
    pgPool: db.pool,
    events,
    concurrency,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    taskList: listed(options, stopping.signal, running),
    parsedCronItems: parseCronItems(clock.map(({ task, match }) => ({ task, match }))),
  });
  const ended = runner.promise.then(
    () => null,
    (error: Error) => error,
  );
  ended.then((error) => {
    if (stopping.signal.aborted) return;
    log.error({ err: error }, 'background jobs have ended');
    options.failed?.(error ?? new Error('background jobs have ended'));
  });
  const timer = setInterval(() => {
    release().catch((err) => log.warn({ err }, 'jobs of dead processes could not be looked for'));
  }, releaseEveryMs);
  timer.unref();

  async function stop(): Promise<void> {
    clearInterval(timer);
    stopping.abort(new Error('the process stops'));
    const interrupted = [...running.keys()];
    await Promise.allSettled(running.values());
    await runner.stop();
    await ended;
    // What was interrupted is begun again by the next process, at once.
    await db.pool.query('select graphile_worker.force_unlock_workers($1::text[])', [[pool]]);
    await db.pool.query('select graphile_worker.reschedule_jobs($1::bigint[], run_at := now())', [
      interrupted,
    ]);
  }
  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

// The tasks as the queue calls them: alone at their job, noted while they run, told when they should end.
function listed(
  { db, log, tasks }: JobsOptions,
  stopping: AbortSignal,
  running: Map<string, Promise<unknown>>,
): TaskList {
  const asListed =
    (name: string, task: Task) =>
    async (payload: unknown, { job }: JobHelpers) => {
      const last = job.attempts >= job.max_attempts;
      const work = alone(db, Number(job.id), (lost) =>
        task(payload, { db, log, signal: AbortSignal.any([stopping, lost]), last }),
      );
      running.set(job.id, work);
      try {
        await work;
      } catch (err) {
        const about = { err, job: job.id, task: name, attempt: job.attempts };
        if (!stopping.aborted)
          log.warn(about, last ? 'a job failed for good' : 'a job failed and is tried again');
        throw err;
      } finally {
        running.delete(job.id);
      }
    };
  return Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, asListed(name, task)]));
}
