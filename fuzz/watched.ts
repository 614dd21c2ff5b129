// Runs the inputs of a target that computes only, in a thread of its own that is watched: an input that does not come to
// an end is found too, and named. Used by the tests of such targets.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { replay, type Settings } from './settings.ts';

/** A target: tries one input, which is made of a seed and a number. */
export type Target = {
  tryInput(seed: number, index: number): void;
  describeInput(seed: number, index: number): string;
};

/** An input takes some microseconds: one that takes so long on the busiest machine hangs. */
const hangsMs = 60_000;

type Told = { done: number; heapMiB: number } | { failed: number; because: string; input: string };

/** So often a run says how far it is, in inputs. */
const everyInputs = 1_000_000;

/**
 * Tries all inputs of the module `target` of this folder (such as `decoder`, known to the command line as `name`).
 * Rejects with the first that fails or hangs, and how to try it again.
 */
export async function tryAll(
  name: string,
  target: string,
  settings: Settings,
): Promise<{ inputs: number; heapMiB: number }> {
  const at = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: { target, settings, at } });
  let last = -1;
  const watch = setInterval(() => {
    if (at[0] === last) worker.emit('error', new Error('it hangs'));
    last = at[0]!;
  }, hangsMs);
  try {
    return await new Promise((resolve, reject) => {
      worker.on('error', (error) => {
        reject(new Error(`input ${at[0]}: ${error.message}\n${replay(name, settings.seed, at[0]!)}`));
      });
      worker.on('message', (told: Told) => {
        if ('failed' in told) {
          const { failed, because, input } = told;
          reject(new Error(`input ${failed}: ${because}\n${input}\n${replay(name, settings.seed, failed)}`));
        } else if (told.done === settings.inputs) resolve({ inputs: told.done, heapMiB: told.heapMiB });
        else process.stderr.write(`${told.done} inputs, heap ${told.heapMiB} MiB\n`);
      });
    });
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}

async function work(): Promise<void> {
  const { target, settings, at } = workerData as { target: string; settings: Settings; at: Int32Array };
  const { tryInput, describeInput } = (await import(`./${target}.ts`)) as Target;
  const { seed, first, inputs } = settings;
  const tell = (told: Told) => parentPort!.postMessage(told);
  const heapMiB = () => Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
  for (let index = first; index < first + inputs; index += 1) {
    at[0] = index;
    try {
      tryInput(seed, index);
    } catch (error) {
      tell({
        failed: index,
        because: String((error as Error).stack),
        input: describeInput(seed, index),
      });
      return;
    }
    const done = index + 1 - first;
    if (done % everyInputs === 0 && done < inputs) tell({ done, heapMiB: heapMiB() });
  }
  tell({ done: inputs, heapMiB: heapMiB() });
}

if (!isMainThread && workerData?.target !== undefined) await work();
