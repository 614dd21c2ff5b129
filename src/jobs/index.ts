// The door of jobs: work in the background that need not be quick but must be done, over restarts.
export { addJob } from './queue.ts';
export { type Jobs, type JobsOptions, startJobs } from './runner.ts';
export type { Job, Task, Tasks } from './task.ts';
