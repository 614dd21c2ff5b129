// The SQL that reads and stops campaigns. Every statement is bound to an account: another account's campaign does not
// exist. Called by the routes.

import type { Db } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import { type CampaignStatus, statesBefore } from './lifecycle.ts';

/** A campaign as the API shows it, with its counters summed over their slots: element i of each array belongs together. */
export type CampaignRow = {
  id: number;
  name: string;
  sender: string;
  status: CampaignStatus;
  start_at: Date;
  actual_start_at: Date | null;
  finished_at: Date | null;
  created_at: Date;
  message_count: number;
  phone_count: number;
  calculated: string;
  currency: string;
  bill_on: 'sent' | 'delivered';
  statuses: number[] | null;
  counts: number[] | null;
  prices: string[] | null;
};

// A handful of counter rows by primary key for each campaign, however many messages it has: the messages are never
// looked at.
const rowsOf = (campaigns: string, order: string) => `
select c.id, c.name, c.sender, c.status, c.start_at, c.actual_start_at, c.finished_at, c.created_at, c.message_count,
  c.phone_count, c.calculated_e7::text as calculated, c.currency, c.bill_on, k.statuses, k.counts, k.prices
from (${campaigns}) as c
left join lateral (
  select array_agg(status) as statuses, array_agg(n) as counts, array_agg(price) as prices
  from (
    select status, sum(n)::bigint as n, sum(price_e7)::text as price
    from campaign_count where campaign_id = c.id group by status
  ) as per_status
) as k on true
${order}`;

/** One campaign of an account. */
export async function selectCampaign(
  db: Db,
  accountId: number,
  id: number,
): Promise<CampaignRow | undefined> {
  const { rows } = await db.pool.query<CampaignRow>({
    name: 'select-campaign',
    text: rowsOf('select * from campaign where id = $1 and account_id = $2', ''),
    values: [id, accountId],
  });
  return rows[0];
}

/** What a list of campaigns may be asked for. */
export type CampaignFilter = {
  from: Date | undefined;
  to: Date | undefined;
  type: string | undefined;
  search: { field: 'sender' | 'taskname'; value: string } | undefined;
};

/** The columns behind the published names. */
const sortColumns = { id: 'id', sender: 'sender', type: 'type', date: 'start_at', status: 'status' } as const;
const searchColumns = { sender: 'sender', taskname: 'name' } as const;

export type CampaignSort = { by: keyof typeof sortColumns; way: 'asc' | 'desc' };

/** A page of an account's campaigns, and how many there are in all. */
export async function selectCampaigns(
  db: Db,
  accountId: number,
  filter: CampaignFilter,
  sort: CampaignSort,
  page: Page,
): Promise<{ rows: CampaignRow[]; total: number }> {
  const values: unknown[] = [accountId];
  const conditions = ['account_id = $1'];
  const where = (condition: (parameter: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where((p) => `start_at >= ${p}`, filter.from);
  where((p) => `start_at <= ${p}`, filter.to);
  where((p) => `type = ${p}`, filter.type);
  if (filter.search !== undefined) {
    const column = searchColumns[filter.search.field];
    where((p) => `strpos(lower(${column}), lower(${p})) > 0`, filter.search.value);
  }
  const chosen = `from campaign where ${conditions.join(' and ')}`;
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

/**
 * Stops a campaign and wakes the engine, which then cancels its queued messages. Returns whether it was stopped now:
 * not where it does not exist or has ended.
 */
export async function markStopped(db: Db, accountId: number, id: number): Promise<boolean> {
  const { rowCount } = await db.pool.query({
    name: 'stop-campaign',
    text: `with stopped as (
        update campaign set status = 'stopped', finished_at = now()
        where id = $1 and account_id = $2 and status = any($3) returning id
      )
      select pg_notify('carillon_work', '') from stopped`,
    values: [id, accountId, statesBefore('stopped')],
  });
  return rowCount === 1;
}
