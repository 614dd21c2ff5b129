// Reads messages ahead of the dispatcher: claims batches for the lanes of the campaigns that send and reads their queued
// messages in ranges, a little of each when there are many lanes.

import { Status } from '../messages/index.ts';
import { loadQuietness } from '../quiet/index.ts';
import { arrayLiteral } from './arrays.ts';
import { templatesFor } from './content.ts';
import { type Campaign, type Lane, LeasedBatch, type Row } from './lane.ts';
import { type Claim, claim } from './leases.ts';
import { type Held, holdBatches, settleUncertain, type Uncertain } from './schedule.ts';
import type { Sql } from './sql.ts';

/** Messages read ahead over all lanes: what two commits of a fast operator consume. */
const aheadLimit = 16_000;
/** And of one lane: enough for the fastest, and never so little that a read is not worth its round trip. */
const aheadOfOne = { least: 20, most: 4_000 };
/** How many lanes one round claims and reads for. */
const lanesPerRound = 200;

/** What one lane may have read ahead when there are so many. */
export function aheadTarget(lanes: number): number {
  return Math.max(aheadOfOne.least, Math.min(aheadOfOne.most, Math.floor(aheadLimit / Math.max(1, lanes))));
}

/** Loads what the dispatcher must know of these campaigns. */
export async function loadCampaigns(client: Sql, ids: readonly number[]): Promise<Campaign[]> {
  const { rows } = await client.query({
    name: 'load-campaigns',
    text: `
select id, account_id as "accountId", sender, text, test, uncertain,
  coalesce(validity_s, validity_h * 3600) as "validitySeconds", operator_id as "operatorId"
from campaign where id = any($1::bigint[])`,
    values: [arrayLiteral(ids)],
  });
  return rows.map((row) => ({
    ...row,
    templates: templatesFor(row.sender, row.text, row.validitySeconds, row.id),
  }));
}

/** The lanes that run low, those first that waited longest; as many as one round takes. */
export function lowLanes(lanes: readonly Lane[]): Lane[] {
  const target = aheadTarget(lanes.length);
  const low = lanes.filter((lane) => lane.length < target && !(lane.dry && lane.reading === null));
  if (low.length <= lanesPerRound) return low;
  return low.sort((a, b) => a.fedAt - b.fedAt).slice(0, lanesPerRound);
}

/**
 * Which of these claimed batches must not be sent now, since it is quiet where they go. They and the others to the same
 * countries are not claimed again before it is over. Costs nothing where no campaign respects quiet hours.
 */
async function holdQuiet(
  client: Sql,
  claims: readonly Claim[],
  accountOf: (claim: Claim) => number,
): Promise<Set<Claim>> {
  const quiet = new Set<Claim>();
  if (claims.every(({ country }) => country === null)) return quiet;
  const until = await loadQuietness(client, [...new Set(claims.map(accountOf))]);
  const held: Held[] = [];
  for (const claim of claims) {
    const { campaignId, country, at } = claim;
    const end = country === null ? undefined : until(accountOf(claim), country, at);
    if (country === null || end === undefined) continue;
    quiet.add(claim);
    held.push({ campaignId, country, until: end });
  }
  if (held.length > 0) await holdBatches(client, held);
  return quiet;
}

/** Names a lane: a campaign and a route. */
function keyOf({ campaignId, route }: { campaignId: number; route: string }): string {
  return `${campaignId} ${route}`;
}

/**
 * Gives each of these lanes that has nothing to read its next batch. What this returns must be held even if nothing
 * can be read of it for a while: it is leased.
 *
 * @param slot the counter slot for messages that were perhaps sent before a crash
 * @returns the batches that were claimed, of which those to be given back at once are closing, and what was uncertain
 *   in the others
 */
export async function claimBatches(
  client: Sql,
  low: readonly Lane[],
  dispatcherId: number,
  leaseSeconds: number,
  slot: number,
): Promise<{ claimed: LeasedBatch[]; uncertain: Uncertain[] }> {
  const toClaim = low.filter((lane) => lane.reading === null);
  if (toClaim.length === 0) return { claimed: [], uncertain: [] };
  const wanted = toClaim.map(({ campaign, route }) => ({ campaignId: campaign.id, route }));
  const claims: Claim[] = await claim(client, wanted, dispatcherId, leaseSeconds);
  const byKey = new Map(wanted.map((want, i) => [keyOf(want), toClaim[i]!]));
  const laneOf = (one: Claim) => byKey.get(keyOf(one))!;
  const quiet = await holdQuiet(client, claims, (one) => laneOf(one).campaign.accountId);
  const uncertain = await settleUncertain(
    client,
    claims.filter((one) => !quiet.has(one)),
    slot,
  );
  const dry = new Set(toClaim);
  const claimed = claims.map((one) => {
    const lane = laneOf(one);
    dry.delete(lane);
    const batch = new LeasedBatch(lane.campaign, one);
    if (quiet.has(one)) batch.closing = true;
    else lane.reading = batch;
    return batch;
  });
  for (const lane of dry) lane.dry = true;
  return { claimed, uncertain };
}

/**
 * Reads the next messages of the batches that these lanes read, up to what each may have ahead.
 *
 * @param target what a lane may have read ahead
 * @returns how many messages were read, and the batches that were read to their end
 */
export async function readAhead(
  client: Sql,
  low: readonly Lane[],
  target: number,
): Promise<{ read: number; ended: LeasedBatch[] }> {
  const reading = low.flatMap((lane) =>
    lane.reading === null || lane.length >= target ? [] : [{ lane, batch: lane.reading }],
  );
  if (reading.length === 0) return { read: 0, ended: [] };
  const limits = reading.map(({ lane }) => target - lane.length);
  // One index range scan per lane; `ord` gives every row back to its lane.
  const { rows } = await client.query<[number, number, number, string | null, string | null]>({
    name: 'read-ahead',
    rowMode: 'array',
    text: `
select r.ord::integer, m.id, m.phone, m.sender, m.text
from unnest($1::bigint[], $2::bigint[], $3::integer[]) with ordinality as r (after, upto, n, ord)
cross join lateral (
  select id, phone, sender, text from message
  where id > r.after and id <= r.upto and status = ${Status.queued}
  order by id limit r.n
) as m`,
    values: [
      arrayLiteral(reading.map(({ batch }) => batch.cursor)),
      arrayLiteral(reading.map(({ batch }) => batch.lastId)),
      arrayLiteral(limits),
    ],
  });
  const perLane: Row[][] = reading.map(() => []);
  for (const [ord, id, phone, sender, text] of rows) {
    perLane[ord - 1]!.push({ id, phone, sender, text, batch: reading[ord - 1]!.batch, templates: null });
  }
  const ended: LeasedBatch[] = [];
  reading.forEach(({ lane, batch }, i) => {
    // Given up while it was read: its campaign was paused or stopped, or another dispatcher has it.
    if (lane.reading !== batch) return;
    const read = perLane[i]!;
    batch.ahead += read.length;
    batch.cursor = read.length < limits[i]! ? batch.lastId : read[read.length - 1]!.id;
    if (batch.cursor >= batch.lastId) {
      batch.readAll = true;
      lane.reading = null;
      ended.push(batch);
    }
    lane.append(read);
    lane.fedAt = performance.now();
  });
  return { read: rows.length, ended };
}
