// The background work of imports. Listed in src/tasks.ts.

import type { Task } from '../jobs/index.ts';
import { runImport } from './run.ts';
import { deleteStale } from './store.ts';

/** `import` runs one, `import-clean-up` deletes what was given up or is old. */
export const importTasks: Record<string, Task> = {
  import: (payload, { db, signal, last }) => runImport(db, (payload as { id: number }).id, signal, last),
  'import-clean-up': (_payload, { db }) => deleteStale(db),
};

export const importClock = [{ task: 'import-clean-up', match: '*/5 * * * *' }];
