// The statements that create a campaign: a block of message ids, then in one transaction the money and the campaign with
// its batches, counters and ledger row. In two forms: with everything known beforehand (create.ts), and for a campaign
// that was in `creation` while its messages were written (fill.ts). Its messages are in message-rows.ts.

import type pg from 'pg';
import type { Db } from '../db/index.ts';
import { Status } from '../messages/index.ts';
import { type AmountE7, amount } from '../money/index.ts';
import type { Batches } from './batches.ts';
import { type InitialStatus, statesFor, statusList } from './lifecycle.ts';

/**
 * Takes `size` consecutive message ids and returns the first. On its own and at once, outside of any transaction: the
 * row of the allocator would otherwise stay locked for the length of a COPY. An aborted campaign leaves a gap.
 */
export async function takeMessageBlock(db: Db, size: number): Promise<number> {
  const { rows } = await db.pool.query<{ id: number }>({
    name: 'take-message-block',
    text: 'select take_message_block($1) as id',
    values: [size],
  });
  return rows[0]!.id;
}

/** Everything a campaign's row holds, and what its messages sum up to. */
export type NewCampaign = {
  accountId: number;
  /** Null: made by a user of the console. */
  keyId: number | null;
  /** Null: made with a key. */
  userId: number | null;
  /** Null: the routes decide. */
  operatorId: number | null;
  firstMessageId: number;
  messageCount: number;
  /** Different numbers among them. */
  phoneCount: number;
  name: string;
  sender: string;
  text: string;
  test: boolean;
  status: InitialStatus;
  /** Null: now. */
  startAt: Date | null;
  validityHours: number;
  /** Null: the hours. */
  validitySeconds: number | null;
  tariffId: number;
  currency: string;
  price: AmountE7;
  /** The messages that are charged when they are delivered, and their part of the price; the others when sent. */
  onDelivery: { count: number; price: AmountE7 };
  callbackUrl: string | null;
  uncertain: 'resend' | 'unknown';
  /** Messages that fail at once because their number has no price. */
  failedCount: number;
  /** Whether its messages wait while it is quiet where they go. */
  respectCurfew: boolean;
  batches: Batches;
};

/** Today, on which days of accounts are counted. */
const utcDay = `(now() at time zone 'UTC')::date`;

/** What the money, the counters and the batches of a campaign follow from, however it is written. */
export type Accepted = Pick<
  NewCampaign,
  | 'accountId'
  | 'price'
  | 'firstMessageId'
  | 'messageCount'
  | 'phoneCount'
  | 'failedCount'
  | 'onDelivery'
  | 'test'
  | 'status'
  | 'batches'
>;

/** The parameters that both forms of the statement have; their own come after these. */
const acceptedValues = ({ accountId, price, onDelivery, batches, ...campaign }: Accepted) => [
  accountId, // $1
  price,
  campaign.messageCount, // $3
  campaign.failedCount,
  onDelivery.count, // $5
  onDelivery.price,
  campaign.test, // $7
  batches.first,
  batches.last,
  batches.country, // $10
  batches.route,
  batches.lowestPhone, // $12
  batches.highestPhone,
  campaign.firstMessageId, // $14
  campaign.phoneCount,
  campaign.status, // $16
];

const [openBatches, routes] = ['cardinality($8::bigint[])', 'array(select distinct unnest($11::text[]))'];

