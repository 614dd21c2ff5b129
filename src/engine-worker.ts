// The thread of the engine: makes one, starts and stops it when asked, and says how it is. Run by engine-thread.ts.

import { setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { type Db, openDatabase } from './db/index.ts';
import { createEngine, type Engine } from './engine/index.ts';
import type { EngineStart } from './engine-thread.ts';
import { createLog } from './log.ts';
import { answerThread } from './thread.ts';

/** Routing is read with it; everything else of the engine has connections of its own. */
const poolSize = 2;

/**
 * Below the thread of the API, whose requests are short, and of PostgreSQL's processes that serve it: a report does not
 * wait until a batch has had its turn. On Linux a priority belongs to a thread. Not while it starts.
 */
const priority = 10;

const { connectionString, config, logLevel } = workerData as EngineStart;
let db: Db | undefined;
let engine: Engine | undefined;

answerThread({
  async start() {
    db = await openDatabase({ connectionString, max: poolSize, priority });
    engine = createEngine({ db, config, log: createLog(logLevel) });
    await engine.start();
    if (process.platform === 'linux') setPriority(priority);
  },
  async stop() {
    await engine?.stop();
    await db?.close();
  },
  metrics: async () => (await engine?.metrics()) ?? null,
});
