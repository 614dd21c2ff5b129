// The SQL of the message search. Every statement starts from campaigns of one account, so nothing of another account
// can come out. Called by the routes.

import type pg from 'pg';
import { type Conditions, conditions, type Db } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import type { Range } from './search.ts';
import { receiptStatuses } from './status.ts';

/** A pool or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** What a search may be narrowed to. */
export type MessageFilter = {
  id: number | undefined;
  campaignId: number | undefined;
  referenceId: string | undefined;
  from: Date | undefined;
  to: Date | undefined;
};

/** The conditions of a search on the campaigns of an account, and their values from $1 on. */
export function chosen(accountId: number, filter: MessageFilter): Conditions {
  const chosenBy = conditions();
  const { where } = chosenBy;
  where((p) => `account_id = ${p}`, accountId);
  // One that is still in creation has none.
  where((p) => `message_count > ${p}`, 0);
  where((p) => `id = ${p}`, filter.campaignId);
  where((p) => `start_at >= ${p}`, filter.from);
  where((p) => `start_at <= ${p}`, filter.to);
  // The campaign of a message is the one that begins nearest before it: one look into the index of the first ids.
  const owner = (p: string) =>
    `id = (select id from campaign where first_message_id <= ${p} order by first_message_id desc limit 1)`;
  where((p) => `${owner(p)} and first_message_id + message_count > ${p}`, filter.id);
  return chosenBy;
}

/** The id range of every campaign of the account that can hold such messages, in the order of their ids. */
export async function selectRanges(
  sql: Queryable,
  accountId: number,
  filter: MessageFilter,
): Promise<Range[]> {
  const { sql: where, values } = chosen(accountId, filter);
  const { rows } = await sql.query<Range>(
    `select first_message_id as first, first_message_id + message_count - 1 as last
     from campaign where ${where} order by first_message_id`,
    values,
  );
  const { id } = filter;
  return id === undefined ? rows : rows.map(() => ({ first: id, last: id }));
}

/** The ranges that a page in the order of ids touches, and what lies before and around them. */
export type RangePage = {
  /** In the order of their ids. */
  ranges: Range[];
  /** Messages of the search before the first of these, in the order of the page. */
  before: number;
  /** Messages of the search in all. */
  total: number;
};

/**
 * The ranges of a page in the order of ids. A running sum over the campaigns finds them, from the index
 * campaign_messages alone where there is no filter. Every campaign holds a message, so it need not run further than the
 * page's end; the total is a sum over the same index: 2 ms for 10,000 campaigns.
 */
export async function selectRangePage(
  db: Db,
  accountId: number,
  filter: MessageFilter,
  way: 'asc' | 'desc',
  page: Page,
): Promise<RangePage> {
  if (filter.id !== undefined) {
    const ranges = await selectRanges(db.pool, accountId, filter);
    return { ranges, before: 0, total: ranges.length };
  }
  const { sql: where, values } = chosen(accountId, filter);
  const [begin, end] = [`$${values.length + 1}::bigint`, `$${values.length + 2}::bigint`];
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<Range & { before: number }>(
      `select first, first + n - 1 as last, upto - n as before
       from (
         select first_message_id as first, message_count as n,
           sum(message_count) over (order by first_message_id ${way} rows unbounded preceding)::bigint as upto
         from (
           select first_message_id, message_count from campaign where ${where}
           order by first_message_id ${way} limit ${end}
         ) as near
       ) as counted
       where upto > ${begin} and upto - n < ${end}
       order by first`,
      [...values, page.offset, page.offset + page.limit],
    ),
    db.pool.query<{ total: number }>(
      `select coalesce(sum(message_count), 0)::bigint as total from campaign where ${where}`,
      values,
    ),
  ]);
  const before = Math.min(...rows.map((row) => row.before));
  return { ranges: rows, before: rows.length === 0 ? 0 : before, total: totals.rows[0]!.total };
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
  campaign_begun: boolean;
  source: 'rest';
  currency: string;
  on_delivery: boolean;
  created_at: Date;
};

export type Way = 'asc' | 'desc';
export type MessageSort = { by: 'id' | 'phone' | 'delivered'; way: Way };

/** The states of which a final receipt tells, in SQL. */
export const deliveredStatuses = receiptStatuses.join(', ');

const sortColumns = { id: 'id', phone: 'phone', delivered: 'delivered_at' } as const;

const messageColumns = `m.id, m.campaign_id, m.reference_id, coalesce(m.text, c.text) as text, m.phone, c.validity_h,
  m.status, m.price_e7::text as price, m.on_delivery, coalesce(m.sender, c.sender) as sender, m.sent_at, m.done_at,
  m.parts, m.error, c.status as campaign_status, c.actual_start_at is not null as campaign_begun, c.source, c.currency, c.created_at`;

/**
 * The messages of these ranges, read by primary key, sorted and cut to the page; only those of the page are read whole.
 * What no final receipt has told of comes last by `delivered`, either way. `offset 0` keeps the planner from turning the
 * look-ups of the ranges into one scan of the whole table, which it takes for cheaper.
 */
export async function selectMessages(
  sql: Queryable,
  ranges: readonly Range[],
  { by, way }: MessageSort,
  page: Page,
): Promise<MessageRow[]> {
  if (ranges.length === 0) return [];
  const order = (table: string) =>
    `order by ${table}.${sortColumns[by]} ${way} nulls last, ${table}.id ${way}`;
  const { rows } = await sql.query<MessageRow>(
    `select ${messageColumns}
     from (
       select n.id, n.phone, n.delivered_at
       from unnest($1::bigint[], $2::bigint[]) as r (first, last)
       cross join lateral (
         select id, phone, case when status in (${deliveredStatuses}) then done_at end as delivered_at
         from message where id between r.first and r.last offset 0
       ) as n
       ${order('n')} limit $3 offset $4
     ) as p
     cross join lateral (select * from message where id = p.id offset 0) as m
     join campaign c on c.id = m.campaign_id
     ${order('p')}`,
    [ranges.map((r) => r.first), ranges.map((r) => r.last), page.limit, page.offset],
  );
  return rows;
}

/** These messages, in this order. */
export async function selectById(sql: Queryable, ids: readonly number[]): Promise<MessageRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<MessageRow>(
    `select ${messageColumns}
     from unnest($1::bigint[]) with ordinality as p (id, place)
     cross join lateral (select * from message where id = p.id offset 0) as m
     join campaign c on c.id = m.campaign_id
     order by p.place`,
    [ids],
  );
  return rows;
}
