// How many campaigns one process writes at once. Used by create.ts and fill.ts.

import pLimit from 'p-limit';

/**
 * Campaigns of requests. More would take as long in all, since they share the processors, and keep every connection
 * from reports and lists meanwhile.
 */
export const writing = pLimit(4);

/** Large campaigns in the background, each of which has its connection for up to a minute. */
export const filling = pLimit(2);
