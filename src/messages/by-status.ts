// The messages of a campaign in some states, by their ids: found by counting through its census, from the nearer end, so
// that a page in the middle of a million reads what a page at its beginning reads. Called by narrowed.ts.

import type { Page } from '../http/index.ts';
import type { Census } from './census.ts';
import type { Counted } from './counted.ts';
import { cutCounted, type Range } from './search.ts';
import type { StatusCode } from './status.ts';
import type { Queryable, Way } from './store.ts';

/** Ids that one statement walks over when a census is too old to say where messages are: some 10 ms. */
const walkedAtOnce = 50_000;

/** How a page is counted: forwards or backwards from an end, and whether it is turned around then. */
type Approach = { way: Way; page: Page; turned: boolean };

/** The same page from the nearer end. A page beyond the end is empty. */
export function fromNearerEnd(way: Way, { offset, limit }: Page, total: number): Approach {
  const take = Math.max(0, Math.min(limit, total - offset));
  if (offset <= total / 2) return { way, page: { offset, limit: take }, turned: false };
  const other = way === 'asc' ? 'desc' : 'asc';
  return { way: other, page: { offset: total - offset - take, limit: take }, turned: true };
}

/**
 * The ids of a page of a campaign's messages in these states. By an exact census the page is exact. By an older one it
 * begins where it began then, and what has left these states since is made up for by what follows: where that is not
 * enough, the page is short, and a newer census is needed.
 */
export async function selectIdsByStatus(
  sql: Queryable,
  campaign: Counted,
  census: Census,
  codes: readonly StatusCode[],
  { way, page }: { way: Way; page: Page },
): Promise<number[]> {
  const cut = cutCounted(census.ranges(codes, way), page);
  if (page.limit === 0 || cut.length === 0) return [];
  const { rows } = await sql.query<{ id: number }>(
    `select m.id
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as r (first, last, skip, n)
     cross join lateral (
       select id from message where id between r.first and r.last and status = any($5::smallint[])
       order by id ${way} limit r.n offset r.skip
     ) as m
     order by m.id ${way}`,
    [cut.map((r) => r.first), cut.map((r) => r.last), cut.map((r) => r.skip), cut.map((r) => r.take), codes],
  );
  const ids = rows.map((row) => row.id);
  if (census.counters === campaign.counters) return ids;
  const rest = restOf(campaign, way, ids.at(-1) ?? (way === 'asc' ? cut[0]!.first - 1 : cut[0]!.last + 1));
  for (const { first, last } of pieces(rest, way)) {
    if (ids.length >= page.limit) break;
    ids.push(...(await selectNext(sql, first, last, codes, way, page.limit - ids.length)));
  }
  return ids;
}

/** The ids of a campaign behind one, in the order of the page. */
function restOf({ first, last }: Range, way: Way, id: number): Range {
  return way === 'asc' ? { first: id + 1, last } : { first, last: id - 1 };
}

function* pieces({ first, last }: Range, way: Way): Generator<Range> {
  while (first <= last) {
    const size = Math.min(walkedAtOnce, last - first + 1);
    if (way === 'asc') yield { first, last: first + size - 1 };
    else yield { first: last - size + 1, last };
    if (way === 'asc') first += size;
    else last -= size;
  }
}

async function selectNext(
  sql: Queryable,
  first: number,
  last: number,
  codes: readonly StatusCode[],
  way: Way,
  limit: number,
): Promise<number[]> {
  const { rows } = await sql.query<{ id: number }>(
    `select id from message where id between $1 and $2 and status = any($3::smallint[]) order by id ${way} limit $4`,
    [first, last, codes, limit],
  );
  return rows.map((row) => row.id);
}
