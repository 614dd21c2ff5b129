// The SQL that reads campaigns. Every statement is bound to an owner: another account's campaign does not exist. Called
// by the routes, those of administrators as the owner of every campaign.

import type pg from 'pg';
import { conditions, type Db } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import type { CampaignStatus } from './lifecycle.ts';

/** A pool or a connection in a transaction. */
type Queryable = Pick<pg.ClientBase, 'query'>;

/** A campaign as the API shows it, with its counters summed over their slots: element i of each array belongs together. */
export type CampaignRow = {
  id: number;
  account_id: number;
  name: string;
  sender: string;
  /** Made with a test_ key: it reached the simulator only, and was free. */
  test: boolean;
  status: CampaignStatus;
  /** Why it was rejected or abandoned. */
  reason: string | null;
  start_at: Date;
  actual_start_at: Date | null;
  finished_at: Date | null;
  created_at: Date;
  message_count: number;
  phone_count: number;
  unconfirmed: boolean;
  calculated: string;
  currency: string;
  statuses: number[] | null;
  on_delivery: boolean[] | null;
  counts: number[] | null;
  prices: string[] | null;
};

// A handful of counter rows by primary key for each campaign, however many messages it has: the messages are never
// looked at.
const rowsOf = (campaigns: string, order: string) => `
select c.id, c.account_id, c.name, c.sender, c.test, c.status, c.reason, c.start_at, c.actual_start_at, c.finished_at,
  c.created_at, c.message_count, c.phone_count, c.unconfirmed, c.calculated_e7::text as calculated, c.currency, k.statuses, k.on_delivery, k.counts, k.prices
from (${campaigns}) as c
left join lateral (
  select array_agg(status) as statuses, array_agg(on_delivery) as on_delivery, array_agg(n) as counts,
    array_agg(price) as prices
  from (
    select status, on_delivery, sum(n)::bigint as n, sum(price_e7)::text as price
    from campaign_count where campaign_id = c.id group by status, on_delivery
  ) as per_status
) as k on true
${order}`;

/** Whose campaigns are seen: those of an account, or of every account, which is for administrators only. */
export type Owner = number | 'every';

/** One campaign of an owner. */
export async function selectCampaign(
  sql: Queryable,
  owner: Owner,
  id: number,
): Promise<CampaignRow | undefined> {
  const { rows } = await sql.query<CampaignRow>(
    owner === 'every'
      ? {
          name: 'select-any-campaign',
          text: rowsOf('select * from campaign where id = $1', ''),
          values: [id],
        }
      : {
          name: 'select-campaign',
          text: rowsOf('select * from campaign where id = $1 and account_id = $2', ''),
          values: [id, owner],
        },
  );
  return rows[0];
}

/** Campaigns by their ids, of any account, in one statement: for who has checked whose they are. */
export async function selectCampaignsById(sql: Queryable, ids: readonly number[]): Promise<CampaignRow[]> {
  const { rows } = await sql.query<CampaignRow>({
    name: 'select-campaigns-by-id',
    text: rowsOf('select * from campaign where id = any ($1)', 'order by c.id desc'),
    values: [ids],
  });
  return rows;
}

/** How many of an account's newest campaigns are looked at for those that ended just now, and how many are shown. */
const recentCampaigns = 200;
const shownCampaigns = 100;

/**
 * The campaigns of accounts that are not at their end, or came there within the last minute: of each account the newest,
 * in one statement. Reads campaign_account_status and the newest entries of campaign_account.
 */
export async function selectActiveCampaigns(
  sql: Queryable,
  accountIds: readonly number[],
): Promise<CampaignRow[]> {
  const { rows } = await sql.query<CampaignRow>({
    name: 'select-active-campaigns',
    text: rowsOf(
      `select own.* from unnest($1::bigint[]) as a (id) cross join lateral (
         select * from campaign where id in (
           select id from campaign
           where account_id = a.id and status in ('creation', 'moderation', 'scheduled', 'sending', 'paused')
           union
           select id from (
             select id, finished_at from campaign where account_id = a.id order by id desc limit ${recentCampaigns}
           ) as newest where finished_at > now() - interval '1 minute'
         ) order by id desc limit ${shownCampaigns}
       ) as own`,
      'order by c.id desc',
    ),
    values: [accountIds],
  });
  return rows;
}

/** Campaigns of an account to compare, the newest first: those of these ids, or the 20 newest that are not held. */
export async function selectComparison(
  sql: Queryable,
  accountId: number,
  ids: readonly number[] | undefined,
): Promise<CampaignRow[]> {
  const chosen =
    ids === undefined
      ? `select * from campaign where account_id = $1 and status not in ('creation', 'moderation', 'spam')
         order by start_at desc, id desc limit 20`
      : 'select * from campaign where account_id = $1 and id = any ($2)';
  const { rows } = await sql.query<CampaignRow>(
    rowsOf(chosen, 'order by c.start_at desc, c.id desc'),
    ids === undefined ? [accountId] : [accountId, ids],
  );
  return rows;
}

/** The names of accounts by their ids. */
export async function selectAccountNames(
  sql: Queryable,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await sql.query<{ id: number; name: string }>(
    'select id, name from account where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What a list of campaigns may be asked for. */
export type CampaignFilter = {
  from: Date | undefined;
  to: Date | undefined;
  type: string | undefined;
  status?: CampaignStatus | undefined;
  test?: boolean | undefined;
  search: { field: 'sender' | 'taskname'; value: string } | undefined;
};

/** The columns behind the published names. */
const sortColumns = { id: 'id', sender: 'sender', type: 'type', date: 'start_at', status: 'status' } as const;
const searchColumns = { sender: 'sender', taskname: 'name' } as const;

export type CampaignSort = { by: keyof typeof sortColumns; way: 'asc' | 'desc' };

/** A page of an owner's campaigns, and how many there are in all. */
export async function selectCampaigns(
  db: Db,
  owner: Owner,
  filter: CampaignFilter,
  sort: CampaignSort,
  page: Page,
): Promise<{ rows: CampaignRow[]; total: number }> {
  const chosenBy = conditions();
  const { where, values } = chosenBy;
  where((p) => `account_id = ${p}`, owner === 'every' ? undefined : owner);
  where((p) => `status = ${p}`, filter.status);
  where((p) => `test = ${p}`, filter.test);
  where((p) => `start_at >= ${p}`, filter.from);
  where((p) => `start_at <= ${p}`, filter.to);
  where((p) => `type = ${p}`, filter.type);
  if (filter.search !== undefined) {
    const column = searchColumns[filter.search.field];
    where((p) => `strpos(lower(${column}), lower(${p})) > 0`, filter.search.value);
  }
  const chosen = `from campaign where ${chosenBy.sql}`;
  const order = `order by ${sortColumns[sort.by]} ${sort.way}, id ${sort.way}`;
  const pageSql = `select * ${chosen} ${order} limit ${page.limit} offset ${page.offset}`;
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<CampaignRow>(
      rowsOf(pageSql, order.replace('order by ', 'order by c.').replace(', ', ', c.')),
      values,
    ),
    db.pool.query<{ total: number }>(`select count(*) as total ${chosen}`, values),
  ]);
  return { rows, total: totals.rows[0]!.total };
}
