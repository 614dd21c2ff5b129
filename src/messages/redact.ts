// Takes the number, the own text and the reference out of messages, wherever they stand, and leaves everything that is
// counted: states, times, prices. Called by privacy, for one number and for campaigns that are old.
//
// A redacted message has the number 0, which no subscriber has, and it has it in message_by_phone and in the bounds of
// its batch too: so lists by number stay whole and their orders exact, and nothing needs to know of redaction but what
// shows a number. Only decided messages are redacted: the engine needs the number of others.

import type pg from 'pg';
import type { Queryable } from './store.ts';

/** Stands in `message.phone` for a number that was erased. */
export const redactedPhone = 0;

/** A batch that is not sorted by number yet, with a message of a number. */
type Unsorted = { accountId: number; firstId: number; id: number };

/** The messages to a number that wait to be sorted: out of the batches that can hold it. */
async function selectUnsorted(sql: Queryable, phone: number, accountId: number | null): Promise<Unsorted[]> {
  const { rows } = await sql.query<Unsorted>(
    `select u.account_id as "accountId", u.first_id as "firstId", m.id
     from unsorted_batch u join batch b on b.campaign_id = u.campaign_id and b.first_id = u.first_id
     cross join lateral (select id, phone from message where id between b.first_id and b.last_id offset 0) as m
     where $1 between b.lowest_phone and b.highest_phone and m.phone = $1
       and ($2::bigint is null or u.account_id = $2)
     order by u.account_id, u.first_id`,
    [phone, accountId],
  );
  return rows;
}

/** The index skips from account to account: one look for each. */
async function selectSorted(sql: Queryable, phone: number, accountId: number | null): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `select p.message_id as id
     from account a join message_by_phone p on p.account_id = a.id and p.phone = $1
     where $2::bigint is null or a.id = $2`,
    [phone, accountId],
  );
  return rows.map(({ id }) => id);
}

/**
 * The ids of all messages to a number, of one account or (null) of all, in their order. Each is sorted by number or lies
 * in a batch that waits for that; who looks for the second first misses none that is sorted meanwhile.
 */
export async function messagesOfPhone(
  sql: Queryable,
  phone: number,
  accountId: number | null,
): Promise<number[]> {
  const waiting = (await selectUnsorted(sql, phone, accountId)).map(({ id }) => id);
  const ids = new Set([...waiting, ...(await selectSorted(sql, phone, accountId))]);
  return [...ids].sort((a, b) => a - b);
}

/**
 * The same in a transaction that will redact them: their batches are sorted before or after it, not meanwhile. A sorter
 * that is at one of them is waited for: some milliseconds.
 */
export async function lockMessagesOfPhone(
  client: pg.ClientBase,
  phone: number,
  accountId: number | null,
): Promise<number[]> {
  const waiting = await selectUnsorted(client, phone, accountId);
  await client.query(
    `select from unsorted_batch u
     where (account_id, first_id) in (select * from unnest($1::bigint[], $2::bigint[]))
     order by account_id, first_id for update`,
    [waiting.map((each) => each.accountId), waiting.map(({ firstId }) => firstId)],
  );
  const ids = new Set([...waiting.map(({ id }) => id), ...(await selectSorted(client, phone, accountId))]);
  return [...ids].sort((a, b) => a - b);
}

// One statement, so that a message is redacted everywhere or nowhere. $1 and $2 bound its ids, which names the partitions
// to look into. A row of message_by_phone is not there where the batch waits to be sorted: the sorter then finds 0.
const redactSql = (which: string) => `
with redacted as (
    update message m
    set phone = ${redactedPhone}, reference_id = null, text = case when m.text is not null then '' end
    from campaign c
    where m.id between $1 and $2 and ${which} and c.id = m.campaign_id
    returning m.id, c.account_id, old.phone, old.reference_id
  ),
  taken as (
    delete from message_by_phone p using redacted r
    where p.message_id between $1 and $2
      and p.account_id = r.account_id and p.phone = r.phone and p.message_id = r.id
    returning p.account_id, p.message_id
  ),
  put as (
    insert into message_by_phone (account_id, phone, message_id)
    select account_id, ${redactedPhone}, message_id from taken order by account_id, message_id
  ),
  forgotten as (
    delete from message_reference x using redacted r
    where r.reference_id is not null and x.account_id = r.account_id and x.reference_id = r.reference_id
  )
select count(*)::integer as n from redacted`;

