// Searches the contacts of an account. Called by the routes.
//
// An account may have millions of contacts, and a condition may hold of three of them or of half. So some runs of contacts
// are looked at first, and the conditions that seem to hold of few are counted, each by its index and no further than
// `narrow`:
// 1. If one holds of few, or the account is small, its contacts are looked at one by one: page and total are exact,
//    whatever the others are.
// 2. If all hold of many, the cheapest of these is done, by the sample: to walk through the contacts in the order of the
//    page until it is full; the same through the contacts of a group; to look at all contacts of one condition. The total
//    is exact where one index alone tells it (up to `countable`), all were looked at, or the list ends on this page;
//    otherwise it is estimated from the sample, and said to be.

import type pg from 'pg';
import type { Db } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import type { Condition, Parameters } from './conditions.ts';
import type { Queryable } from './sql.ts';

/** Contacts that are looked at one by one in some 20 ms. */
const narrow = 10_000;

/** An account with no more contacts is looked at whole. */
const small = 20_000;

/** Entries of an index that are counted in some 10 ms. */
const countable = 100_000;

/** The sample: so many runs of so many contacts, evenly over the ids of the account. */
const sample = { runs: 40, size: 40 };

/** So many hits are expected of a stretch of contacts before it is told from another. */
const tellingHits = 4;

/** A condition that the sample finds no more often is counted: it may hold of few that stand close together. */
const rare = 48;

/** What looking at a contact by its id costs, in contacts that are walked through. */
const lookUpCost = 3;

export type ContactSort = { by: 'id' | 'phone'; way: 'asc' | 'desc' };

/** The ids of a page, and how many contacts the search finds; `exact` false: about as many. */
export type Found = { ids: number[]; total: number; exact: boolean };

/** How many contacts an account has. */
async function countIn(sql: Queryable, accountId: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    'select coalesce(sum(n), 0)::bigint as n from contact_count where account_id = $1',
    [accountId],
  );
  return rows[0]!.n;
}

/** How many contacts are in any of these groups, each counted once. */
export async function countMembers(db: Db, groupIds: readonly number[]): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    'select count(distinct contact_id) as n from contact_group_member where group_id = any($1)',
    [groupIds],
  );
  return rows[0]!.n;
}

