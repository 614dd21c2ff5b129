// The messages of an account in the order of their final receipts. Receipts are written down in that order: each group
// of them that was committed at one moment stands in delivery_group, and a final receipt is never replaced. So a page is
// found by counting through groups, and what no receipt has told of yet follows by id. Called by sorted.ts.

import type { Page } from '../http/index.ts';
import { cutCounted } from './search.ts';
import { chosen, deliveredStatuses, type MessageFilter, type Queryable, type Way } from './store.ts';

/** What a page touches of the delivered messages of a selection. */
type Moments = {
  /** The first and the last moment of the page; null where it holds none. */
  from: string | null;
  to: string | null;
  /** Messages before those of the first of these moments. */
  before: number;
  /** Messages up to the page's end: fewer than that when there are no more. */
  reached: number;
};

/** The groups of a selection: all of an account, or of its campaigns that are chosen. */
type Groups = { where: string; values: unknown[] };

/**
 * The ids of a page by the time of the final receipt, those without one last. Its statements must see the same: the
 * caller gives a connection in a transaction that reads from one snapshot.
 */
export async function selectByDelivery(
  sql: Queryable,
  accountId: number,
  filter: MessageFilter,
  way: Way,
  page: Page,
): Promise<number[]> {
  const groups = await groupsOf(sql, accountId, filter);
  const end = page.offset + page.limit;
  const moments = await selectMoments(sql, groups, way, page.offset, end);
  const delivered = await selectDelivered(sql, groups, way, moments, page);
  if (moments.reached >= end) return delivered;
  const rest = {
    offset: Math.max(0, page.offset - moments.reached),
    limit: page.limit - delivered.length,
  };
  return [...delivered, ...(await selectUndelivered(sql, accountId, filter, way, moments.reached, rest))];
}

// A receipt comes after its campaign's start, which spares the groups before it; an hour for clocks that are set back.
async function groupsOf(sql: Queryable, accountId: number, filter: MessageFilter): Promise<Groups> {
  if (filter.campaignId === undefined && filter.from === undefined && filter.to === undefined) {
    return { where: 'account_id = $1', values: [accountId] };
  }
  const { sql: where, values } = chosen(accountId, filter);
  const { rows } = await sql.query<{ ids: number[]; from: Date | null }>(
    `select coalesce(array_agg(id), '{}') as ids, min(start_at) as from from campaign where ${where}`,
    values,
  );
  const [{ ids, from } = { ids: [], from: null }] = rows;
  return {
    where: `account_id = $1 and campaign_id = any($2::bigint[]) and delivered_at >= $3::timestamptz - interval '1 hour'`,
    values: [accountId, ids, from],
  };
}

/**
 * Counts through the groups up to the end of the page; each holds a message, so as many groups as the page reaches to
 * suffice. The moments stay text: a Date of JavaScript knows no microseconds. Index only: delivery_group_account holds
 * all of it.
 */
async function selectMoments(
  sql: Queryable,
  { where, values }: Groups,
  way: Way,
  begin: number,
  end: number,
): Promise<Moments> {
  const [first, last] = [`$${values.length + 1}::bigint`, `$${values.length + 2}::bigint`];
  const onPage = `upto > ${first} and upto - n < ${last}`;
  const { rows } = await sql.query<Moments>(
    `select min(delivered_at) filter (where ${onPage})::text as from,
       max(delivered_at) filter (where ${onPage})::text as to,
       coalesce(min(upto - n) filter (where ${onPage}), 0)::bigint as before,
       coalesce(max(upto), 0)::bigint as reached
     from (
       select delivered_at, sum(n) as n, sum(sum(n)) over (order by delivered_at ${way}) as upto
       from (
         select delivered_at, n from delivery_group where ${where}
         order by delivered_at ${way} limit ${last}
       ) as near
       group by delivered_at
     ) as moments`,
    [...values, begin, end],
  );
  return rows[0]!;
}

/** The messages of the page out of the groups of its moments, which are few; those of one moment by id. */
async function selectDelivered(
  sql: Queryable,
  { where, values }: Groups,
  way: Way,
  { from, to, before }: Moments,
  page: Page,
): Promise<number[]> {
  if (from === null) return [];
  const [low, high, limit, offset] = [1, 2, 3, 4].map((i) => `$${values.length + i}`);
  const { rows } = await sql.query<{ id: number }>(
    `select m.id from delivery_group g cross join unnest(g.message_ids) as m (id)
     where ${where} and delivered_at between ${low} and ${high}
     order by g.delivered_at ${way}, m.id ${way} limit ${limit} offset ${offset}`,
    [...values, from, to, page.limit, page.offset - before],
  );
  return rows.map((row) => row.id);
}

/**
 * The page of what no final receipt has told of, by id. How many those are of each campaign stands in its counters, so
 * campaigns are skipped by counting; each that is wholly delivered holds one of the delivered messages at least, so the
 * page's end and they bound how many campaigns are counted.
 */
async function selectUndelivered(
  sql: Queryable,
  accountId: number,
  filter: MessageFilter,
  way: Way,
  delivered: number,
  page: Page,
): Promise<number[]> {
  const { sql: where, values } = chosen(accountId, filter);
  const most = `$${values.length + 1}::bigint`;
  const { rows } = await sql.query<{ first: number; last: number; n: number }>(
    `select c.first_message_id as first, c.first_message_id + c.message_count - 1 as last,
       (c.message_count - coalesce(k.n, 0))::bigint as n
     from (
       select id, first_message_id, message_count from campaign where ${where}
       order by first_message_id ${way} limit ${most}
     ) as c
     cross join lateral (
       select sum(n) as n from campaign_count where campaign_id = c.id and status in (${deliveredStatuses})
     ) as k
     order by c.first_message_id ${way}`,
    [...values, page.offset + page.limit + delivered],
  );
  const cut = cutCounted(rows, page);
  if (cut.length === 0) return [];
  const { rows: found } = await sql.query<{ id: number }>(
    `select m.id
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as r (first, last, skip, n)
     cross join lateral (
       select id from message where id between r.first and r.last and status not in (${deliveredStatuses})
       order by id ${way} limit r.n offset r.skip
     ) as m
     order by m.id ${way}`,
    [cut.map((r) => r.first), cut.map((r) => r.last), cut.map((r) => r.skip), cut.map((r) => r.take)],
  );
  return found.map((row) => row.id);
}
