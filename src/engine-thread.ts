// The engine in a thread of its own, for a process that also serves the HTTP API: a request with 10,000 numbers does
// not delay a submit_sm, nor a group of receipts a report. Called by app.ts; engine-worker.ts is the other side.

import { Worker } from 'node:worker_threads';
import type { LogLevel } from './config.ts';
import type { Engine, EngineConfig, EngineMetrics } from './engine/index.ts';

/** What the thread needs to make an engine: all of it can be copied. */
export type ThreadStart = {
  readonly connectionString: string;
  readonly config: EngineConfig;
  readonly logLevel: LogLevel;
};

/** What is asked of the thread, and how it answers. */
export type Question = { readonly id: number; readonly ask: 'start' | 'stop' | 'metrics' };
export type Reply = { readonly id: number; readonly error?: Error; readonly metrics?: EngineMetrics | null };

/**
 * An engine in a thread of its own. What is fatal there is fatal here: an uncaught error of the thread is thrown in this
 * one, and ends the process as it would without threads.
 */
export function createEngineThread(start: ThreadStart): Engine {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./engine-worker.${extension}`, import.meta.url), { workerData: start });
  const waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();
  let asked = 0;
  let ended = false;
  worker.on('message', (reply: Reply) => {
    const question = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) question?.resolve(reply);
    else question?.reject(reply.error);
  });
  worker.once('exit', () => {
    ended = true;
    for (const { reject } of waiting.values()) reject(new Error('the thread of the engine has ended'));
    waiting.clear();
  });
  worker.once('error', (error) => {
    throw error;
  });

  function ask(what: Question['ask']): Promise<Reply> {
    if (ended) return Promise.reject(new Error('the thread of the engine has ended'));
    return new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve, reject });
      worker.postMessage({ id: asked, ask: what } satisfies Question);
    });
  }

  return {
    start: async () => void (await ask('start')),
    metrics: async () => (await ask('metrics')).metrics ?? null,
    async stop() {
      if (ended) return;
      await ask('stop');
      await worker.terminate();
    },
  };
}