/** The contacts of an account for which all conditions hold. `params` are those that they were made with. */
export async function searchContacts(
  db: Db,
  conditions: readonly Condition[],
  params: Parameters,
  sort: ContactSort,
  page: Page,
): Promise<Found> {
  const client = await db.pool.connect();
  try {
    // The values decide the plan; and the compiler and other processes would cost more than they save.
    await client.query(
      'begin; set transaction read only; set local plan_cache_mode = force_custom_plan; set local jit = off; set local max_parallel_workers_per_gather = 0',
    );
    const found = await search(client, conditions, params, sort, page);
    await client.query('commit');
    return found;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

async function search(
  client: pg.ClientBase,
  conditions: readonly Condition[],
  params: Parameters,
  sort: ContactSort,
  page: Page,
): Promise<Found> {
  /** Contacts by the index of a condition, or all, for which the other conditions hold. */
  const chosenBy = (way?: Condition) => {
    const others = conditions.filter((condition) => condition !== way).map(({ holds }) => holds);
    return [way?.from ?? `from contact c where c.account_id = $1`, ...others].join(' and ');
  };
  const walk = (way?: Condition) =>
    walkThrough(
      client,
      `select c.id ${chosenBy(way)} order by ${way?.inOrder ?? `c.${sort.by}`} ${sort.way} limit ${page.limit} offset ${page.offset}`,
      params,
    );
  const look = (way?: Condition) => lookAtAll(client, chosenBy(way), params, sort, page);

  const contacts = await countIn(client, params.values[0] as number);
  if (conditions.length === 0) return { ids: await walk(), total: contacts, exact: true };
  const sampled = contacts <= small ? undefined : await takeSample(client, conditions, params, contacts);
  const counts = await countEach(
    client,
    conditions.map((each, i) => (sampled === undefined || sampled.hits[i]! <= rare ? each : undefined)),
    params,
  );
  const least = smallest(counts);
  if (least !== -1 && counts[least]! <= narrow) return look(conditions[least]);
  if (sampled === undefined) return look();

  const [only] = conditions;
  const groups = await groupSizes(client, conditions, params);
  const estimate = (conditions.length === 1 ? groups[0] : undefined) ?? sampled.about(sampled.together);
  const ways = conditions.flatMap((condition, i) => {
    const { from, inOrder } = condition;
    if (from === undefined) return [];
    const n = groups[i] ?? Math.max(counts[i] ?? 0, sampled.about(sampled.hits[i]!));
    const found: Way[] = [{ cost: n * lookUpCost, go: () => look(condition) }];
    if (sort.by === 'id' && inOrder !== undefined && inOrder !== 'c.id') {
      const wanted = page.offset + page.limit;
      const walked = estimate === 0 ? n : Math.min(n, (wanted * n) / estimate);
      found.push({ cost: walked * lookUpCost, go: async () => finish(await walk(condition)) });
    }
    return found;
  });
  ways.push({ cost: sampled.walked(sort, page, estimate), go: async () => finish(await walk()) });
  return ways.reduce((best, way) => (way.cost < best.cost ? way : best)).go();

  /** The page that was walked to, with the total that can be told of it. */
  async function finish(ids: number[]): Promise<Found> {
    const end = page.offset + ids.length;
    if (ids.length < page.limit && (ids.length > 0 || page.offset === 0))
      return { ids, total: end, exact: true };
    if (conditions.length === 1) {
      if (groups[0] !== undefined) return { ids, total: groups[0], exact: true };
      const countIt = only!.countsFast && estimate < countable * 1.5;
      const total = countIt ? await countOne(client, only!, params) : undefined;
      if (total !== undefined) return { ids, total, exact: true };
    }
    return { ids, total: Math.max(estimate, end + (ids.length < page.limit ? 0 : 1)), exact: false };
  }
}

/** One way to the page, and what it costs in contacts that are walked through. */
type Way = { cost: number; go(): Promise<Found> };

function smallest(counts: readonly (number | undefined)[]): number {
  let least = -1;
  counts.forEach((n, i) => {
    if (n !== undefined && (least === -1 || n < counts[least]!)) least = i;
  });
  return least;
}

/** The ids that a statement finds which must read in the order of its page, and stop when that is full. */
async function walkThrough(client: pg.ClientBase, text: string, params: Parameters): Promise<number[]> {
  await client.query(
    'set local enable_sort = off; set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_bitmapscan = off',
  );
  const { rows } = await client.query<{ id: number }>(used(text, params));
  return rows.map((row) => row.id);
}

/** Every contact of one condition is looked at: exact, and the work is as large as it has contacts. */
async function lookAtAll(
  client: pg.ClientBase,
  chosen: string,
  params: Parameters,
  { by: column, way }: ContactSort,
  page: Page,
): Promise<Found> {
  const { rows } = await client.query<{ total: number; ids: number[] }>(
    used(
      `with hit as materialized (select c.id, c.phone ${chosen})
       select (select count(*) from hit) as total, array(
         select id from hit order by ${column} ${way} limit ${page.limit} offset ${page.offset}
       ) as ids`,
      params,
    ),
  );
  return { ...rows[0]!, exact: true };
}

/** How many contacts each condition holds of, as far as `narrow` and one more; undefined where no index tells. */
async function countEach(
  client: pg.ClientBase,
  conditions: readonly (Condition | undefined)[],
  params: Parameters,
): Promise<(number | undefined)[]> {
  const counts = conditions.map((condition) =>
    condition?.counted === undefined
      ? 'null::bigint'
      : `(select count(*) from (select ${condition.counted} limit ${narrow + 1}) as x)`,
  );
  const { rows } = await client.query<(number | null)[]>({
    ...used(`select ${counts.join(', ')}`, params),
    rowMode: 'array',
  });
  return rows[0]!.map((n) => n ?? undefined);
}

/** How many contacts a condition holds of, by its index alone; undefined where there are more than `countable`. */
async function countOne(
  client: pg.ClientBase,
  { counted }: Condition,
  params: Parameters,
): Promise<number | undefined> {
  const { rows } = await client.query<{ n: number }>(
    used(`select count(*) as n from (select ${counted} limit ${countable + 1}) as x`, params),
  );
  const { n } = rows[0]!;
  return n > countable ? undefined : n;
}

/** How many contacts are in the group that a condition asks for; undefined for other conditions. */
async function groupSizes(
  client: pg.ClientBase,
  conditions: readonly Condition[],
  params: Parameters,
): Promise<(number | undefined)[]> {
  const wanted = conditions.flatMap(({ groupId }) => groupId ?? []);
  if (wanted.length === 0) return [];
  const { rows } = await client.query<{ id: number; items: number }>(
    'select id, items from contact_group where account_id = $1 and id = any($2)',
    [params.values[0], wanted],
  );
  const items = new Map(rows.map((row) => [row.id, row.items]));
  return conditions.map(({ groupId }) => (groupId === undefined ? undefined : (items.get(groupId) ?? 0)));
}

type Sample = {
  /** Contacts of the sample for which each condition holds. */
  hits: number[];
  /** For which all of them do. */
  together: number;
  /** How many contacts there are where the sample has so many. */
  about(hits: number): number;
  /** About how many contacts are walked through until a page is full, where so many are found in all. */
  walked(sort: ContactSort, page: Page, found: number): number;
};

/** Looks at some runs of contacts, the same for the same search. */
async function takeSample(
  client: pg.ClientBase,
  conditions: readonly Condition[],
  params: Parameters,
  contacts: number,
): Promise<Sample> {
  const held = conditions.map(({ holds }) => `(${holds}) is true`);
  const { rows } = await client.query<{ n: number; together: number; hits: number[] }>(
    used(
      `with ends as materialized (
         select (select min(id) from contact where account_id = $1) as first,
           (select max(id) from contact where account_id = $1) as last
       )
       select count(*) as n, count(*) filter (where true = all (h)) as together,
         array[${held.map((_, i) => `count(*) filter (where h[${i + 1}])`).join(', ')}] as hits
       from ends cross join generate_series(0, ${sample.runs - 1}) as i
       cross join lateral (
         select array[${held.join(', ')}] as h from contact c
         where c.account_id = $1 and c.id >= ends.first + (ends.last - ends.first) * i / ${sample.runs}
         order by c.id limit ${sample.size}
       ) as c
       group by i order by i`,
      params,
    ),
  );
  const seen = sum(rows.map(({ n }) => n));
  const together = sum(rows.map((row) => row.together));
  return {
    hits: conditions.map((_, i) => sum(rows.map(({ hits }) => hits[i]!))),
    together,
    about: (hits) => (seen === 0 ? 0 : Math.round((contacts * hits) / seen)),
    walked(sort, page, found) {
      let wanted = page.offset + page.limit;
      // Nothing is known of where in the order of phones they are, and every contact is looked up.
      if (sort.by === 'phone') return lookUpCost * Math.min(contacts, (wanted * contacts) / found);
      // As many runs together as should have some hits, so that a run without one tells of a stretch without contacts.
      const runs = together === 0 ? rows.length : Math.ceil((tellingHits * rows.length) / together);
      const ordered = sort.way === 'asc' ? rows : rows.toReversed();
      let walked = 0;
      for (let at = 0; at < ordered.length; at += runs) {
        const stretch = ordered.slice(at, at + runs);
        const length = (contacts * stretch.length) / rows.length;
        const share = sum(stretch.map((run) => run.together)) / sum(stretch.map(({ n }) => n));
        if (length * share >= wanted) return walked + wanted / share;
        wanted -= length * share;
        walked += length;
      }
      return walked;
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

/** A statement with those parameters that it names, as PostgreSQL refuses others. */
function used(text: string, params: Parameters): { text: string; values: unknown[] } {
  const numbers = new Map<string, number>();
  const values: unknown[] = [];
  const renumbered = text.replace(/\$(\d+)/g, (_, n: string) => {
    const known = numbers.get(n) ?? values.push(params.values[Number(n) - 1]);
    numbers.set(n, known);
    return `$${known}`;
  });
  return { text: renumbered, values };
}
