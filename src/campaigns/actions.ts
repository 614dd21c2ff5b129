// The statement of every action that somebody asks for: pause, resume and stop, for the routes; approve and reject,
// for moderation; abandon, for those who write large campaigns. What the engine does by itself is in src/engine.

import type pg from 'pg';
import { type CampaignAction, statesFor, statusAfterSql, statusList } from './lifecycle.ts';

/** What is done to a campaign from outside of the engine. */
export type RequestedAction = Extract<
  CampaignAction,
  'pause' | 'resume' | 'stop' | 'approve' | 'reject' | 'abandon'
>;

const sqlOf = (action: RequestedAction, also = '') => `
with changed as (
  update campaign set status = ${statusAfterSql(action)}, reason = coalesce($3, reason)
    ${also}
  where id = $1 and account_id = coalesce($2, account_id) and status in (${statusList(statesFor(action))})
  returning id
)
select pg_notify('carillon_work', '') from changed`;

const over = ', finished_at = now()';

const statements: Record<RequestedAction, string> = {
  pause: sqlOf('pause'),
  // By which its author confirms one that waits for that.
  resume: sqlOf('resume', ', unconfirmed = false'),
  stop: sqlOf('stop', over),
  approve: sqlOf('approve'),
  reject: sqlOf('reject', over),
  abandon: sqlOf('abandon', over),
};

/**
 * Does one action to a campaign, and wakes the engine when it commits. With `accountId` only to a campaign of that
 * account. Two at once do not meet: the row is locked, and the second finds the state that the first has left.
 *
 * @returns whether it was done: not where the campaign does not exist, or is in a state from which it is not possible
 */
export async function actOn(
  sql: Pick<pg.ClientBase, 'query'>,
  action: RequestedAction,
  { id, accountId, reason }: { id: number; accountId?: number; reason?: string },
): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: `${action}-campaign`,
    text: statements[action],
    values: [id, accountId ?? null, reason ?? null],
  });
  return rowCount === 1;
}
