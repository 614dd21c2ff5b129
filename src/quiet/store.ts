// The SQL of quiet hours. Called by hours.ts and by the engine.

import type pg from 'pg';
import type { QuietSpan } from './quiet.ts';
import { formatTime, spanOf } from './span.ts';

/** A pool or a connection. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** Quiet hours of an account. */
export type QuietHours = {
  readonly accountId: number;
  /** Null: every country that has none of its own. */
  readonly country: string | null;
  readonly span: QuietSpan;
};

/** The quiet hours of these accounts, those for every country first. */
export async function selectQuietHours(sql: Queryable, accountIds: readonly number[]): Promise<QuietHours[]> {
  const { rows } = await sql.query<{ account_id: number; country: string | null; from: string; to: string }>({
    name: 'quiet-hours',
    text: `select account_id, country, from_time::text as from, to_time::text as to from quiet_hours
      where account_id = any($1::bigint[]) order by account_id, country nulls first`,
    values: [`{${accountIds.join(',')}}`],
  });
  return rows.map((row) => ({
    accountId: row.account_id,
    country: row.country,
    span: spanOf(row.from, row.to),
  }));
}

// Batches that wait for the end of the old hours are looked at again: the dispatcher that claims one finds the new.
const freeHeld = `
  update batch b set not_before = null
  from campaign c
  where c.account_id = $1 and c.respect_curfew and c.status in ('scheduled', 'sending', 'paused')
    and b.campaign_id = c.id and b.state = 0 and b.not_before is not null`;

/** Sets an account's quiet hours of a country, or of all others. @returns false where there is no such account */
export async function upsertQuietHours(
  sql: Queryable,
  { accountId, country, span }: QuietHours,
): Promise<boolean> {
  const { rows } = await sql.query<{ n: number }>(
    `with hours as (
       insert into quiet_hours (account_id, country, from_time, to_time)
       select id, $2, $3, $4 from account where id = $1
       on conflict (account_id, country) do update set from_time = excluded.from_time, to_time = excluded.to_time
       returning id
     ), freed as (${freeHeld})
     select (select count(*)::integer from hours) as n, pg_notify('carillon_work', '')`,
    [accountId, country, formatTime(span.from), formatTime(span.to)],
  );
  return rows[0]!.n > 0;
}

/** Removes them. @returns whether there were any */
export async function deleteQuietHours(
  sql: Queryable,
  accountId: number,
  country: string | null,
): Promise<boolean> {
  const { rows } = await sql.query<{ n: number }>(
    `with gone as (
       delete from quiet_hours where account_id = $1 and country is not distinct from $2 returning id
     ), freed as (${freeHeld})
     select (select count(*)::integer from gone) as n, pg_notify('carillon_work', '')`,
    [accountId, country],
  );
  return rows[0]!.n > 0;
}
