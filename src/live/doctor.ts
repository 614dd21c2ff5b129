// A run of the doctor from the console: one at a time in this process, and nobody waits for it. Called by the routes.

import type { Db } from '../db/index.ts';
import { examine, recordExamination } from '../doctor/index.ts';

const running = new WeakSet<Db>();

/** Whether a run that was started here goes on. */
export function doctorRuns(db: Db): boolean {
  return running.has(db);
}

/** Starts a run, which writes down what it found; false where one goes on. A failure is told to `failed`. */
export function startDoctor(db: Db, failed: (error: unknown) => void): boolean {
  if (running.has(db)) return false;
  running.add(db);
  const began = performance.now();
  examine(db)
    .then((examination) => recordExamination(db, examination, (performance.now() - began) / 1000))
    .catch(failed)
    .finally(() => running.delete(db));
  return true;
}
