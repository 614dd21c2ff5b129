// The statements that write down delivery receipts whose messages are known. Called by the matcher, for each group that
// its journal gathered, and for orphans that found their message.

import type pg from 'pg';
import { Status } from '../messages/index.ts';
import { arrayLiteral, textArrayLiteral } from './arrays.ts';
import type { Arrival } from './matcher.ts';
import { settle } from './settle.ts';

/** How far back an operator's id may name a message: the longest validity and a generous grace. */
export const idLife = `interval '8 days'`;
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
export type Known = Pick<Arrival, 'messageId' | 'part' | 'smscId' | 'status' | 'error'>;

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

/** The statements of a group, for a caller that has begun a transaction. */
export async function writeArrivals(
  client: pg.ClientBase,
  group: readonly Known[],
  slot: number,
): Promise<void> {
  const whole: ReceiptGroup = { messageIds: [], statuses: [], errors: [] };
  const at = new Map<number, number>();
  const ofParts = new Map<string, Known>();
  for (const arrival of group) {
    const { messageId, part, status, error } = arrival;
    if (part >= 0) {
      const key = `${messageId}/${part}/${arrival.smscId}`;
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
  if (ofParts.size > 0) await lockMessages(client, [...ofParts.values()]);
  if (whole.messageIds.length > 0) await commitReceipts(client, whole, slot);
  if (ofParts.size > 0) await commitPartReceipts(client, [...ofParts.values()], slot);
}

// Two processes may each have the receipt of another part of one message: the second waits here for the first, and
// then sees its part. Without that neither would see all parts, and the message stayed as it is for ever. Before all
// else in the transaction, and by id, so that nobody waits in a circle.
async function lockMessages(client: pg.ClientBase, parts: readonly Known[]): Promise<void> {
  await client.query({
    name: 'lock-messages',
    text: 'select from message where id = any($1::bigint[]) order by id for no key update',
    values: [arrayLiteral([...new Set(parts.map((a) => a.messageId))])],
  });
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
from unnest($1::bigint[], $2::text[], $3::smallint[], $4::smallint[]) as i (message_id, smsc_id, status, part)
where s.message_id = i.message_id and s.smsc_message_id = i.smsc_id and s.part = i.part and s.part >= 0
  and s.at > now() - ${idLife}
  and (s.state is null or (s.state = ${Status.accepted} and i.status <> ${Status.accepted}))`,
    values: [
      arrayLiteral(parts.map((a) => a.messageId)),
      textArrayLiteral(parts.map((a) => a.smscId)),
      arrayLiteral(parts.map((a) => a.status)),
      arrayLiteral(parts.map((a) => a.part)),
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