const redactIds = redactSql('m.id = any($3::bigint[]) and m.phone = $4');
const redactRange = redactSql(`m.phone <> ${redactedPhone}`);

/** Rows are looked up by their keys: a hash join would read the order of a whole partition for a few of it. */
const lookUp = 'set local enable_hashjoin = off; set local enable_mergejoin = off';

/** Messages that one statement redacts. */
const messagesPerStatement = 5000;

/**
 * Redacts these messages to a number, which `lockMessagesOfPhone` gave and of which all are decided, in the caller's
 * transaction. Returns how many.
 */
export async function redactMessages(
  client: pg.ClientBase,
  ids: readonly number[],
  phone: number,
): Promise<number> {
  let redacted = 0;
  await client.query(lookUp);
  for (let at = 0; at < ids.length; at += messagesPerStatement) {
    const some = ids.slice(at, at + messagesPerStatement);
    const { rows } = await client.query<{ n: number }>(redactIds, [some[0], some.at(-1), some, phone]);
    redacted += rows[0]!.n;
    await client.query(
      `update batch b set lowest_phone = m.lowest, highest_phone = m.highest
       from (
         select distinct k.campaign_id, k.first_id, k.last_id
         from unnest($1::bigint[]) as i (id)
         cross join lateral (select campaign_id from message where id = i.id offset 0) as m
         cross join lateral (
           select campaign_id, first_id, last_id from batch
           where campaign_id = m.campaign_id and first_id <= i.id order by first_id desc limit 1
         ) as k
       ) as k
       cross join lateral (
         select min(phone) as lowest, max(phone) as highest from message
         where id between k.first_id and k.last_id offset 0
       ) as m
       where b.campaign_id = k.campaign_id and b.first_id = k.first_id`,
      [some],
    );
  }
  return redacted;
}

/** Batches that one transaction of `redactBatches` takes: 10,000 messages, some 200 ms. */
const batchesPerStep = 10;

/**
 * Redacts the next batches of a campaign of which every message is decided, in the caller's transaction.
 *
 * @param after the last id that an earlier call has redacted; 0 at first
 * @returns the last id that is redacted now and how many messages were; undefined where nothing is left
 */
export async function redactBatches(
  client: pg.ClientBase,
  campaignId: number,
  after: number,
): Promise<{ last: number; messages: number } | undefined> {
  const { rows: batches } = await client.query<{ first: number; last: number }>(
    `select first_id as first, last_id as last from batch
     where campaign_id = $1 and first_id > $2 and highest_phone <> ${redactedPhone}
     order by first_id limit ${batchesPerStep}`,
    [campaignId, after],
  );
  if (batches.length === 0) return undefined;
  const [first, last] = [batches[0]!.first, batches.at(-1)!.last];
  await client.query(
    `select from unsorted_batch u join campaign c on c.account_id = u.account_id and c.id = $1
     where u.first_id between $2 and $3 order by u.first_id for update of u`,
    [campaignId, first, last],
  );
  await client.query(lookUp);
  const { rows } = await client.query<{ n: number }>(redactRange, [first, last]);
  await client.query(
    `update batch set lowest_phone = ${redactedPhone}, highest_phone = ${redactedPhone}
     where campaign_id = $1 and first_id between $2 and $3`,
    [campaignId, first, last],
  );
  return { last, messages: rows[0]!.n };
}

/**
 * Empties the texts of campaigns that are one person's: of a campaign of one message, or of individual messages, which
 * shows the first one's text. Only where no message is left that says it, in the caller's transaction.
 */
export async function redactCampaignTexts(
  client: pg.ClientBase,
  campaignIds: readonly number[],
): Promise<void> {
  // A text that is common to all ends the first look at once.
  const { rows } = await client.query<{ id: number; first: number; last: number; count: number }>(
    `select c.id, c.first_message_id as first, c.first_message_id + c.message_count - 1 as last,
       c.message_count as count
     from campaign c cross join lateral (
       select exists (
         select from message
         where id between c.first_message_id and c.first_message_id + c.message_count - 1
           and text is null and phone <> ${redactedPhone}
       ) as yes offset 0
     ) as said
     where c.id = any($1::bigint[]) and c.text <> '' and not said.yes`,
    [campaignIds],
  );
  for (const { id, first, last, count } of rows) {
    await client.query(
      `update campaign set text = '' where id = $1 and ($2::integer = 1
         or exists (select from message where id between $3 and $4 and text is null)
           and exists (select from message where id between $3 and $4 and text is not null))`,
      [id, count, first, last],
    );
  }
}
