// Every task that runs in the background, with those that run by the clock: the one list that the role `jobs` runs.
// Called by jobs-worker.ts and app.ts.

import { fillGroups, fillGroupsTask } from './campaigns/index.ts';
import { exportTasks } from './exports/index.ts';
import { importClock, importTasks } from './imports/index.ts';
import type { Task, Tasks } from './jobs/index.ts';

const all: Record<string, Task> = { [fillGroupsTask]: fillGroups, ...importTasks, ...exportTasks.tasks };

const clock: { task: string; match: string }[] = [...importClock, ...exportTasks.clock];

/** What an installation does in the background. */
export const tasks: Tasks = { tasks: all, clock };
