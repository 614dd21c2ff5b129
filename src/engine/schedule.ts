// The statements of the engine's clock: campaigns that are due, batches of stopped campaigns, receipts that never
// came, and messages that were perhaps sent before a crash. Every dispatcher may run them at any time: rows are
// locked, and what has happened already is not done twice.

import { cancelledStatuses, statesFor, statusList } from '../campaigns/index.ts';
import { Reason, Status } from '../messages/index.ts';
import { arrayLiteral, textArrayLiteral } from './arrays.ts';
import type { Claim } from './leases.ts';
import { settle } from './settle.ts';
import type { Sql } from './sql.ts';

/** How many campaigns one statement starts. */
const startLimit = 500;

/** What one look at the scheduled campaigns found. */
export type Started = {
  /** Whether there may be more that are due. */
  more: boolean;
  /** In how many milliseconds the next is due; null where none is scheduled. */
  nextInMs: number | null;
  /** The time of the database. */
  now: Date;
  /** How many dispatchers live, or are not known to be dead. */
  dispatchers: number;
};

/** Starts the campaigns whose time has come: also those whose time came when nobody was there to see it. */
export async function startDue(client: Sql): Promise<Started> {
  const { rows } = await client.query({
    name: 'start-due',
    text: `
with due as (
    select id from campaign where status in (${statusList(statesFor('start'))}) and start_at <= now()
    order by start_at limit ${startLimit} for update skip locked
  ),
  started as (
    update campaign c set status = 'sending', actual_start_at = coalesce(actual_start_at, now())
    from due where c.id = due.id
  )
select now() as now, (select count(*)::integer from dispatcher) as dispatchers, (select count(*) = ${startLimit} from due) as more,
  (select (extract(epoch from min(start_at) - now()) * 1000)::float8 from campaign
   where status in (${statusList(statesFor('start'))}) and start_at > now()) as "nextInMs"`,
  });
  return rows[0];
}

/** A lane that has batches which nobody holds. */
export type OpenLane = { campaignId: number; accountId: number; route: string };

/**
 * The lanes of sending campaigns that have a batch to claim. One probe of batch_open for each lane: a campaign's routes
 * stand in its row, so that its batches need not be looked through for them. LATERAL and LIMIT leave the planner that
 * way only: as EXISTS it may compare every open batch of a campaign with each of its routes.
 */
export async function openLanes(client: Sql): Promise<OpenLane[]> {
  const { rows } = await client.query({
    name: 'open-lanes',
    text: `
select c.id as "campaignId", c.account_id as "accountId", r.route
from campaign c cross join lateral unnest(c.routes) as r (route)
cross join lateral (
  select from batch
  where campaign_id = c.id and route = r.route and state = 0
    and (lease_until is null or lease_until <= now())
    and (not_before is null or not_before <= now())
  limit 1
) as open
where c.status = 'sending'
order by c.id, r.route`,
  });
  return rows;
}

/** Of these campaigns, those that must not send any more: paused, stopped. */
export async function noLongerSending(client: Sql, campaignIds: readonly number[]): Promise<number[]> {
  const { rows } = await client.query({
    name: 'no-longer-sending',
    text: `select id from campaign where id = any($1::bigint[]) and status <> 'sending'`,
    values: [arrayLiteral(campaignIds)],
  });
  return rows.map((row) => row.id);
}

/** How many stopped campaigns one statement cancels a batch of. */
const cancelLimit = 20;

/**
 * Stopped and rejected campaigns with a batch to claim. A batch that is held is given back first: by its dispatcher,
 * when its last message on its way is resolved. The index campaign_cancel holds these campaigns only.
 */
export async function campaignsToCancel(client: Sql): Promise<number[]> {
  const { rows } = await client.query({
    name: 'to-cancel',
    text: `
select id from campaign c
where status in (${statusList(cancelledStatuses)}) and open_batches > 0 and exists (
  select 1 from batch b
  where b.campaign_id = c.id and b.state = 0 and (b.lease_until is null or b.lease_until <= now()))
order by id limit ${cancelLimit}`,
  });
  return rows.map((row) => row.id);
}

/** Messages to one country that have to wait. */
export type Held = { campaignId: number; country: string; until: Date };

/** Holds every open batch of these campaigns to these countries until the end of the quiet hours there. */
export async function holdBatches(client: Sql, held: readonly Held[]): Promise<void> {
  await client.query({
    name: 'hold-batches',
    text: `
update batch b set not_before = h.until
from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as h (campaign_id, country, until)
where b.campaign_id = h.campaign_id and b.country = h.country and b.state = 0
  and b.not_before is distinct from h.until`,
    values: [
      arrayLiteral(held.map((h) => h.campaignId)),
      textArrayLiteral(held.map((h) => h.country)),
      textArrayLiteral(held.map((h) => h.until.toISOString())),
    ],
  });
}

/** The most messages a second of these accounts, of those that have a limit, and how many dispatchers share it. */
export async function accountLimits(
  client: Sql,
  accountIds: readonly number[],
): Promise<{ accountId: number; perSecond: number; dispatchers: number }[]> {
  const { rows } = await client.query({
    name: 'account-limits',
    text: `
select id as "accountId", messages_per_second as "perSecond", (select count(*)::integer from dispatcher) as dispatchers
from account where id = any($1::bigint[]) and messages_per_second is not null`,
    values: [arrayLiteral(accountIds)],
  });
  return rows;
}

/**
 * A CTE \`target\`: the ids of the messages in the ranges of a CTE that has first_id and last_id, with its columns; of
 * those messages that are in one of these states. LATERAL and OFFSET 0 leave the planner one way only: a short index
 * range scan per range. As a plain join it may walk the whole table and compare every message with every range.
 */
