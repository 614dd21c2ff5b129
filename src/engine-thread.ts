// The engine in a thread of its own, for a process that also serves the HTTP API: a request with 10,000 numbers does
// not delay a submit_sm, nor a group of receipts a report. Called by app.ts; engine-worker.ts is the other side.

import type { LogLevel } from './config.ts';
import type { Engine, EngineConfig, EngineMetrics } from './engine/index.ts';
import { startThread } from './thread.ts';

/** What the thread needs to make an engine: all of it can be copied. */
export type EngineStart = {
  readonly connectionString: string;
  readonly config: EngineConfig;
  readonly logLevel: LogLevel;
};

/** An engine in a thread of its own. */
export function createEngineThread(start: EngineStart): Engine {
  const thread = startThread<'start' | 'metrics'>('engine-worker', start, 'engine');
  return {
    start: async () => void (await thread.ask('start')),
    metrics: async () => (await thread.ask('metrics')) as EngineMetrics | null,
    stop: thread.stop,
  };
}
