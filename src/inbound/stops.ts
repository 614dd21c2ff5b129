// What stop words do: numbers go on the stop list of an account, and off it. Called by keep.ts in its transaction.

import type pg from 'pg';
import { addToStopList, removeFromStopList } from '../contacts/index.ts';
import type { Action } from './words.ts';

/** A word that was said to an account. */
export type Decided = { accountId: number; phone: number; action: Action };

/**
 * Puts what was said last into effect, for each number and account. Accounts in order, as the numbers are inside of the
 * stop list, so that two processes do not lock each other.
 */
export async function applyActions(client: pg.ClientBase, decided: readonly Decided[]): Promise<void> {
  const last = [...new Map(decided.map((each) => [`${each.accountId}/${each.phone}`, each])).values()];
  for (const accountId of [...new Set(last.map((each) => each.accountId))].sort((a, b) => a - b)) {
    const phones = (action: Action) =>
      last.filter((each) => each.accountId === accountId && each.action === action).map(({ phone }) => phone);
    const [stop, start] = [phones('stop'), phones('start')];
    if (stop.length > 0) await addToStopList(client, accountId, stop, 'inbound');
    if (start.length > 0) await removeFromStopList(client, accountId, start);
  }
}
