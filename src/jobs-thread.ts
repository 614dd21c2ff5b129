// Background jobs in a thread of their own, for a process that does other things as well: to read a file of a million
// rows must not delay a report. Called by app.ts; jobs-worker.ts is the other side.

import type { LogLevel } from './config.ts';
import { startThread } from './thread.ts';

/** What the thread needs to run jobs: all of it can be copied. */
export type JobsStart = { readonly connectionString: string; readonly logLevel: LogLevel };

/** Runs the jobs of src/tasks.ts in a thread of their own, until it is stopped. */
export async function startJobsThread(start: JobsStart): Promise<{ stop(): Promise<void> }> {
  const thread = startThread<'start'>('jobs-worker', start, 'background jobs');
  await thread.ask('start');
  return thread;
}
