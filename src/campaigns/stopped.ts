// Leaves the numbers on an account's stop list out of the recipients of a request. Called by create.ts and groups.ts.

import { selectStopped } from '../contacts/index.ts';
import type { Db } from '../db/index.ts';
import type { Recipients } from './recipients.ts';

/** The recipients that are not on the stop list, with their places in the request. */
export async function withoutStopped(db: Db, accountId: number, recipients: Recipients): Promise<Recipients> {
  const { numbers, references, positions } = recipients;
  const stopped = await selectStopped(db.pool, accountId, numbers);
  if (stopped.size === 0) return recipients;
  const left = numbers.map((_, i) => i).filter((i) => !stopped.has(numbers[i]!));
  return {
    numbers: left.map((i) => numbers[i]!),
    references: left.map((i) => references[i]),
    positions: left.map((i) => positions[i]!),
    hasReferences: left.some((i) => references[i] !== undefined),
  };
}
