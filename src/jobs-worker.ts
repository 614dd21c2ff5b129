// The thread of the background jobs: starts and stops them when asked. Run by jobs-thread.ts.

import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { type Db, openDatabase } from './db/index.ts';
import { type Jobs, startJobs } from './jobs/index.ts';
import type { JobsStart } from './jobs-thread.ts';
import { createLog } from './log.ts';
import { tasks } from './tasks.ts';
import { answerThread } from './thread.ts';

/** Two jobs at once with a connection or two each, and the queue itself. */
const poolSize = 8;

/** Below the engine, whose messages do not wait for an export. Not while it starts. */
const priority = 10;

const { connectionString, logLevel } = workerData as JobsStart;
let db: Db | undefined;
let jobs: Jobs | undefined;

answerThread({
  async start() {
    db = await openDatabase({ connectionString, max: poolSize });
    jobs = await startJobs({ db, log: createLog(logLevel), ...tasks });
    if (process.platform === 'linux') setPriority(priority);
  },
  async stop() {
    await jobs?.stop();
    await db?.close();
  },
});