function messagesIn(ranges: string, ...states: number[]): string {
  return `
  target as materialized (
    select m.id, r.* from ${ranges} r cross join lateral (
      select id from message
      where id between r.first_id and r.last_id and status in (${states.join(', ')})
      order by id offset 0
    ) as m
  )`;
}

const cancelSql = `
with claimed as (
    select b.first_id, b.last_id, b.upto,
      case when c.status = 'spam' then ${Reason.rejected} else ${Reason.cancelled} end as reason
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $5::bigint[]) as b (first_id, last_id, upto, campaign_id)
    join campaign c on c.id = b.campaign_id
  ),${messagesIn('claimed', Status.queued)},
  changed as (
    update message m
    set status = case when m.id <= t.upto then ${Status.timedOut} else ${Status.failed} end,
      error = case when m.id <= t.upto then ${Reason.uncertain} else t.reason end,
      done_at = now()
    from target t
    where m.id = t.id and m.status = ${Status.queued}
    returning m.campaign_id, old.status as was, new.status as now, m.on_delivery, m.price_e7
  ),${settle('$4')}
select count(*)::integer as n from changed`;

/**
 * Cancels what has not left of these claimed batches: failed, as cancelled or as rejected, and the money given back.
 * What was perhaps sent before a crash is not cancelled but unknown.
 */
export async function cancel(client: Sql, claims: readonly Claim[], slot: number): Promise<number> {
  const { rows } = await client.query({
    name: 'cancel',
    text: cancelSql,
    values: [
      arrayLiteral(claims.map((c) => c.firstId)),
      arrayLiteral(claims.map((c) => c.lastId)),
      arrayLiteral(claims.map((c) => c.uncertainUpto)),
      slot,
      arrayLiteral(claims.map((c) => c.campaignId)),
    ],
  });
  return rows[0].n;
}

/** A claimed batch that has messages below its mark without an outcome. */
export type Uncertain = {
  campaignId: number;
  firstId: number;
  messages: number;
  policy: 'resend' | 'unknown';
};

/**
 * Looks into claimed batches for messages that were perhaps sent, writes an uncertain_event for each batch that has
 * some, and where the campaign asks for at most once, makes them unknown.
 */
export async function settleUncertain(
  client: Sql,
  claims: readonly Claim[],
  slot: number,
): Promise<Uncertain[]> {
  const marked = claims.filter((c) => c.uncertainUpto >= c.firstId);
  if (marked.length === 0) return [];
  const { rows } = await client.query({
    name: 'settle-uncertain',
    text: `
with marked as (
    select b.campaign_id, b.first_id, b.upto as last_id, b.upto, c.uncertain as policy
    from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as b (campaign_id, first_id, upto)
    join campaign c on c.id = b.campaign_id
  ),
  found as (
    select k.campaign_id, k.first_id, k.policy, q.n
    from marked k cross join lateral (
      select count(*)::integer as n from message m
      where m.id between k.first_id and k.upto and m.status = ${Status.queued}) as q
    where q.n > 0
  ),
  forsaken as (select * from marked where policy = 'unknown'),${messagesIn('forsaken', Status.queued)},
  logged as (
    insert into uncertain_event (campaign_id, first_id, messages, cause, policy)
    select campaign_id, first_id, n, 'takeover', policy from found
  ),
  changed as (
    update message m set status = ${Status.timedOut}, error = ${Reason.uncertain}, sent_at = now()
    from target t
    where m.id = t.id and m.status = ${Status.queued}
    returning m.campaign_id, old.status as was, new.status as now, m.on_delivery, m.price_e7
  ),${settle('$4')}
select campaign_id as "campaignId", first_id as "firstId", n as messages, policy from found`,
    values: [
      arrayLiteral(marked.map((c) => c.campaignId)),
      arrayLiteral(marked.map((c) => c.firstId)),
      arrayLiteral(marked.map((c) => c.uncertainUpto)),
      slot,
    ],
  });
  return rows;
}

/** How many batches one statement closes. */
const timeoutLimit = 50;

/**
 * Closes batches whose deadline has passed: sent messages without a final receipt become unknown, until a real
 * receipt proves otherwise. Found by the batch's deadline, so no message is looked at before its time.
 *
 * @returns how many batches were closed; call again while it is the limit
 */
export async function timeOut(
  client: Sql,
  slot: number,
): Promise<{ batches: number; messages: number; campaigns: number[] }> {
  const { rows } = await client.query({
    name: 'time-out',
    text: `
with due as (
    select campaign_id, first_id, last_id, last_id as upto from batch
    where state = 1 and deadline <= now() order by deadline limit ${timeoutLimit} for update skip locked
  ),
  closed as (
    update batch b set state = 2 from due where b.campaign_id = due.campaign_id and b.first_id = due.first_id
  ),${messagesIn('due', Status.sent, Status.accepted)},
  changed as (
    update message m set status = ${Status.timedOut}, error = ${Reason.receiptTimeout}, done_at = now()
    from target t
    where m.id = t.id and m.status in (${Status.sent}, ${Status.accepted})
    returning m.campaign_id, old.status as was, new.status as now, m.on_delivery, m.price_e7
  ),${settle('$1')}
select (select count(*)::integer from due) as batches, (select count(*)::integer from changed) as messages,
  (select coalesce(array_agg(distinct campaign_id), '{}') from due) as campaigns`,
    values: [slot],
  });
  return rows[0];
}

/** Makes the partitions of `submission` for today and tomorrow, where they are missing. */
export async function makePartitions(client: Sql): Promise<void> {
  await client.query({
    name: 'make-partitions',
    text: `select make_submission_partition(now()), make_submission_partition(now() + interval '1 day')`,
  });
}
