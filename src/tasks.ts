// Every task that runs in the background, and which of them run by the clock: the one list that the role `jobs` runs.
// Called by jobs-worker.ts and app.ts.

import type { Task, Tasks } from './jobs/index.ts';

/** A task whose code is loaded when it is first run, so that whoever waits for work starts at once. */
const lazy =
  (load: () => Promise<Task>): Task =>
  async (payload, job) =>
    (await load())(payload, job);

/** What an installation does in the background. */
export const tasks: Tasks = {
  tasks: {
    'campaigns.fill-groups': lazy(async () => (await import('./campaigns/index.ts')).fillGroups),
    import: lazy(async () => (await import('./imports/index.ts')).importTasks.import),
    'import-clean-up': lazy(async () => (await import('./imports/index.ts')).importTasks.cleanUp),
    export: lazy(async () => (await import('./exports/index.ts')).exportTasks.export),
    'expire-exports': lazy(async () => (await import('./exports/index.ts')).exportTasks.expire),
    'redact-old': lazy(async () => (await import('./privacy/index.ts')).privacyTasks.redactOld),
  },
  clock: [
    { task: 'import-clean-up', match: '*/5 * * * *' },
    { task: 'expire-exports', match: '23 * * * *' },
    { task: 'redact-old', match: '41 * * * *' },
  ],
};
