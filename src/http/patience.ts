// How long the server waits for clients that say little or nothing: what a slow client, or one that only pretends to be
// one, can hold, and for how long. Read by server.ts; tests give shorter times.

/** Times in milliseconds. */
export type Patience = {
  /**
   * For a request's headers, from the connection or the end of the request before. They come in one packet; a line that
   * loses packets repeats them within seconds.
   */
  headersMs: number;
  /** For a whole request: 32 MiB, the largest body, at 4 Mbit/s. */
  requestMs: number;
  /** For a whole upload of a file: 4 GiB at 3 Mbit/s. */
  uploadMs: number;
  /** For the next request on a connection: longer than proxies keep theirs (60 s), so that it is they who close. */
  idleMs: number;
  /** How often it is looked for those who are late: so much later they may be closed. */
  checkMs: number;
};

export const usualPatience: Patience = {
  headersMs: 15_000,
  requestMs: 60_000,
  uploadMs: 3 * 3_600_000,
  idleMs: 72_000,
  checkMs: 5_000,
};
