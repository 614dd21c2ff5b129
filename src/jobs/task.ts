// What a task is: the work behind a job's name. Features bring their tasks, src/tasks.ts lists them.

import type { Db } from '../db/index.ts';

/** What a task is given besides its payload. */
export type Job = {
  db: Db;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Aborts when the process stops, or when it can no longer be sure to be the only one at this job. */
  signal: AbortSignal;
  /** Whether this is the last try: afterwards the job is given up. */
  last: boolean;
};

/**
 * Work in the background. One that throws, or whose process dies, is run again with the same payload, so it must be fine
 * to run twice; never two at once for one job.
 */
export type Task = (payload: unknown, job: Job) => Promise<void>;

/** The tasks of an installation by name, and which of them run by the clock. */
export type Tasks = {
  tasks: Readonly<Record<string, Task>>;
  /** In the syntax of cron, in UTC: `17 3 * * *` is a quarter past three. */
  clock?: readonly { task: string; match: string }[];
};
