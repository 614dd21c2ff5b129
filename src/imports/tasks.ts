// The background work of imports. Listed in src/tasks.ts.

import type { Task } from '../jobs/index.ts';
import { runImport } from './run.ts';
import { deleteStale } from './store.ts';

/** `import` runs one, `cleanUp` deletes what was given up or is old. */
export const importTasks = {
  import: (payload, { db, signal, last }) => runImport(db, (payload as { id: number }).id, signal, last),
  cleanUp: (_payload, { db }) => deleteStale(db),
} satisfies Record<string, Task>;
