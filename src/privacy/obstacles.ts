// What keeps a number from being erased: messages that the engine still needs the number of, and files and groups that
// are being read. Each ends by itself or can be stopped, and is named. Called by erase.ts, in its transaction.

import type pg from 'pg';
import { Status } from '../messages/index.ts';
import { refused } from './errors.ts';

/** Refuses while files that may hold a number are waiting, or campaigns are being filled. */
export async function refuseUnread(client: pg.ClientBase, accountId: number | null): Promise<void> {
  const { rows: imports } = await client.query<{ id: number }>(
    `select id from import
     where state in ('uploading', 'waiting', 'running') and ($1::bigint is null or account_id = $1) order by id`,
    [accountId],
  );
  if (imports.length > 0) throw refused.imports(imports.map(({ id }) => id));
  const { rows: campaigns } = await client.query<{ id: number }>(
    `select c.id from account a join campaign c on c.account_id = a.id and c.status = 'creation'
     where $1::bigint is null or a.id = $1 order by c.id`,
    [accountId],
  );
  if (campaigns.length > 0) throw refused.campaigns(campaigns.map(({ id }) => id));
}

type Undecided = { campaignId: number; queued: boolean; until: Date | null };

/** Refuses while one of these messages is in the queue or waits for its receipt. */
export async function refuseUndecided(client: pg.ClientBase, ids: readonly number[]): Promise<void> {
  const { rows } = await client.query<Undecided>(
    `select m.campaign_id as "campaignId", bool_or(m.status = ${Status.queued}) as queued,
       max(b.deadline) as until
     from unnest($1::bigint[]) as i (id)
     cross join lateral (select id, campaign_id, status from message where id = i.id offset 0) as m
     cross join lateral (
       select deadline from batch where campaign_id = m.campaign_id and first_id <= m.id
       order by first_id desc limit 1
     ) as b
     where m.status in (${Status.queued}, ${Status.sent}, ${Status.accepted})
     group by m.campaign_id order by m.campaign_id`,
    [ids],
  );
  const queued = rows.filter((row) => row.queued);
  if (queued.length > 0) throw refused.queued(queued.map(({ campaignId }) => campaignId));
  if (rows.length === 0) return;
  const ends = rows.flatMap(({ until }) => (until === null ? [] : [until.getTime()]));
  throw refused.sent(
    rows.map(({ campaignId }) => campaignId),
    ends.length < rows.length ? null : new Date(Math.max(...ends)),
  );
}
