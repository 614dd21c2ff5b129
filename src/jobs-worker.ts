// The thread of the background jobs: starts and stops them when asked. Run by jobs-thread.ts, which replaces it when it
// throws what nobody catches.

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
const priority = 15;

/** Before another try to start, while there is no database. */
const againMs = 1_000;

const { connectionString, logLevel } = workerData as JobsStart;
const log = createLog(logLevel);
let db: Db | undefined;
let jobs: Jobs | undefined;
let stopping = false;

async function start(): Promise<void> {
  try {
    db ??= await openDatabase({ connectionString, max: poolSize, priority });
    jobs = await startJobs({ db, log, ...tasks, failed: end });
  } catch (err) {
    if (stopping) return;
    log.warn({ err }, 'background jobs could not be started, trying again');
    setTimeout(() => void start(), againMs);
  }
}

/** Nothing catches it: the thread ends, and another takes its place. */
function end(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

answerThread({
  async start() {
    await start();
    if (process.platform === 'linux') setPriority(priority);
  },
  async stop() {
    stopping = true;
    await jobs?.stop();
    await db?.close();
  },
});
