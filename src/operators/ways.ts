// Tells numbers apart by the operators that they can go to, for those who group messages before they are sent: the
// campaigns, which cut batches by it. Where each message goes is decided by the router when it is sent.

import type { Db } from '../db/index.ts';
import { type PrefixTable, prefixTable } from '../phones/index.ts';

/** A route to an operator that is enabled. */
export type WayRow = { prefix: string; operatorId: number; priority: number };

/**
 * The way of every prefix: its operators' ids, `+` between those of one priority and `/` before those that take over,
 * such as `4+7/2`. Prefixes that lead to the same operators have one way: what waits for one waits for the other.
 * Weights do not matter, since an operator takes what another of its priority has no room for.
 *
 * @returns null where all routes are one way: there is nothing to tell apart
 */
export function waysOf(routes: readonly WayRow[]): PrefixTable<string> | null {
  const byPrefix = new Map<string, WayRow[]>();
  for (const route of routes) {
    const same = byPrefix.get(route.prefix);
    if (same === undefined) byPrefix.set(route.prefix, [route]);
    else same.push(route);
  }
  const ways = [...byPrefix].map(([prefix, same]) => [prefix, wayOf(same)] as const);
  if (new Set(ways.map(([, way]) => way)).size < 2) return null;
  return prefixTable(ways);
}

function wayOf(routes: readonly WayRow[]): string {
  const sorted = routes.toSorted((a, b) => a.priority - b.priority || a.operatorId - b.operatorId);
  return sorted.reduce((way, { operatorId, priority }, i) => {
    if (i === 0) return `${operatorId}`;
    return `${way}${sorted[i - 1]!.priority === priority ? '+' : '/'}${operatorId}`;
  }, '');
}

/** The ways of the routes as they are now: a table of some dozen rows, read once for a campaign. */
export async function loadWays(db: Db): Promise<PrefixTable<string> | null> {
  const { rows } = await db.pool.query<WayRow>({
    name: 'load-ways',
    text: `select r.prefix, r.operator_id as "operatorId", r.priority
      from route r join operator o on o.id = r.operator_id where o.enabled`,
  });
  return waysOf(rows);
}
