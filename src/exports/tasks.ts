// What exports do in the background: listed by src/tasks.ts.

import type { Tasks } from '../jobs/index.ts';
import { deleteExpired } from './store.ts';
import { writeExport } from './write.ts';

/** Writes files, and deletes those whose time is over. */
export const exportTasks = {
  tasks: {
    export: (payload, job) => writeExport((payload as { job: number }).job, job),
    'expire-exports': async (_payload, { db, log }) => {
      const exports = await deleteExpired(db);
      if (exports > 0) log.info({ exports }, 'old exports are deleted');
    },
  },
  clock: [{ task: 'expire-exports', match: '23 * * * *' }],
} satisfies Tasks;