// One statement, so one round trip: where the money does not suffice `payer` is empty, and so is all the rest. A free
// campaign needs no money and must not lock the account. Where the account's messages of the day (UTC) do not suffice,
// `admitted` is empty, and the transaction must be rolled back. Messages of test keys reach no phone and are not
// counted, nor are those without a price. The notification goes out when the transaction commits.
const acceptSql = (payer: string, created: string) => `
with payer as (${payer}),
  today as (
    insert into account_day as d (account_id, day, messages)
    select id, ${utcDay}, $3::integer - $4::integer from payer
    where not $7 and (messages_per_day is null or $3::integer - $4::integer <= messages_per_day)
    on conflict (account_id, day) do update set messages = d.messages + excluded.messages
      where coalesce(d.messages + excluded.messages <= (select messages_per_day from payer), true)
    returning account_id
  ),
  admitted as (select id from payer where $7 or exists (select from today)),
  created as (${created}
    returning campaign.id, campaign.account_id
  ),
  batches as (
    insert into batch (campaign_id, first_id, last_id, submitted_upto, uncertain_upto, country, route, lowest_phone,
      highest_phone)
    select id, b.first, b.last, b.first - 1, b.first - 1, b.country, b.route, b.lowest, b.highest
    from created, unnest($8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::bigint[], $13::bigint[])
      as b (first, last, country, route, lowest, highest)
  ),
  unsorted as (
    insert into unsorted_batch (account_id, campaign_id, first_id)
    select account_id, id, b.first from created, unnest($8::bigint[]) as b (first)
  ),
  counted as (
    insert into campaign_count (campaign_id, slot, status, on_delivery, n, price_e7)
    select id, 0, status, on_delivery, n, price
    from created, (values
        (${Status.queued}, false, $3::integer - $4::integer - $5::integer, $2::bigint - $6::bigint),
        (${Status.queued}, true, $5, $6), (${Status.failed}, false, $4, 0))
      as initial (status, on_delivery, n, price)
    where n > 0
  ),
  held as (
    insert into ledger (account_id, campaign_id, kind, messages, amount_e7, held_e7)
    select account_id, id, 'hold', $3::integer - $4, -$2::bigint, $2 from created where $2 > 0
  )
select created.id, exists (select from admitted) as admitted, pg_notify('carillon_work', '')
from payer left join created on true`;

const pays = `update account set balance_e7 = balance_e7 - $2::bigint
    where id = $1 and balance_e7 + credit_e7 >= $2 returning id, messages_per_day`;
const free = 'select id, messages_per_day from account where id = $1 and $2::bigint = 0';

const insertSql = (payer: string) =>
  acceptSql(
    payer,
    `
    insert into campaign (account_id, api_key_id, first_message_id, message_count, phone_count, name, sender, text,
      test, status, start_at, validity_h, tariff_id, currency, calculated_e7, callback_url, uncertain,
      open_batches, validity_s, respect_curfew, routes, user_id, operator_id)
    select id, $17, $14, $3, $15, $18, $19, $20, $7, $16, coalesce($21, now()), $22, $23, $24, $2, $25, $26,
      ${openBatches}, $27::integer, $28, ${routes}, $29, $30
    from admitted`,
  );
const insertPaying = insertSql(pays);
const insertFree = insertSql(free);

// Not where somebody has stopped it meanwhile.
const fillSql = (payer: string) =>
  acceptSql(
    payer,
    `
    update campaign set first_message_id = $14, message_count = $3, phone_count = $15, status = $16,
      calculated_e7 = $2, open_batches = ${openBatches}, routes = ${routes}
    from admitted
    where campaign.id = $17 and campaign.account_id = admitted.id
      and campaign.status in (${statusList(statesFor('schedule'))})`,
  );
const fillPaying = fillSql(pays);
const fillFree = fillSql(free);

type Outcome = { id: number | null; admitted: boolean };

/**
 * Holds the price and inserts all but the messages. Returns the campaign's id, or what is short, the money or the
 * account's messages of the day: then the transaction must be rolled back.
 */
export async function insertCampaign(
  client: pg.ClientBase,
  campaign: NewCampaign,
): Promise<number | 'money' | 'day'> {
  const isFree = campaign.price === 0n;
  const { rows } = await client.query<Outcome>({
    name: isFree ? 'insert-free-campaign' : 'insert-campaign',
    text: isFree ? insertFree : insertPaying,
    values: [
      ...acceptedValues(campaign),
      campaign.keyId, // $17
      campaign.name,
      campaign.sender, // $19
      campaign.text,
      campaign.startAt, // $21
      campaign.validityHours,
      campaign.tariffId, // $23
      campaign.currency,
      campaign.callbackUrl, // $25
      campaign.uncertain,
      campaign.validitySeconds, // $27
      campaign.respectCurfew,
      campaign.userId, // $29
      campaign.operatorId,
    ],
  });
  const [created] = rows;
  return created === undefined ? 'money' : (created.id ?? 'day');
}

