// Removing an operator, so that no receipt loses its message. What it was sent is known by the operator's id, and its
// receipts come over its sessions: so it stays while anything of it is open. Called by the admin API and the command
// line.
//
// In the way are, in this order: routes, which would lead nowhere; messages that it took and that have no final receipt,
// until their validity is over; and messages on their way when its last route was removed, which may be with it although
// no answer says so yet. Rows of `submission`, messages and orphan receipts keep its id, which is never used again; a
// receipt in `orphan_receipt` is matched also when its operator is gone.

import type pg from 'pg';
import { type Db, transaction } from '../db/index.ts';
import { Status } from '../messages/index.ts';
import { type Actor, audit, notFound, OperatorError, type OperatorSummary, operatorById } from './store.ts';

/** A connection in a transaction. */
type Client = pg.ClientBase;

/** More messages than this are not counted: what has to be done is the same. */
const countLimit = 10_000;
/** More routes or campaigns than this are not named. */
const namedLimit = 5;
/** Every engine has taken up the end of a route after so long; a campaign that began later never used it. */
const takenUp = `interval '1 minute'`;

/**
 * Removes an operator and returns what it was. Throws OperatorError when there is none, and when it is still needed:
 * the message says what to do first.
 */
export async function removeOperator(db: Db, id: number, by?: Actor): Promise<OperatorSummary> {
  const operator = await operatorById(db, id);
  const { name } = operator;
  return transaction(db, async (client) => {
    // A route that is added meanwhile waits for this lock, and then finds no operator.
    const { rowCount } = await client.query('select from operator where id = $1 for update', [id]);
    if (rowCount === 0) throw notFound(name);
    const routes = await routesTo(client, id);
    if (routes.length > 0) {
      throw inUse(`${words('route', routes)} to ${name}: remove what leads there first`);
    }
    const waiting = await messagesWithout(client, id);
    if (waiting > 0) {
      const number = waiting < countLimit ? String(waiting) : `${countLimit} or more`;
      const messages = waiting === 1 ? 'message that has' : 'messages that have';
      throw inUse(
        `${name} took ${number} ${messages} no final receipt yet: keep it enabled until they have, or until their validity is over`,
      );
    }
    const campaigns = await campaignsOnTheirWay(client, id);
    if (campaigns.length > 0) {
      throw inUse(
        `${words('campaign', campaigns)}: messages on their way since before the routes to ${name} were removed may be ` +
          'with it: try again when they are answered, or pause what goes on for long',
      );
    }
    await client.query('delete from operator where id = $1', [id]);
    const { id: _, ...details } = operator;
    await audit(client, by, 'operator.remove', `operator/${id}`, details);
    return operator;
  });
}

function inUse(message: string): OperatorError {
  return new OperatorError('operator_in_use', message);
}

/** `route 3`, `routes 3, 7`; of many the first. */
function words(thing: string, ids: readonly number[]): string {
  const more = ids.length > namedLimit ? ', …' : '';
  return `${thing}${ids.length === 1 ? '' : 's'} ${ids.slice(0, namedLimit).join(', ')}${more}`;
}

async function routesTo(client: Client, id: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select id from route where operator_id = $1 order by id limit ${namedLimit + 1}`,
    [id],
  );
  return rows.map((row) => row.id);
}

/**
 * How many messages the operator took that have no final receipt, up to a limit. Only campaigns whose counters know of
 * such messages are looked into, and of these the batches that can still change by time.
 */
async function messagesWithout(client: Client, id: number): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `with waiting as (
       select campaign_id from campaign_count where status in (${Status.sent}, ${Status.accepted})
       group by campaign_id having sum(n) > 0
     )
     select count(*)::integer as n from (
       select from waiting w
       join batch b on b.campaign_id = w.campaign_id and b.state < 2 and b.submitted_upto >= b.first_id
       cross join lateral (
         select from message
         where id between b.first_id and b.submitted_upto and connector_id = $1
           and status in (${Status.sent}, ${Status.accepted})
         offset 0
       ) as m
       limit ${countLimit}
     ) as found`,
    [id],
  );
  return rows[0]!.n;
}

/**
 * Campaigns with messages that were perhaps written to an operator and have no answer, and that began while a route led
 * to this one. A simulator gets test campaigns without any route.
 */
async function campaignsOnTheirWay(client: Client, id: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select distinct c.id
     from operator o
     join batch b on b.state = 0 and b.uncertain_upto >= b.first_id
     join campaign c on c.id = b.campaign_id
     where o.id = $1
       and (c.actual_start_at <= o.route_removed_at + ${takenUp} or (c.test and o.simulator))
       and exists (
         select from message
         where id between b.first_id and b.uncertain_upto and status = ${Status.queued}
         offset 0
       )
     order by c.id limit ${namedLimit + 1}`,
    [id],
  );
  return rows.map((row) => row.id);
}
