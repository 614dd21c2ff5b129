// Who works on which batch: the statements of a dispatcher's life and of its leases. A lease is a permission to mark
// messages as submitted; the fencing number proves that it is still held. Outcomes are facts and need no lease.

import type pg from 'pg';
import { statesFor, statusList } from '../campaigns/index.ts';
import { arrayLiteral, textArrayLiteral } from './arrays.ts';
import type { Sql } from './sql.ts';

/** The class of the advisory locks that dispatchers hold while they live: (1, dispatcher id). */
const livingClass = 1;

/** Tells the others that a dispatcher has come or gone: they share what accounts and operators allow a second. */
const tellOthers = `select pg_notify('carillon_work', '')`;

/** A leased batch, as claimed. */
export type Claim = {
  campaignId: number;
  firstId: number;
  lastId: number;
  /** Of which lane of its campaign it is. */
  route: string;
  /** A queued message up to here was perhaps written to a socket. */
  uncertainUpto: number;
  fence: number;
  /** The one country of its messages, where its campaign respects quiet hours. */
  country: string | null;
  /** When it was claimed, by the clock of the database. */
  at: Date;
};

/** Registers this process as a dispatcher and takes the lock that shows that it lives, on this very connection. */
export async function register(client: pg.ClientBase, host: string, pid: number): Promise<number> {
  const { rows } = await client.query(
    `with me as (insert into dispatcher (host, pid) values ($1, $2) returning id)
     select id, pg_advisory_lock(${livingClass}, id) from me`,
    [host, pid],
  );
  await client.query(tellOthers);
  return rows[0].id;
}

/**
 * Takes the lock again after the connection broke. Others may have thought this dispatcher dead meanwhile and ended
 * its leases; the fencing numbers tell.
 */
export async function registerAgain(
  client: pg.ClientBase,
  id: number,
  host: string,
  pid: number,
): Promise<void> {
  await client.query(
    `insert into dispatcher (id, host, pid) overriding system value values ($1, $2, $3) on conflict (id) do nothing`,
    [id, host, pid],
  );
  await client.query(`select pg_advisory_lock(${livingClass}, $1)`, [id]);
  await client.query(tellOthers);
}

/** Removes a dispatcher that has given back everything. */
export async function unregister(client: pg.ClientBase, dispatcherId: number): Promise<void> {
  await client.query('delete from dispatcher where id = $1', [dispatcherId]);
  await client.query(`select pg_advisory_unlock(${livingClass}, $1)`, [dispatcherId]);
  await client.query(tellOthers);
}

/**
 * Finds dispatchers whose connection is gone, and ends their leases, so that their batches can be claimed at once
 * instead of after the lease. A dispatcher that only lost its connection learns it from its fencing numbers.
 *
 * @returns how many dead dispatchers were found
 */
export async function sweepDead(client: Sql): Promise<number> {
  const { rows } = await client.query(
    `with dead as (
       delete from dispatcher d where pg_try_advisory_xact_lock(${livingClass}, d.id) returning d.id
     ),
     freed as (
       update batch b set lease_until = now() from dead where b.lease_owner = dead.id and b.state = 0
     )
     select count(*)::integer as n from dead`,
  );
  if (rows[0].n > 0) await client.query(tellOthers);
  return rows[0].n;
}

// What both ways of claiming have in common. SKIP LOCKED lets dispatchers claim side by side; the partial index
// batch_open finds the first open batch without the done ones. A dispatcher that slept past its lease does not claim
// from itself: its messages may still be on their way.
const claimSql = (wanted: string, condition: string, order: string) => `
with pick as (
    select b.campaign_id, b.first_id
    from ${wanted} cross join lateral (
      select campaign_id, first_id from batch
      where campaign_id = want.campaign_id and state = 0
        and (lease_until is null or (lease_until <= now() and lease_owner is distinct from $2))
        and ${condition}
      order by ${order} limit 1
      for update skip locked
    ) as b
  )
update batch b
set lease_owner = $2, lease_until = now() + make_interval(secs => $3), fence = b.fence + 1
from pick
where b.campaign_id = pick.campaign_id and b.first_id = pick.first_id
returning b.campaign_id as "campaignId", b.first_id as "firstId", b.last_id as "lastId", b.route,
  b.uncertain_upto as "uncertainUpto", b.fence, b.country, now() as at`;

const claimNextSql = claimSql(
  'unnest($1::bigint[], $4::text[]) as want (campaign_id, route)',
  'route = want.route and (not_before is null or not_before <= now())',
  'first_id',
);
const claimAnySql = claimSql('unnest($1::bigint[]) as want (campaign_id)', 'true', 'route, first_id');

/**
 * Claims the next open batch of each of these lanes, where there is one that nobody holds and that need not wait for
 * the end of quiet hours: one probe of the index for each lane.
 */
export async function claim(
  client: Sql,
  lanes: readonly { campaignId: number; route: string }[],
  dispatcherId: number,
  leaseSeconds: number,
): Promise<Claim[]> {
  const { rows } = await client.query({
    name: 'claim',
    text: claimNextSql,
    values: [
      arrayLiteral(lanes.map((lane) => lane.campaignId)),
      dispatcherId,
      leaseSeconds,
      textArrayLiteral(lanes.map((lane) => lane.route)),
    ],
  });
  return rows;
}

