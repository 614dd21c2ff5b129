// The thread of the engine: makes one, starts and stops it when asked, and says how it is. Run by engine-thread.ts.

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

const answers: Record<Question['ask'], () => Promise<Omit<Reply, 'id'>>> = {
  async start() {
    db = await openDatabase({ connectionString, max: poolSize });
    engine = createEngine({ db, config, log: createLog(logLevel) });
    await engine.start();
    return {};
  },
  async stop() {
    await engine?.stop();
    await db?.close();
    return {};
  },
  async metrics() {
    return { metrics: (await engine?.metrics()) ?? null };
  },
};

parentPort!.on('message', ({ id, ask }: Question) => {
  const reply = (answer: Omit<Reply, 'id'>) => parentPort!.postMessage({ id, ...answer } satisfies Reply);
  answers[ask]().then(reply, (error: Error) => reply({ error }));
});
