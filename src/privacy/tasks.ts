// What privacy does in the background: listed by src/tasks.ts, which says how often.

import type { Task } from '../jobs/index.ts';
import { redactOld } from './retention.ts';

/** Redacts what is older than its account keeps it. */
export const privacyTasks = {
  async redactOld(_payload, job) {
    await redactOld(job);
  },
} satisfies Record<string, Task>;
