// A campaign of many messages that is over, made in the database: for tests and measurements of what reads them.
import type { Db } from '../../src/db/index.ts';

/** Makes it for an account and returns its id. Every tenth message is undelivered; numbers count up from 380500000000. */
export async function manyMessages(
  db: Db,
  accountId: number,
  count: number,
  text = 'Hello',
): Promise<number> {
  const { rows } = await db.pool.query<{ id: number; first: number }>(
    `with block as (select take_message_block($2) as first)
     insert into campaign (account_id, first_message_id, message_count, phone_count, name, sender, text, status,
       start_at, actual_start_at, finished_at, tariff_id, currency, calculated_e7)
     select a.id, first, $2, $2, 'many', 'Shop', $3, 'done', now(), now(), now(), a.tariff_id, a.currency, 0
     from block, account a where a.id = $1
     returning id, first_message_id as first`,
    [accountId, count, text],
  );
  const { id, first } = rows[0]!;
  await db.pool.query(
    `insert into message (id, campaign_id, phone, price_e7, sent_at, done_at, status, parts, error)
     select $2::bigint + i, $1, 380500000000 + i, 0, now(), now(), case when i % 10 = 9 then 4 else 3 end, 1,
       case when i % 10 = 9 then 100001 end
     from generate_series(0, $3::bigint - 1) as i`,
    [id, first, count],
  );
  await db.pool.query(
    `insert into campaign_count (campaign_id, slot, status, on_delivery, n, price_e7)
     select campaign_id, 0, status, false, count(*), 0 from message where campaign_id = $1 group by 1, 3`,
    [id],
  );
  await db.pool.query(
    `insert into batch (campaign_id, first_id, last_id, submitted_upto, uncertain_upto, state, lowest_phone, highest_phone)
     select $1, b, least(b + 999, $2 + $3 - 1), least(b + 999, $2 + $3 - 1), 0, 2,
       380500000000 + b - $2, 380500000000 + least(b + 999, $2 + $3 - 1) - $2
     from generate_series($2::bigint, $2 + $3 - 1, 1000) as b`,
    [id, first, count],
  );
  await db.pool.query(
    `insert into delivery_group (account_id, delivered_at, first_id, campaign_id, n, message_ids)
     select $2, done_at, min(id), campaign_id, count(*), array_agg(id) from message where campaign_id = $1
     group by campaign_id, done_at, id / 1000`,
    [id, accountId],
  );
  await db.pool.query(
    `insert into message_by_phone (account_id, phone, message_id) select $2, phone, id from message where campaign_id = $1`,
    [id, accountId],
  );
  return id;
}
