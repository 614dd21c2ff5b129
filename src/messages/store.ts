// The SQL of the message search. Every statement starts from campaigns of one account, so nothing of another account
// can come out. Called by the routes.

import type { Db } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import type { Range } from './search.ts';

/** What a search may be narrowed to. */
export type MessageFilter = {
  id: number | undefined;
  campaignId: number | undefined;
  referenceId: string | undefined;
  from: Date | undefined;
  to: Date | undefined;
};

/** The id range of every campaign of the account that can hold such messages, in the order of their ids. */
export async function selectRanges(db: Db, accountId: number, filter: MessageFilter): Promise<Range[]> {
  const values: unknown[] = [accountId];
  const conditions = ['account_id = $1'];
  const where = (condition: (parameter: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where((p) => `id = ${p}`, filter.campaignId);
  where((p) => `start_at >= ${p}`, filter.from);
  where((p) => `start_at <= ${p}`, filter.to);
  // The campaign of a message is the one that begins nearest before it: one look into the index of the first ids.
  const owner = (p: string) =>
    `id = (select id from campaign where first_message_id <= ${p} order by first_message_id desc limit 1)`;
  where((p) => `${owner(p)} and first_message_id + message_count > ${p}`, filter.id);
  const { rows } = await db.pool.query<Range>(
    `select first_message_id as first, first_message_id + message_count - 1 as last
     from campaign where ${conditions.join(' and ')} order by first_message_id`,
    values,
  );
  const { id } = filter;
  return id === undefined ? rows : rows.map(() => ({ first: id, last: id }));
}

/** The message that carries a customer's own id. */
export async function findReference(
  db: Db,
  accountId: number,
  reference: string,
): Promise<number | undefined> {
  const { rows } = await db.pool.query<{ id: number }>(
    'select message_id as id from message_reference where account_id = $1 and reference_id = $2',
    [accountId, reference],
  );
  return rows[0]?.id;
}

/** A message with what it shares with its campaign. */
export type MessageRow = {
  id: number;
  campaign_id: number;
  reference_id: string | null;
  text: string;
  phone: number;
  validity_h: number;
  status: number;
  price: string;
  sender: string;
  sent_at: Date | null;
  done_at: Date | null;
  parts: number;
  error: number | null;
  campaign_status: string;
  source: 'rest';
  currency: string;
  bill_on: 'sent' | 'delivered';
  created_at: Date;
};

const sortColumns = {
  id: 'm.id',
  phone: 'm.phone',
  delivered: 'm.done_at',
} as const;

export type MessageSort = { by: keyof typeof sortColumns; way: 'asc' | 'desc' };

/**
 * The messages of these ranges, read by primary key, sorted and cut to the page. `offset 0` keeps the planner from
 * turning the look-ups of the ranges into one scan of the whole table, which it takes for cheaper.
 */
export async function selectMessages(
  db: Db,
  ranges: readonly Range[],
  sort: MessageSort,
  page: Page,
): Promise<MessageRow[]> {
  if (ranges.length === 0) return [];
  const { rows } = await db.pool.query<MessageRow>(
    `select m.id, m.campaign_id, m.reference_id, coalesce(m.text, c.text) as text, m.phone, c.validity_h, m.status,
       m.price_e7::text as price, coalesce(m.sender, c.sender) as sender, m.sent_at, m.done_at, m.parts, m.error,
       c.status as campaign_status, c.source, c.currency, c.bill_on, c.created_at
     from unnest($1::bigint[], $2::bigint[]) as r (first, last)
     cross join lateral (select * from message where id between r.first and r.last offset 0) as m
     join campaign c on c.id = m.campaign_id
     order by ${sortColumns[sort.by]} ${sort.way} nulls last, m.id ${sort.way}
     limit $3 offset $4`,
    [ranges.map((r) => r.first), ranges.map((r) => r.last), page.limit, page.offset],
  );
  return rows;
}
