// The statements that create a campaign: a block of message ids, then in one transaction the money, the campaign with
// its batches, counters and ledger row, its messages by COPY, and the customer's references. Called by create.ts.

import pg from 'pg';
import { copyIn, type Db } from '../db/index.ts';
import { Reason, Status } from '../messages/index.ts';
import { type AmountE7, amount } from '../money/index.ts';
import type { Price } from '../tariffs/index.ts';
import type { Batches } from './batches.ts';
import type { InitialStatus } from './lifecycle.ts';
import type { Recipients } from './recipients.ts';

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
  firstMessageId: number;
  messageCount: number;
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

// One statement, so one round trip: where the money does not suffice `payer` is empty, and so is all the rest. A free
// campaign needs no money and must not lock the account. Where the account's messages of the day (UTC) do not suffice,
// `admitted` is empty, and the transaction must be rolled back. Messages of test keys reach no phone and are not
// counted, nor are those without a price. The notification goes out when the transaction commits.
const insertSql = (payer: string) => `
with payer as (${payer}),
  today as (
    insert into account_day as d (account_id, day, messages)
    select id, ${utcDay}, $5::integer - $17::integer from payer
    where not $9 and (messages_per_day is null or $5::integer - $17::integer <= messages_per_day)
    on conflict (account_id, day) do update set messages = d.messages + excluded.messages
      where coalesce(d.messages + excluded.messages <= (select messages_per_day from payer), true)
    returning account_id
  ),
  admitted as (select id from payer where $9 or exists (select from today)),
  created as (
    insert into campaign (account_id, api_key_id, first_message_id, message_count, phone_count, name, sender, text,
      test, status, start_at, validity_h, tariff_id, currency, calculated_e7, callback_url, uncertain,
      open_batches, validity_s, respect_curfew, routes)
    select id, $3, $4, $5, $5, $6, $7, $8, $9, $20, coalesce($10, now()), $11, $12, $13, $2, $15,
      $16, cardinality($22::bigint[]), $19::integer, $21, array(select distinct unnest($25::text[]))
    from admitted
    returning id, account_id
  ),
  batches as (
    insert into batch (campaign_id, first_id, last_id, submitted_upto, uncertain_upto, country, route, lowest_phone,
      highest_phone)
    select id, b.first, b.last, b.first - 1, b.first - 1, b.country, b.route, b.lowest, b.highest
    from created, unnest($22::bigint[], $23::bigint[], $24::text[], $25::text[], $26::bigint[], $27::bigint[])
      as b (first, last, country, route, lowest, highest)
  ),
  unsorted as (
    insert into unsorted_batch (account_id, campaign_id, first_id)
    select account_id, id, b.first from created, unnest($22::bigint[]) as b (first)
  ),
  counted as (
    insert into campaign_count (campaign_id, slot, status, on_delivery, n, price_e7)
    select id, 0, status, on_delivery, n, price
    from created, (values
        (${Status.queued}, false, $5::integer - $17::integer - $14::integer, $2::bigint - $18::bigint),
        (${Status.queued}, true, $14, $18), (${Status.failed}, false, $17, 0))
      as initial (status, on_delivery, n, price)
    where n > 0
  ),
  held as (
    insert into ledger (account_id, campaign_id, kind, messages, amount_e7, held_e7)
    select account_id, id, 'hold', $5::integer - $17, -$2::bigint, $2 from created where $2 > 0
  )
select created.id, pg_notify('carillon_work', '') from payer left join created on true`;

const payingSql = insertSql(`update account set balance_e7 = balance_e7 - $2::bigint
    where id = $1 and balance_e7 + credit_e7 >= $2 returning id, messages_per_day`);
const freeSql = insertSql('select id, messages_per_day from account where id = $1 and $2::bigint = 0');

/**
 * Holds the price and inserts all but the messages. Returns the campaign's id, or what is short, the money or the
 * account's messages of the day: then the transaction must be rolled back.
 */
