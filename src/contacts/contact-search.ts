// Searches the contacts of an account. Called by the routes.
//
// An account may have millions of contacts, and a condition may hold of three of them or of half. So the conditions are
// counted first, each by its index and no further than `narrow`:
// 1. If one holds of few, or the account is small, its contacts are looked at one by one: page and total are exact,
//    whatever the others are.
// 2. If all hold of many, contacts are walked through in the order of the page until it is full, or, where a sample says
//    that this is shorter, all contacts of the narrowest condition are. The total is exact where one index alone tells it
//    (up to `countable`) or the list ends on this page; otherwise it is estimated from the sample, and said to be.

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
    // The values decide the plan; and the compiler would cost more than it saves.
    await client.query(
      'begin; set transaction read only; set local plan_cache_mode = force_custom_plan; set local jit = off',
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
  const all = conditions.map((condition) => condition.holds).join(' and ') || 'true';
  const walk = (from = `from contact c where c.account_id = $1`, by = `c.${sort.by}`) =>
    selectIds(
      client,
      `select c.id ${from} and ${all} order by ${by} ${sort.way} limit ${page.limit} offset ${page.offset}`,
      params,
    );
  const look = (by: Pick<Condition, 'from'>) => lookAtAll(client, by, all, params, sort, page);

  const accountId = params.values[0] as number;
  if (conditions.length === 0) {
    return { ids: await walk(), total: await countIn(client, accountId), exact: true };
  }
  const counts = await countEach(client, conditions, params);
  const least = smallest(counts);
  if (least !== -1 && counts[least]! <= narrow) return look(conditions[least]!);

  if ((await countIn(client, accountId)) <= small) {
    return look({ from: 'from contact c where c.account_id = $1' });
  }
  const [only] = conditions;
  let total: number | undefined;
  if (conditions.length === 1 && only!.countsFast) total = await countOne(client, only!, params);
  const sampled = await takeSample(client, all, params);
  if (sort.by === 'id') {
    const ordered = conditions.find(
      (condition) => condition.inOrder !== undefined && condition.inOrder !== 'c.id',
    );
    if (ordered === undefined && total !== undefined && total * lookUpCost < sampled.walked(sort.way, page)) {
      return look(only!);
    }
    if (conditions.length > 1 && least !== -1) {
      const cost = sampled.walked(sort.way, page);
      const part = await takeSample(client, conditions[least]!.holds, params);
      if (part.total * lookUpCost < cost) return look(conditions[least]!);
    }
    if (ordered !== undefined)
      return finish(await walk(ordered.from, ordered.inOrder), total, sampled.total, page);
  }
  return finish(await walk(), total, sampled.total, page);
}

/** The total that a page which was walked to can tell of. */
function finish(ids: number[], counted: number | undefined, estimate: number, page: Page): Found {
  if (counted !== undefined) return { ids, total: counted, exact: true };
  const end = page.offset + ids.length;
  if (ids.length < page.limit && (ids.length > 0 || page.offset === 0))
    return { ids, total: end, exact: true };
  return { ids, total: Math.max(estimate, end + (ids.length < page.limit ? 0 : 1)), exact: false };
}

function smallest(counts: readonly (number | undefined)[]): number {
  let least = -1;
  counts.forEach((n, i) => {
    if (n !== undefined && (least === -1 || n < counts[least]!)) least = i;
  });
  return least;
}

async function selectIds(client: pg.ClientBase, text: string, params: Parameters): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(used(text, params));
  return rows.map((row) => row.id);
}

/** Every contact of one condition is looked at: exact, and the work is as large as it has contacts. */
async function lookAtAll(
  client: pg.ClientBase,
  by: Pick<Condition, 'from'>,
  all: string,
  params: Parameters,
  { by: column, way }: ContactSort,
  page: Page,
): Promise<Found> {
  const { rows } = await client.query<{ total: number; ids: number[] }>(
    used(
      `with hit as materialized (select c.id, c.phone ${by.from} and ${all})
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
  conditions: readonly Condition[],
  params: Parameters,
): Promise<(number | undefined)[]> {
  const counts = conditions.map(({ counted }) =>
    counted === undefined
      ? 'null::bigint'
      : `(select count(*) from (select ${counted} limit ${narrow + 1}) as x)`,
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
  { counted, groupId }: Condition,
  params: Parameters,
): Promise<number | undefined> {
  if (groupId !== undefined) {
    const { rows } = await client.query<{ n: number }>(
      'select items as n from contact_group where account_id = $1 and id = $2',
      [params.values[0], groupId],
    );
    return rows[0]?.n ?? 0;
  }
  const { rows } = await client.query<{ n: number }>(
    used(`select count(*) as n from (select ${counted} limit ${countable + 1}) as x`, params),
  );
  const { n } = rows[0]!;
  return n > countable ? undefined : n;
}

type Sample = {
  /** About how many contacts there are. */
  total: number;
  /** About how many contacts are walked through until a page is full. */
  walked(way: 'asc' | 'desc', page: Page): number;
};

/** Looks at some runs of contacts, the same for the same search. */
async function takeSample(client: pg.ClientBase, all: string, params: Parameters): Promise<Sample> {
  const { rows } = await client.query<{ n: number; hits: number; contacts: number }>(
    used(
      `with ends as materialized (
         select (select min(id) from contact where account_id = $1) as first,
           (select max(id) from contact where account_id = $1) as last,
           (select coalesce(sum(n), 0)::bigint from contact_count where account_id = $1) as contacts
       )
       select count(*) as n, count(*) filter (where ${all}) as hits, max(contacts) as contacts
       from ends cross join generate_series(0, ${sample.runs - 1}) as i
       cross join lateral (
         select * from contact
         where account_id = $1 and id >= ends.first + (ends.last - ends.first) * i / ${sample.runs}
         order by id limit ${sample.size}
       ) as c
       group by i order by i`,
      params,
    ),
  );
  const contacts = rows[0]?.contacts ?? 0;
  const seen = rows.reduce((sum, { n }) => sum + n, 0);
  const hits = rows.reduce((sum, row) => sum + row.hits, 0);
  return {
    total: seen === 0 ? 0 : Math.round((contacts * hits) / seen),
    walked(way, page) {
      const run = contacts / rows.length;
      let wanted = page.offset + page.limit;
      let walked = 0;
      for (const { n, hits: hit } of way === 'asc' ? rows : rows.toReversed()) {
        const inRun = (run * hit) / n;
        if (inRun >= wanted) return walked + (wanted * n) / hit;
        wanted -= inRun;
        walked += run;
      }
      return walked;
    },
  };
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
