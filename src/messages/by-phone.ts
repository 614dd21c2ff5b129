// The messages of an account in the order of their numbers: the statement that sorts batches into message_by_phone,
// behind the sending, and the page that merges what is sorted with what is not yet. Called by the engine's sorter and by
// sorted.ts.

import type { Page } from '../http/index.ts';
import { chosen, type MessageFilter, type Queryable, type Way } from './store.ts';

/** Messages that one statement sorts: some 10 ms, after which the sending may come first. */
const messagesPerStep = 2000;
/** And batches, of which many may hold one message each. */
const batchesPerStep = 200;

/**
 * Sorts the messages of some batches into message_by_phone, in one transaction with the end of their wait in
 * unsorted_batch: whatever dies, each message is in exactly one of the two. Processes side by side take different
 * batches. In the order of the index, so that neighbours go to the same page. LATERAL and OFFSET 0 leave one way into
 * `message`, a short range of its primary key for each batch.
 *
 * @returns how many batches were sorted; 0 when none waits
 */
export async function sortBatches(sql: Queryable): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({
    name: 'sort-batches',
    text: `
with waiting as (
    select u.account_id, u.first_id, coalesce(b.last_id, u.first_id - 1) as last_id
    from unsorted_batch u left join batch b on b.campaign_id = u.campaign_id and b.first_id = u.first_id
    order by u.account_id, u.first_id limit ${batchesPerStep}
    for update of u skip locked
  ),
  step as materialized (
    select account_id, first_id, last_id from (
      select *, row_number() over w as place, sum(last_id - first_id + 1) over w as upto
      from waiting window w as (order by account_id, first_id)
    ) as counted
    where place = 1 or upto <= ${messagesPerStep}
  ),
  taken as (
    delete from unsorted_batch u using step s where u.account_id = s.account_id and u.first_id = s.first_id
  ),
  sorted as (
    insert into message_by_phone (account_id, phone, message_id)
    select s.account_id, m.phone, m.id
    from step s cross join lateral (
      select id, phone from message where id between s.first_id and s.last_id offset 0
    ) as m
    order by s.account_id, m.phone, m.id
  )
select count(*)::integer as n from step`,
  });
  return rows[0]!.n;
}

/**
 * The ids of a page of an account's messages by number. What message_by_phone has is read in its order. Of the batches
 * that it has not, only those are looked into that can hold a message of the page: as many as the page reaches to, those
 * that begin lowest, and not beyond the number that the sorted ones end with. So the first page reads 50,000 messages at
 * most, however many wait. Each side
 * is cut by itself, so that the planner sees an index that is read in its order. One statement: a batch that is sorted
 * meanwhile is seen on one side only.
 */
export async function selectByPhone(
  sql: Queryable,
  accountId: number,
  way: Way,
  page: Page,
): Promise<number[]> {
  const [bound, within] = way === 'asc' ? ['lowest_phone', '<='] : ['highest_phone', '>='];
  const { rows } = await sql.query<{ id: number }>(
    `select id from (
       (select phone, message_id as id from message_by_phone where account_id = $1
        order by phone ${way}, message_id ${way} limit $2)
       union all
       (select m.phone, m.id
       from (
         select b.first_id, b.last_id
         from unsorted_batch u join batch b on b.campaign_id = u.campaign_id and b.first_id = u.first_id
         where u.account_id = $1 and coalesce(b.${bound} ${within} (
           select phone from message_by_phone where account_id = $1
           order by phone ${way}, message_id ${way} offset $2::bigint - 1 limit 1
         ), true)
         order by b.${bound} ${way}, b.first_id ${way} limit $2
       ) as w
       cross join lateral (select id, phone from message where id between w.first_id and w.last_id offset 0) as m
       order by m.phone ${way}, m.id ${way} limit $2)
     ) as either
     order by phone ${way}, id ${way} limit $3 offset $4`,
    [accountId, page.offset + page.limit, page.limit, page.offset],
  );
  return rows.map((row) => row.id);
}

/**
 * The same of a search: out of the batches of its campaigns alone, as many as the page reaches to. A message that comes
 * before all others lies in a batch that begins before all others, so the first page reads 50,000 messages at most.
 */
export async function selectFilteredByPhone(
  sql: Queryable,
  accountId: number,
  filter: MessageFilter,
  way: Way,
  page: Page,
): Promise<number[]> {
  const bound = way === 'asc' ? 'lowest_phone' : 'highest_phone';
  const { sql: where, values } = chosen(accountId, filter);
  const [end, limit, offset] = [1, 2, 3].map((i) => `$${values.length + i}::bigint`);
  const { rows } = await sql.query<{ id: number }>(
    `select m.id
     from (
       select b.first_id, b.last_id
       from (select id from campaign where ${where}) as c join batch b on b.campaign_id = c.id
       order by b.${bound} ${way}, b.first_id ${way} limit ${end}
     ) as w
     cross join lateral (select id, phone from message where id between w.first_id and w.last_id offset 0) as m
     order by m.phone ${way}, m.id ${way} limit ${limit} offset ${offset}`,
    [...values, page.offset + page.limit, page.limit, page.offset],
  );
  return rows.map((row) => row.id);
}
