// Campaigns that were sent long ago, so that a benchmark runs on a table of the size that years make. Called by lists.ts
// and large.ts.

import type { Db } from '../src/db/index.ts';

/** Campaigns that one statement makes. */
const chunk = 500;

/**
 * An account with `count` campaigns of `size` messages each, a multiple of 1,000, a minute apart. The receipts of three
 * quarters come within a minute of its start, as thinly as of a slow operator: 600 groups of one or two for each
 * thousand; the others never. A million messages take 20 s and 500 MB.
 */
export async function fill(db: Db, accountId: number, count: number, size: number): Promise<void> {
  for (let done = 0; done < count; done += chunk) {
    const n = Math.min(chunk, count - done);
    const { rows } = await db.pool.query<{ id: number }>('select take_message_block($1) as id', [n * size]);
    await db.pool.query(
      `with made as (
         insert into campaign (account_id, first_message_id, message_count, phone_count, name, sender, text, status,
           start_at, actual_start_at, finished_at, created_at, tariff_id, currency, calculated_e7)
         select $1, $2::bigint + i * $3, $3, $3, 'SMS ' || (now() - make_interval(mins => $4 - i)), 
           'Shop' || i % 40, 'Hello', case when i % 50 = 0 then 'stopped' else 'done' end, at, at, at + interval '9 s',
           at, t.id, 'EUR', 500000 * $3::bigint
         from generate_series(0, $5::integer - 1) as i, (select id from tariff where is_default) as t,
           lateral (select now() - make_interval(mins => $4 - i) as at) as when_
         returning id, first_message_id, start_at
       ), counted as (
         insert into campaign_count (campaign_id, slot, status, n, price_e7)
         select id, slot, status, $3 / 4, $3::bigint * 125000 from made, (values (0, 3), (0, 4), (1, 3), (1, 1)) as s (slot, status)
       ), told as (
         insert into message (id, campaign_id, phone, price_e7, sent_at, done_at, connector_id, status, parts)
         select first_message_id + j, id, 34600000000 + (random() * 99999999)::bigint, 500000, start_at,
           case when j % 4 < 3 then start_at + floor(random() * 600) * interval '0.1 s' end, 1,
           case j % 4 when 3 then 1 when 2 then 4 else 3 end, 1
         from made, generate_series(0, $3::integer - 1) as j
         returning id, campaign_id, phone, done_at
       ), batches as (
         insert into batch (campaign_id, first_id, last_id, submitted_upto, uncertain_upto, state, lowest_phone,
           highest_phone)
         select campaign_id, min(id), max(id), max(id), max(id), 2, min(phone), max(phone)
         from told group by campaign_id, (id - $2::bigint) / 1000
         returning campaign_id, first_id
       ), unsorted as (
         insert into unsorted_batch (account_id, campaign_id, first_id) select $1, campaign_id, first_id from batches
       )
       insert into delivery_group (account_id, delivered_at, first_id, campaign_id, n, message_ids)
       select $1, done_at, min(id), campaign_id, count(*), array_agg(id)
       from told where done_at is not null group by campaign_id, done_at, message_partition(id)`,
      [accountId, rows[0]!.id, size, count - done, n],
    );
    if (process.stderr.isTTY) process.stderr.write(`\r${done + n} of ${count} campaigns `);
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
}
