// The background work of exports. Listed in src/tasks.ts.

import type { Task } from '../jobs/index.ts';
import { deleteExpired } from './store.ts';
import { writeExport } from './write.ts';

/** `export` writes a file, `expire` deletes those whose time is over. */
export const exportTasks = {
  export: (payload, job) => writeExport((payload as { job: number }).job, job),
  expire: async (_payload, { db, log }) => {
    const exports = await deleteExpired(db);
    if (exports > 0) log.info({ exports }, 'old exports are deleted');
  },
} satisfies Record<string, Task>;
