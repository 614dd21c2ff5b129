// The SQL of requests that come twice: answers that were given, and bodies of the last seconds. Called by once.ts and
// clean-up.ts.

import type pg from 'pg';

/** A pool or a connection in a transaction. */
type Queryable = Pick<pg.ClientBase, 'query'>;

/** Whose request it is, by which header, and what it asked for. */
export type Claim = { accountId: number; key: string; hash: Buffer };

/** What a key was answered; its request was the same where `same`. */
export async function selectAnswer(
  sql: Queryable,
  { accountId, key, hash }: Claim,
): Promise<{ same: boolean; answer: string } | undefined> {
  const { rows } = await sql.query<{ same: boolean; answer: string }>({
    name: 'select-answer',
    text: `select body_hash = $3 as same, answer from idempotency
      where account_id = $1 and key = $2 and at > now() - interval '1 day'`,
    values: [accountId, key, hash],
  });
  return rows[0];
}

/**
 * Takes the key for the transaction: false where it was answered before. Where another transaction has it, this waits
 * for that one's end, so that of any number of retries at the same time one does the work.
 */
export async function insertClaim(sql: Queryable, { accountId, key, hash }: Claim): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'insert-claim',
    text: `insert into idempotency as i (account_id, key, body_hash) values ($1, $2, $3)
      on conflict (account_id, key) do update set body_hash = $3, status = null, answer = null, at = now()
        where i.at <= now() - interval '1 day'`,
    values: [accountId, key, hash],
  });
  return rowCount === 1;
}

/** Keeps what the request is answered, in the transaction that took the key. */
export async function updateAnswer(sql: Queryable, { accountId, key }: Claim, answer: string): Promise<void> {
  await sql.query({
    name: 'update-answer',
    text: 'update idempotency set status = 200, answer = $3 where account_id = $1 and key = $2',
    values: [accountId, key, answer],
  });
}

/**
 * Notes a body and returns 0, or where the account sent the same within the last seconds, how long to wait. One
 * statement, so that of two processes that get the same body at once only one takes it; unlogged, so that no campaign
 * waits for the disk; by the database's clock, which all processes share.
 */
export async function noteBody(
  sql: Queryable,
  accountId: number,
  hash: Buffer,
  seconds: number,
): Promise<number> {
  const { rows } = await sql.query<{ fresh: boolean; wait: number | null }>({
    name: 'note-body',
    text: `with fresh as (
        insert into recent_body as r (account_id, hash) values ($1, $2)
        on conflict (account_id, hash) do update set at = now() where r.at <= now() - make_interval(secs => $3)
        returning true
      )
      select exists (select from fresh) as fresh, (
        select ceil(extract(epoch from at + make_interval(secs => $3) - now()))::integer
        from recent_body where account_id = $1 and hash = $2
      ) as wait`,
    values: [accountId, hash, seconds],
  });
  const { fresh, wait } = rows[0]!;
  return fresh ? 0 : Math.max(1, wait ?? seconds);
}

/** Forgets a body whose request was refused. */
export async function deleteBody(sql: Queryable, accountId: number, hash: Buffer): Promise<void> {
  await sql.query('delete from recent_body where account_id = $1 and hash = $2', [accountId, hash]);
}

/** Deletes what no retry can refer to any more. */
export async function deleteOld(sql: Queryable): Promise<void> {
  await sql.query(`delete from idempotency where at < now() - interval '1 day'`);
  await sql.query(`delete from recent_body where at < now() - interval '1 minute'`);
}
