// The statements that write down delivery receipts and find their messages. Called by the matcher, for each group
// that its journal gathered.

import type pg from 'pg';
import { Status } from '../messages/index.ts';
import { arrayLiteral, textArrayLiteral } from './arrays.ts';
import type { Arrival } from './matcher.ts';
import { otherNotations } from './notation.ts';
import { settle } from './settle.ts';

/** How far back an operator's id may name a message: the longest validity and a generous grace. */
const idLife = `interval '8 days'`;
/** How long an orphan is kept. */
const orphanLife = `interval '30 days'`;
/** How many orphans one look takes. */
const orphanLimit = 2000;

/** Receipts of whole messages, at most one per message. Struct of arrays. */
type ReceiptGroup = { readonly messageIds: number[]; readonly statuses: number[]; readonly errors: number[] };

// What a receipt may replace (src/messages/status.ts): `accepted` what is not accepted yet, a final state everything
// that is not final, and `timedOut`, which was our own guess. The final ones are listed by their time for
// src/messages/by-delivery.ts: a row per campaign and statement, not one per message.
const commitSql = `
with input as materialized (
    select * from unnest($1::bigint[], $2::smallint[], $3::integer[]) as i (id, status, error)
  ),
  changed as (
    update message m
    set status = i.status, error = nullif(i.error, 0),
      done_at = case when i.status <> ${Status.accepted} then now() end
    from input i
    where m.id = i.id
      and (m.status in (${Status.queued}, ${Status.sent})
        or (i.status <> ${Status.accepted} and m.status in (${Status.accepted}, ${Status.timedOut})))
    returning m.id, m.campaign_id, old.status as was, new.status as now, m.on_delivery, m.price_e7
  ),
  listed as (
    insert into delivery_group (account_id, delivered_at, first_id, campaign_id, n, message_ids)
    select c.account_id, now(), g.first_id, g.campaign_id, g.n, g.ids
    from (
      select campaign_id, min(id) as first_id, count(*) as n, array_agg(id) as ids
      from changed where now <> ${Status.accepted} group by campaign_id, message_partition(id)
    ) as g join campaign c on c.id = g.campaign_id
  ),${settle('$4')}
select count(*)::integer as n from changed`;

// One statement a group: states, counters, ledger and balance. Idempotent: a second receipt changes nothing.
async function commitReceipts(client: pg.ClientBase, group: ReceiptGroup, slot: number): Promise<void> {
  await client.query({
    name: 'commit-receipts',
    text: commitSql,
    values: [arrayLiteral(group.messageIds), arrayLiteral(group.statuses), arrayLiteral(group.errors), slot],
  });
}

/** What is written down of a receipt whose message is known. */
type Known = Pick<Arrival, 'messageId' | 'part' | 'smscId' | 'status' | 'error'>;

/** Commits a group of receipts whose messages are known, atomically. May be repeated. */
export async function commitArrivals(
  client: pg.ClientBase,
  group: readonly Known[],
  slot: number,
): Promise<void> {
  // Without parts it is one statement, which is a transaction by itself.
  const several = group.some((arrival) => arrival.part >= 0);
  if (several) await client.query('begin');
  await writeArrivals(client, group, slot);
  if (several) await client.query('commit');
}

async function writeArrivals(client: pg.ClientBase, group: readonly Known[], slot: number): Promise<void> {
  const whole: ReceiptGroup = { messageIds: [], statuses: [], errors: [] };
  const at = new Map<number, number>();
  const ofParts = new Map<string, Known>();
  for (const arrival of group) {
    const { messageId, part, status, error } = arrival;
    if (part >= 0) {
      const key = `${messageId}/${arrival.smscId}`;
      const other = ofParts.get(key);
      if (other === undefined || other.status === Status.accepted) ofParts.set(key, arrival);
      continue;
    }
    // A final word beats `accepted`, and the first final one beats the others.
    const index = at.get(messageId);
    if (index === undefined) {
      at.set(messageId, whole.messageIds.length);
      whole.messageIds.push(messageId);
      whole.statuses.push(status);
      whole.errors.push(error);
    } else if (whole.statuses[index] === Status.accepted) {
      whole.statuses[index] = status;
      whole.errors[index] = error;
    }
  }
  if (whole.messageIds.length > 0) await commitReceipts(client, whole, slot);
  if (ofParts.size > 0) await commitPartReceipts(client, [...ofParts.values()], slot);
}

