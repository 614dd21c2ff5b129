// The message of a campaign of one, as the API shows it: what a single send is answered with. Called by campaigns.

import { messageResource } from './resource.ts';
import type { Queryable } from './store.ts';
import { selectMessages, selectRanges } from './store.ts';

/** The first message of an account's campaign. */
export async function campaignMessage(sql: Queryable, accountId: number, campaignId: number) {
  const none = { id: undefined, referenceId: undefined, from: undefined, to: undefined };
  const [range] = await selectRanges(sql, accountId, { ...none, campaignId });
  const first = range === undefined ? [] : [{ first: range.first, last: range.first }];
  const [row] = await selectMessages(sql, first, { by: 'id', way: 'asc' }, { offset: 0, limit: 1 });
  if (row === undefined) throw new Error(`campaign ${campaignId} has no message`);
  return messageResource(row);
}
