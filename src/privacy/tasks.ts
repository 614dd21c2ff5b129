// What privacy does in the background: listed by src/tasks.ts.

import type { Tasks } from '../jobs/index.ts';
import { redactOld } from './retention.ts';

/** Redacts what is old, every hour. */
export const privacyTasks = {
  tasks: {
    'redact-old': async (_payload, job) => {
      await redactOld(job);
    },
  },
  clock: [{ task: 'redact-old', match: '41 * * * *' }],
} satisfies Tasks;
