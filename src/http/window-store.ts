// The SQL of events that are counted in spans of time, by the clock of the database, which all processes share. Called by
// window.ts; the clean-up of src/retries deletes what has ended.

import type pg from 'pg';

/** A pool or a connection. */
type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * Counts an event in the span of a name, or begins a new span where the last has ended. Gives 0, or where `limit` were
 * counted already, the milliseconds until its end. One statement, so that of two processes at the limit one gets
 * through; the table is unlogged, so that no request waits for the disk.
 */
export async function addToCount(
  sql: Queryable,
  name: string,
  spanMs: number,
  limit: number,
): Promise<number> {
  const { rows } = await sql.query<{ taken: boolean; left: number | null }>({
    name: 'add-to-count',
    text: `with taken as (
        insert into request_count as c (name, until, n) values ($1, now() + $2 * interval '1 ms', 1)
        on conflict (name) do update set
          until = case when c.until <= now() then excluded.until else c.until end,
          n = case when c.until <= now() then 1 else c.n + 1 end
          where c.until <= now() or c.n < $3
        returning true
      )
      select exists (select from taken) as taken, (
        select extract(epoch from until - now())::float8 * 1000 from request_count where name = $1
      ) as left`,
    values: [name, spanMs, limit],
  });
  const { taken, left } = rows[0]!;
  // The span may have begun after this statement did, unseen by its look at the end.
  return taken ? 0 : Math.max(1, left ?? spanMs);
}

/** 0, or where `limit` events were counted in the span of a name, the milliseconds until its end. */
export async function countOf(sql: Queryable, name: string, limit: number): Promise<number> {
  const { rows } = await sql.query<{ left: number }>({
    name: 'count-of',
    text: `select extract(epoch from until - now())::float8 * 1000 as left from request_count
      where name = $1 and until > now() and n >= $2`,
    values: [name, limit],
  });
  return rows[0]?.left ?? 0;
}

/** Deletes the spans that have ended. */
export async function deleteEndedCounts(sql: Queryable): Promise<void> {
  await sql.query('delete from request_count where until < now()');
}