/**
 * The same for a campaign that was in `creation` and whose messages are written. `gone`: it is not any more; somebody
 * has stopped it, or filled it.
 */
export async function acceptFilled(
  client: pg.ClientBase,
  campaignId: number,
  campaign: Accepted,
): Promise<number | 'money' | 'day' | 'gone'> {
  const isFree = campaign.price === 0n;
  const { rows } = await client.query<Outcome>({
    name: isFree ? 'accept-free-campaign' : 'accept-campaign',
    text: isFree ? fillFree : fillPaying,
    values: [...acceptedValues(campaign), campaignId],
  });
  const [created] = rows;
  if (created === undefined) return 'money';
  return created.id ?? (created.admitted ? 'gone' : 'day');
}

/** A campaign whose messages are not there yet: what is known of it before. */
export type OpenCampaign = Omit<NewCampaign, keyof Accepted | 'price' | 'operatorId'> &
  Pick<NewCampaign, 'accountId' | 'test' | 'firstMessageId'> & {
    /** Whether its author has to confirm it before anything of it leaves. */
    unconfirmed: boolean;
  };

/** Inserts a campaign in `creation`, without messages, price and batches. Returns its id. */
export async function insertOpenCampaign(
  sql: Pick<pg.ClientBase, 'query'>,
  campaign: OpenCampaign,
): Promise<number> {
  const { rows } = await sql.query<{ id: number }>({
    name: 'insert-open-campaign',
    text: `insert into campaign (account_id, api_key_id, first_message_id, message_count, phone_count, name, sender,
        text, test, status, start_at, validity_h, validity_s, tariff_id, currency, calculated_e7, callback_url,
        uncertain, respect_curfew, unconfirmed, user_id)
      values ($1, $2, $3, 0, 0, $4, $5, $6, $7, 'creation', coalesce($8, now()), $9, $10, $11, $12, 0, $13, $14, $15,
        $16, $17)
      returning id`,
    values: [
      campaign.accountId,
      campaign.keyId,
      campaign.firstMessageId, // $3
      campaign.name,
      campaign.sender, // $5
      campaign.text,
      campaign.test, // $7
      campaign.startAt,
      campaign.validityHours, // $9
      campaign.validitySeconds,
      campaign.tariffId, // $11
      campaign.currency,
      campaign.callbackUrl, // $13
      campaign.uncertain,
      campaign.respectCurfew, // $15
      campaign.unconfirmed,
      campaign.userId, // $17
    ],
  });
  return rows[0]!.id;
}

/** How many messages an account may send a day and how many of today (UTC) are left, for the message that says so. */
export async function selectDay(db: Db, accountId: number): Promise<{ limit: number; left: number }> {
  const { rows } = await db.pool.query<{ limit: number; left: number }>(
    `select a.messages_per_day as limit, greatest(0, a.messages_per_day - coalesce(d.messages, 0)) as left
     from account a left join account_day d on d.account_id = a.id and d.day = ${utcDay}
     where a.id = $1 and a.messages_per_day is not null`,
    [accountId],
  );
  return rows[0] ?? { limit: 0, left: 0 };
}

/** What an account can spend, for the message that it is not enough. */
export async function selectMoney(
  client: pg.ClientBase,
  accountId: number,
): Promise<{ balance: AmountE7; credit: AmountE7 }> {
  const { rows } = await client.query<{ balance: string; credit: string }>(
    'select balance_e7::text as balance, credit_e7::text as credit from account where id = $1',
    [accountId],
  );
  const [{ balance, credit } = { balance: '0', credit: '0' }] = rows;
  return { balance: amount(balance), credit: amount(credit) };
}