// Receipts of parts: the part's state is kept with its submission; a message is delivered when all its parts are, and
// any failed part decides. Two statements, since the second must see what the first wrote.
async function commitPartReceipts(
  client: pg.ClientBase,
  parts: readonly Known[],
  slot: number,
): Promise<void> {
  await client.query({
    name: 'part-receipts',
    text: `
update submission s set state = i.status
from unnest($1::bigint[], $2::text[], $3::smallint[]) as i (message_id, smsc_id, status)
where s.message_id = i.message_id and s.smsc_message_id = i.smsc_id and s.part >= 0 and s.at > now() - ${idLife}
  and (s.state is null or (s.state = ${Status.accepted} and i.status <> ${Status.accepted}))`,
    values: [
      arrayLiteral(parts.map((a) => a.messageId)),
      textArrayLiteral(parts.map((a) => a.smscId)),
      arrayLiteral(parts.map((a) => a.status)),
    ],
  });
  const ids = [...new Set(parts.map((a) => a.messageId))];
  const { rows } = await client.query<{ id: number; status: number }>({
    name: 'part-states',
    text: `
select id, status from (
  select m.id, case
      when count(*) filter (where s.state in (${Status.undelivered}, ${Status.expired}, ${Status.unknown})) > 0
        then min(s.state) filter (where s.state in (${Status.undelivered}, ${Status.expired}, ${Status.unknown}))
      when count(distinct s.part) filter (where s.state = ${Status.delivered}) = m.parts then ${Status.delivered}
      when count(distinct s.part) filter (where s.state in (${Status.accepted}, ${Status.delivered})) = m.parts
        then ${Status.accepted}
    end as status
  from unnest($1::bigint[]) as i (id)
  join message m on m.id = i.id
  join submission s on s.message_id = m.id and s.part >= 0 and s.at > now() - ${idLife}
  group by m.id, m.parts
) as message_state
where status is not null`,
    values: [arrayLiteral(ids)],
  });
  const errors = new Map(parts.filter((a) => a.error !== 0).map((a) => [a.messageId, a.error]));
  if (rows.length > 0) {
    await commitReceipts(
      client,
      {
        messageIds: rows.map((r) => r.id),
        statuses: rows.map((r) => r.status),
        errors: rows.map((r) => (r.status === Status.delivered ? 0 : (errors.get(r.id) ?? 0))),
      },
      slot,
    );
  }
}

/** A submission that a receipt names. */
export type Found = { messageId: number; part: number; smscId: string };

// The newest use of an id counts: operators begin anew after days. The phone proves a guess at another notation.
const findSql = `
select i.ord::integer, s.message_id as "messageId", s.part, i.smsc_id as "smscId"
from unnest($1::integer[], $2::text[], $3::bigint[]) with ordinality as i (connector_id, smsc_id, phone, ord)
cross join lateral (
  select message_id, part from submission
  where smsc_message_id = i.smsc_id and connector_id = i.connector_id and at > now() - ${idLife}
  order by at desc limit 1
) as s
join message m on m.id = s.message_id
where i.phone = 0 or m.phone = i.phone
order by i.ord`;

/**
 * Finds the submissions that receipts name, in the table.
 *
 * @param otherNotation look for the ids as operators may write them otherwise (hexadecimal for decimal and back),
 *   and believe it only where the phone is the same
 * @returns for each arrival its submission, or undefined
 */
export async function findSubmissions(
  pool: pg.Pool,
  arrivals: readonly Arrival[],
  otherNotation: boolean,
): Promise<(Found | undefined)[]> {
  const owner: number[] = [];
  const connectors: number[] = [];
  const ids: string[] = [];
  const phones: number[] = [];
  const look = (index: number, id: string, phone: number) => {
    owner.push(index);
    connectors.push(arrivals[index]!.connector.id);
    ids.push(id);
    phones.push(phone);
  };
  arrivals.forEach((arrival, index) => {
    look(index, arrival.smscId, 0);
    if (!otherNotation || arrival.connector.config.messageIdFormat !== 'auto') return;
    const phone = /^\+?\d{1,15}$/.test(arrival.phone) ? Number(arrival.phone) : -1;
    for (const id of otherNotations(arrival.smscId)) look(index, id, phone);
  });
  const { rows } = await pool.query<Found & { ord: number }>({
    name: 'find-submissions',
    text: findSql,
    values: [arrayLiteral(connectors), textArrayLiteral(ids), arrayLiteral(phones)],
  });
  const found: (Found | undefined)[] = new Array(arrivals.length).fill(undefined);
  for (const { ord, ...submission } of rows) found[owner[ord - 1]!] ??= submission;
  return found;
}

/** Keeps receipts whose message nobody knows (yet). */
export async function keepOrphans(pool: pg.Pool, arrivals: readonly Arrival[]): Promise<void> {
  await pool.query({
    name: 'keep-orphans',
    text: `
insert into orphan_receipt (connector_id, smsc_message_id, phone, status, error)
select * from unnest($1::integer[], $2::text[], $3::text[], $4::smallint[], $5::integer[])`,
    values: [
      arrayLiteral(arrivals.map((a) => a.connector.id)),
      textArrayLiteral(arrivals.map((a) => a.smscId)),
      textArrayLiteral(arrivals.map((a) => a.phone)),
      arrayLiteral(arrivals.map((a) => a.status)),
      arrayLiteral(arrivals.map((a) => a.error)),
    ],
  });
}

/**
 * Commits orphans whose message has become known since, and forgets the oldest.
 *
 * @returns how many found their message
 */
export async function takeOrphans(pool: pg.Pool, slot: number): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query({
      name: 'match-orphans',
      text: `
select o.id, o.smsc_message_id as "smscId", o.status, o.error, s.message_id as "messageId", s.part
from orphan_receipt o
cross join lateral (
  select message_id, part from submission
  where smsc_message_id = o.smsc_message_id and connector_id = o.connector_id and at > now() - ${idLife}
  order by at desc limit 1
) as s
order by o.id limit ${orphanLimit}
for update of o skip locked`,
    });
    if (rows.length > 0) {
      await client.query('delete from orphan_receipt where id = any($1::bigint[])', [rows.map((r) => r.id)]);
      await writeArrivals(client, rows, slot);
    }
    await client.query(`delete from orphan_receipt where at < now() - ${orphanLife}`);
    await client.query('commit');
    return rows.length;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
