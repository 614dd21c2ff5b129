// Deletes what requests left behind to recognise their retries by, and to count them. Run by app.ts in every process that serves the API;
// any number of them may.

import type { Db } from '../db/index.ts';
import { deleteEndedCounts } from '../http/index.ts';
import { deleteOld } from './store.ts';

/** Bodies are remembered for seconds, keys for a day, counts for a minute: a minute keeps the tables small. */
const everyMs = 60_000;

/** Cleans up now and then; a failure is told to `failed` and mended by the next time. */
export function startCleanUp(db: Db, failed: (error: unknown) => void): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = cleanUp(db).catch(failed);
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Deletes idempotency keys after a day, bodies after a minute, and counts when their span has ended. */
export async function cleanUp(db: Db): Promise<void> {
  await deleteOld(db.pool);
  await deleteEndedCounts(db.pool);
}
