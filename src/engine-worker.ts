// The thread of the engine: makes one, and starts and stops it when asked. Run by engine-thread.ts.

import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type Db, openDatabase } from './db/index.ts';
import { createEngine, type Engine } from './engine/index.ts';
import type { Question, Reply, ThreadStart } from './engine-thread.ts';
import { createLog } from './log.ts';

/** Routing is read with it; everything else of the engine has connections of its own. */
const poolSize = 2;

/** Below the thread of the API, whose requests are short: on Linux a priority belongs to a thread. */
const priority = 5;

const { connectionString, config, logLevel } = workerData as ThreadStart;
if (process.platform === 'linux') setPriority(priority);
let db: Db | undefined;
let engine: Engine | undefined;

const answers: Record<Question['ask'], () => Promise<void>> = {
  async start() {
    db = await openDatabase({ connectionString, max: poolSize });
    engine = createEngine({ db, config, log: createLog(logLevel) });
    await engine.start();
  },
  async stop() {
    await engine?.stop();
    await db?.close();
  },
};

parentPort!.on('message', ({ id, ask }: Question) => {
  const reply = (error?: Error) => parentPort!.postMessage({ id, ...(error && { error }) } satisfies Reply);
  answers[ask]().then(() => reply(), reply);
});