export async function insertCampaign(
  client: pg.ClientBase,
  campaign: NewCampaign,
): Promise<number | 'money' | 'day'> {
  const free = campaign.price === 0n;
  const { rows } = await client.query<{ id: number | null }>({
    name: free ? 'insert-free-campaign' : 'insert-campaign',
    text: free ? freeSql : payingSql,
    values: [
      campaign.accountId,
      campaign.price,
      campaign.keyId,
      campaign.firstMessageId,
      campaign.messageCount,
      campaign.name,
      campaign.sender,
      campaign.text,
      campaign.test,
      campaign.startAt,
      campaign.validityHours,
      campaign.tariffId,
      campaign.currency,
      campaign.onDelivery.count,
      campaign.callbackUrl,
      campaign.uncertain,
      campaign.failedCount,
      campaign.onDelivery.price,
      campaign.validitySeconds,
      campaign.status,
      campaign.respectCurfew,
      campaign.batches.first,
      campaign.batches.last,
      campaign.batches.country,
      campaign.batches.route,
      campaign.batches.lowestPhone,
      campaign.batches.highestPhone,
    ],
  });
  const [created] = rows;
  return created === undefined ? 'money' : (created.id ?? 'day');
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

/** Characters of a chunk of COPY: few enough writes for a campaign, and no large copy of it in memory. */
const chunkLength = 128 * 1024;

/** The rows of a campaign's messages in COPY's text format. No value needs escaping: digits, and references of A-Z. */
function* messageRows(
  campaignId: number,
  firstId: number,
  parts: number,
  { numbers, references }: Recipients,
  prices: readonly (Price | undefined)[],
): Generator<string> {
  const texts = new Map<Price, string>();
  let chunk = '';
  for (let i = 0; i < numbers.length; i += 1) {
    const price = prices[i];
    let fate = `0\tf\t${Status.failed}\t${Reason.noPrice}`;
    if (price !== undefined) {
      fate = texts.get(price) ?? `${price.price}\t${price.onDelivery ? 't' : 'f'}\t${Status.queued}\t\\N`;
      texts.set(price, fate);
    }
    chunk += `${firstId + i}\t${campaignId}\t${numbers[i]}\t${fate}\t${parts}\t${references[i] ?? '\\N'}\n`;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** Copies a campaign's messages in: ten times as fast as INSERT, and about 30 ms of the server for 10,000. */
export async function copyMessages(
  client: pg.ClientBase,
  campaignId: number,
  firstId: number,
  parts: number,
  recipients: Recipients,
  prices: readonly (Price | undefined)[],
): Promise<void> {
  await copyIn(
    client,
    'copy message (id, campaign_id, phone, price_e7, on_delivery, status, error, parts, reference_id) from stdin',
    messageRows(campaignId, firstId, parts, recipients, prices),
  );
}

/** The rows of references: one for each message that has one. Struct of arrays, as literals of PostgreSQL. */
function referenceArrays(firstId: number, references: readonly (string | undefined)[]) {
  const ids: number[] = [];
  const given: string[] = [];
  for (let i = 0; i < references.length; i += 1) {
    const reference = references[i];
    if (reference === undefined) continue;
    ids.push(firstId + i);
    given.push(reference);
  }
  // References have no character that an array literal would need to escape; the quotes keep NULL a reference.
  return { ids: `{${ids.join(',')}}`, given: `{"${given.join('","')}"}` };
}

/**
 * Inserts the customer's references, in their order, which fills the index page by page. Fails as a whole where the
 * account has used one before (see isReferenceTaken): `on conflict do nothing` would cost every campaign twice as
 * much. Two requests with the same reference wait for each other here.
 */
export async function insertReferences(
  client: pg.ClientBase,
  accountId: number,
  firstId: number,
  references: readonly (string | undefined)[],
): Promise<void> {
  const { ids, given } = referenceArrays(firstId, references);
  await client.query({
    name: 'insert-references',
    text: `insert into message_reference (account_id, reference_id, message_id)
      select $1, reference, id from unnest($2::text[], $3::bigint[]) as given (reference, id) order by reference`,
    values: [accountId, given, ids],
  });
}

/** Whether an error says that a reference was used before. */
export function isReferenceTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'message_reference_pkey';
}

/** Which of these references the account has used before. */
export async function selectTaken(
  db: Db,
  accountId: number,
  references: readonly (string | undefined)[],
): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ reference_id: string }>(
    'select reference_id from message_reference where account_id = $1 and reference_id = any($2::text[])',
    [accountId, referenceArrays(0, references).given],
  );
  return new Set(rows.map((row) => row.reference_id));
}
