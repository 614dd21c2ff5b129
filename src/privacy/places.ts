// Where a number stands beside messages and contacts: what subscribers wrote, rows that imports left out, receipts of
// unknown messages, and files of exports. What is read here to be shown is what is taken away when it is erased. Called
// by erase.ts and known.ts; `accountId` null means all accounts.

import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

export type KnownInbound = {
  id: number;
  accountId: number | null;
  source: string;
  destination: string;
  text: string;
  encoding: string;
  action: string | null;
  receivedAt: Date;
};

/** $1 the number, $2 the account. The source counts too: where it was not read as a number, `phone` is null. */
const inbound = `(m.phone = $1::bigint or m.source in ($1::bigint::text, '+' || $1::bigint, '00' || $1::bigint))
  and ($2::bigint is null or m.account_id = $2)`;

export async function inboundOf(
  sql: Queryable,
  phone: number,
  accountId: number | null,
): Promise<KnownInbound[]> {
  const { rows } = await sql.query<KnownInbound>(
    `select m.id, m.account_id as "accountId", m.source, m.destination, m.text, m.encoding, m.action,
       m.received_at as "receivedAt"
     from inbound_message m where ${inbound} order by m.id`,
    [phone, accountId],
  );
  return rows;
}

/** Deletes what a number wrote; what its words did to the stop list stays. */
export async function eraseInbound(sql: Queryable, phone: number, accountId: number | null): Promise<number> {
  const { rowCount } = await sql.query(`delete from inbound_message m where ${inbound}`, [phone, accountId]);
  return rowCount ?? 0;
}

export type KnownRejection = {
  importId: number;
  accountId: number;
  line: number;
  reason: string;
  raw: string;
};

// However it is written: with spaces, dashes, parentheses.
const rejection = `strpos(regexp_replace(r.raw, '\\D', '', 'g'), $1::bigint::text) > 0
  and i.id = r.import_id and ($2::bigint is null or i.account_id = $2)`;

export async function rejectionsOf(
  sql: Queryable,
  phone: number,
  accountId: number | null,
): Promise<KnownRejection[]> {
  const { rows } = await sql.query<KnownRejection>(
    `select r.import_id as "importId", i.account_id as "accountId", r.line, r.reason, r.raw
     from import_rejection r, import i where ${rejection} order by r.import_id, r.line`,
    [phone, accountId],
  );
  return rows;
}

/** Empties rows of files that hold the number; that they were left out, and why, stays. */
export async function eraseRejections(
  sql: Queryable,
  phone: number,
  accountId: number | null,
): Promise<number> {
  const { rowCount } = await sql.query(
    `update import_rejection r set raw = '' from import i where ${rejection}`,
    [phone, accountId],
  );
  return rowCount ?? 0;
}

export type KnownOrphan = { id: number; phone: string; destination: string; at: Date };

/** An orphan is nobody's, and ends by itself after 30 days. */
const orphan = `$1::bigint::text in (regexp_replace(phone, '\\D|^00', '', 'g'), regexp_replace(destination, '\\D|^00', '', 'g'))`;

export async function orphansOf(sql: Queryable, phone: number): Promise<KnownOrphan[]> {
  const { rows } = await sql.query<KnownOrphan>(
    `select id, phone, destination, at from orphan_receipt where ${orphan} order by id`,
    [phone],
  );
  return rows;
}

export async function eraseOrphans(sql: Queryable, phone: number): Promise<number> {
  return (await sql.query(`delete from orphan_receipt where ${orphan}`, [phone])).rowCount ?? 0;
}

/**
 * Deletes the exports that may hold a number: of accounts that have messages to it, or had, and those that ask for it by
 * name. No account can ask for another before the transaction ends, which would read what is being erased.
 *
 * @param owners the accounts that have messages to it
 */
export async function eraseExports(
  sql: Queryable,
  phone: number,
  owners: readonly number[],
  accountId: number | null,
): Promise<number> {
  const { rows } = await sql.query<{ id: number }>(
    `select id from account
     where (id = any($1::bigint[]) or retention_days is not null or exists (
         select from export_job j where j.account_id = account.id and j.request -> 'phones' @> to_jsonb($2::bigint)))
       and ($3::bigint is null or id = $3)
     order by id`,
    [owners, phone, accountId],
  );
  const ids = rows.map(({ id }) => id);
  for (const id of ids) {
    // As createJob of src/exports takes it.
    await sql.query("select pg_advisory_xact_lock(hashtext('export_job'), $1::bigint::integer)", [id]);
  }
  const { rowCount } = await sql.query('delete from export_job where account_id = any($1::bigint[])', [ids]);
  return rowCount ?? 0;
}