/** Claims an open batch of each of these campaigns, of whatever route and also in quiet hours: to cancel it. */
export async function claimToCancel(
  client: Sql,
  campaignIds: readonly number[],
  dispatcherId: number,
  leaseSeconds: number,
): Promise<Claim[]> {
  const { rows } = await client.query({
    name: 'claim-to-cancel',
    text: claimAnySql,
    values: [arrayLiteral(campaignIds), dispatcherId, leaseSeconds],
  });
  return rows;
}

/** One batch's new high-water mark. */
export type Mark = { campaignId: number; firstId: number; fence: number; upto: number };

/**
 * Moves high-water marks forward, durably, before any of those messages is written to a socket, and renews the
 * leases on the way.
 *
 * @returns the first ids of the batches that are still ours; the others were taken over and must be dropped
 */
export async function mark(
  client: Sql,
  marks: readonly Mark[],
  dispatcherId: number,
  leaseSeconds: number,
): Promise<Set<number>> {
  const { rows } = await client.query({
    name: 'mark',
    text: `
update batch b
set submitted_upto = greatest(b.submitted_upto, m.upto), uncertain_upto = m.upto,
  lease_until = now() + make_interval(secs => $6)
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as m (campaign_id, first_id, fence, upto)
where b.campaign_id = m.campaign_id and b.first_id = m.first_id and b.fence = m.fence and b.lease_owner = $5
  and b.state = 0
returning b.first_id as "firstId"`,
    values: [
      arrayLiteral(marks.map((m) => m.campaignId)),
      arrayLiteral(marks.map((m) => m.firstId)),
      arrayLiteral(marks.map((m) => m.fence)),
      arrayLiteral(marks.map((m) => m.upto)),
      dispatcherId,
      leaseSeconds,
    ],
  });
  return new Set(rows.map((row) => row.firstId));
}

/** Renews every lease of this dispatcher. @returns the first ids of the batches that are still ours */
export async function renew(client: Sql, dispatcherId: number, leaseSeconds: number): Promise<Set<number>> {
  const { rows } = await client.query({
    name: 'renew',
    text: `
update batch set lease_until = now() + make_interval(secs => $2)
where lease_owner = $1 and state = 0
returning first_id as "firstId"`,
    values: [dispatcherId, leaseSeconds],
  });
  return new Set(rows.map((row) => row.firstId));
}

/** Gives back batches that were claimed when the answer to the claim was lost: nothing of them was ever marked. */
export async function disown(client: Sql, firstIds: readonly number[], dispatcherId: number): Promise<void> {
  await client.query(
    `update batch set lease_owner = null, lease_until = null
     where lease_owner = $1 and state = 0 and first_id = any($2::bigint[])`,
    [dispatcherId, arrayLiteral(firstIds)],
  );
}

/**
 * Gives batches back before their end. `upto` may lie below the mark: a dispatcher that surely knows that no queued
 * message beyond it was written to a socket spares the next one to treat them as uncertain.
 */
export async function release(client: Sql, marks: readonly Mark[], dispatcherId: number): Promise<void> {
  await client.query({
    name: 'release',
    text: `
update batch b set uncertain_upto = m.upto, lease_owner = null, lease_until = null
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as m (campaign_id, first_id, fence, upto)
where b.campaign_id = m.campaign_id and b.first_id = m.first_id and b.fence = m.fence and b.lease_owner = $5
  and b.state = 0`,
    values: [
      arrayLiteral(marks.map((m) => m.campaignId)),
      arrayLiteral(marks.map((m) => m.firstId)),
      arrayLiteral(marks.map((m) => m.fence)),
      arrayLiteral(marks.map((m) => m.upto)),
      dispatcherId,
    ],
  });
}

/**
 * Ends batches whose messages have all left the queue: they wait for receipts until their deadline. A campaign whose
 * last batch ends is done; its row is locked, so that two dispatchers that end the last two batches agree.
 *
 * @param graceMinutes how long after the validity a receipt may still come
 * @returns the ids of the campaigns that are done by this
 */
export async function complete(
  client: Sql,
  batches: readonly Omit<Mark, 'upto'>[],
  graceMinutes: number,
): Promise<number[]> {
  const { rows } = await client.query({
    name: 'complete',
    text: `
with ended as (
    update batch b
    set state = 1, lease_owner = null, lease_until = null,
      deadline = now() + make_interval(secs => coalesce(c.validity_s, c.validity_h * 3600), mins => $4)
    from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as e (campaign_id, first_id, fence), campaign c
    where b.campaign_id = e.campaign_id and b.first_id = e.first_id and b.fence = e.fence and b.state = 0
      and c.id = e.campaign_id
    returning b.campaign_id
  ),
  per_campaign as (select campaign_id, count(*) as n from ended group by campaign_id),
  locked as materialized (
    select id from campaign where id in (select campaign_id from per_campaign) order by id for update
  )
update campaign c
set open_batches = c.open_batches - p.n,
  status = case when c.open_batches = p.n and c.status in (${statusList(statesFor('finish'))}) then 'done'
    else c.status end,
  finished_at = case when c.open_batches = p.n then coalesce(c.finished_at, now()) else c.finished_at end
from locked l join per_campaign p on p.campaign_id = l.id
where c.id = l.id
returning c.id, c.status`,
    values: [
      arrayLiteral(batches.map((b) => b.campaignId)),
      arrayLiteral(batches.map((b) => b.firstId)),
      arrayLiteral(batches.map((b) => b.fence)),
      graceMinutes,
    ],
  });
  return rows.filter((row) => row.status === 'done').map((row) => row.id);
}
