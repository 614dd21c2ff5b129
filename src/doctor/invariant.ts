// What an invariant is. For the lists of them in this folder.

/** One invariant. Its query returns a row with `detail`, in words, for each breach. */
export type Invariant = {
  name: string;
  /** What holds, as a sentence. */
  holds: string;
  /** A warning is a state that mends itself as soon as somebody works. */
  severity: 'error' | 'warning';
  sql: string;
};
