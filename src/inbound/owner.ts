// Whose an inbound message is: the account that its destination was given to, or else the one that last sent to this
// subscriber from this sender. Called by keep.ts for each group, and once more for those that nobody had yet.

import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** Of the newest batches that may hold the number and are not sorted yet, how many are looked into. */
const newestBatches = 50;

/** Who is asked about: the subscriber, if it is a number, and the destination as address.ts writes it. */
export type Sought = { phone: number | null; address: string };

/** The account, or null; `open` where it may become known: the subscriber's messages may not be sorted yet. */
export type Owner = { accountId: number | null; open: boolean };

/**
 * The owners of messages, in their order. One look into message_by_phone for each (its index skips from account to
 * account: decision 8), and into the newest batches that are not sorted.
 */
export async function ownersOf(sql: Queryable, sought: readonly Sought[]): Promise<Owner[]> {
  const { rows } = await sql.query<Owner>({
    name: 'inbound-owners',
    text: `
select coalesce(n.account_id, s.account_id) as "accountId",
  n.account_id is null and s.account_id is null and i.phone is not null
    and exists (select from unsorted_batch) as open
from unnest($1::bigint[], $2::text[]) with ordinality as i (phone, address, ord)
left join inbound_number n on n.address = i.address
left join lateral (
  select account_id from (
    (select c.account_id, m.id
     from (select message_id as id from message_by_phone where phone = i.phone) as p
     cross join lateral (select id, campaign_id, sender from message where id = p.id offset 0) as m
     join campaign c on c.id = m.campaign_id
     where lower(coalesce(m.sender, c.sender)) = i.address
     order by m.id desc limit 1)
    union all
    (select c.account_id, m.id
     from (
       select b.campaign_id, b.first_id, b.last_id
       from unsorted_batch u join batch b on b.campaign_id = u.campaign_id and b.first_id = u.first_id
       where i.phone between b.lowest_phone and b.highest_phone
       order by b.first_id desc limit ${newestBatches}
     ) as b
     cross join lateral (
       select id, phone, sender from message where id between b.first_id and b.last_id offset 0
     ) as m
     join campaign c on c.id = b.campaign_id
     where m.phone = i.phone and lower(coalesce(m.sender, c.sender)) = i.address
     order by m.id desc limit 1)
  ) as sent order by id desc limit 1
) as s on n.account_id is null and i.phone is not null
order by i.ord`,
    values: [sought.map(({ phone }) => phone), sought.map(({ address }) => address)],
  });
  return rows;
}
