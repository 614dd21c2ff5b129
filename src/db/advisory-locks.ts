// The advisory locks of an installation, in one list so that no two parts take the same one by accident.

type Key = [number, number];

/** Two-part keys as pg_advisory_lock takes them. (1, id) belongs to the dispatcher of that id. */
export const advisoryLocks: Record<'embeddedUser' | 'embeddedServe' | 'migration' | 'simulator', Key> = {
  /** Shared: held by every process that uses the embedded server, so that the last one stops it. */
  embeddedUser: [2, 0],
  /** Exclusive: held by the one `serve` of a data folder. */
  embeddedServe: [2, 1],
  /** Exclusive, for the length of a transaction: who migrates. */
  migration: [2, 2],
  /** Exclusive: held by the process whose built-in simulator test_ keys reach. */
  simulator: [2, 3],
};

/** The lock of whoever runs a background job; ids beyond 31 bits share locks, which only makes one wait for another. */
export const jobLock = (jobId: number): Key => [3, jobId % 2 ** 31];
