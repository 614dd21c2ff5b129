// A part of Carillon in a thread of its own: questions go there by name, and answers come back. engine-thread.ts and
// jobs-thread.ts are made of it; the thread's side is `answerThread`.

import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, Worker } from 'node:worker_threads';

type Question = { readonly id: number; readonly ask: string };
type Reply = { readonly id: number; readonly error?: Error; readonly answer?: unknown };

export type Thread<Asked extends string> = {
  ask(what: Asked): Promise<unknown>;
  /** Asks the thread to `stop` and ends it; nothing where it has ended. */
  stop(): Promise<void>;
};

/**
 * Starts a thread. What is fatal there is fatal here, unless `failed` takes it: an uncaught error of the thread is thrown
 * in this one, and ends the process as it would without threads.
 *
 * @param file the thread's module beside this one, without its extension
 * @param start what the thread is given as workerData: it must be possible to copy it
 * @param name of the part, for errors
 * @param options `failed` is told of an uncaught error, after which the thread is over; `patienceMs` is how long a stop
 *   waits for the thread before it is ended all the same
 */
export function startThread<Asked extends string>(
  file: string,
  start: unknown,
  name: string,
  options: { failed?: (error: Error) => void; patienceMs?: number } = {},
): Thread<Asked | 'stop'> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./${file}.${extension}`, import.meta.url), { workerData: start });
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const gone = () => new Error(`the thread of the ${name} has ended`);
  let asked = 0;
  let ended = false;
  worker.on('message', ({ id, error, answer }: Reply) => {
    const question = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) question?.resolve(answer);
    else question?.reject(error);
  });
  worker.once('exit', () => {
    ended = true;
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  });
  worker.once('error', (error: Error) => {
    if (options.failed === undefined) throw error;
    options.failed(error);
  });

  function ask(what: Asked | 'stop'): Promise<unknown> {
    if (ended) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve, reject });
      worker.postMessage({ id: asked, ask: what } satisfies Question);
    });
  }

  return {
    ask,
    async stop() {
      if (ended) return;
      const asked = ask('stop');
      if (options.patienceMs === undefined) await asked;
      else await Promise.race([asked.catch(() => {}), sleep(options.patienceMs, undefined, { ref: false })]);
      await worker.terminate();
    },
  };
}

/** Answers the questions of the thread that started this one. */
export function answerThread<Asked extends string>(answers: Record<Asked, () => Promise<unknown>>): void {
  parentPort!.on('message', ({ id, ask }: Question) => {
    const reply = (answer: Omit<Reply, 'id'>) => parentPort!.postMessage({ id, ...answer } satisfies Reply);
    answers[ask as Asked]().then(
      (answer) => reply({ answer }),
      (error: Error) => reply({ error }),
    );
  });
}
