// Background jobs in a thread of their own: to read a file of a million rows must not delay a report, and nothing that
// happens to the queue may end a process that sends messages. Called by app.ts; jobs-worker.ts is the other side.

import type { LogLevel } from './config.ts';
import { startThread } from './thread.ts';

/** What the thread needs to run jobs: all of it can be copied. */
export type JobsStart = { readonly connectionString: string; readonly logLevel: LogLevel };

type Log = { error(fields: object, message: string): void };

/** Before a thread that failed is replaced: it mostly lost its database. */
const againMs = 1_000;
/** How long a stop waits for the tasks; one that a hanging database keeps is taken up by the next process. */
const patienceMs = 10_000;

/**
 * Runs the jobs of src/tasks.ts in a thread of their own, until it is stopped; a thread that fails is replaced. Nobody
 * need wait until it has begun.
 */
export function startJobsThread(start: JobsStart, log: Log): { stop(): Promise<void> } {
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    const failed = (err: Error) => {
      log.error({ err }, 'background jobs failed and begin again');
      if (stopping) return;
      timer = setTimeout(() => {
        thread = begin();
      }, againMs);
    };
    const begun = startThread<'start'>('jobs-worker', start, 'background jobs', { failed, patienceMs });
    // What fails there ends the thread, and so comes to `failed`.
    begun.ask('start').catch(() => {});
    return begun;
  };
  let thread = begin();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await thread.stop();
    },
  };
}
