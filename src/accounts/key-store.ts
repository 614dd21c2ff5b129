// The SQL of API keys: made and listed by keys.ts, found by key-source.ts.

import type { Identity } from '../http/index.ts';
import type { KeyKind } from './api-key.ts';
import type { Queryable } from './store.ts';

/** A key as lists show it. */
export type KeyInfo = {
  id: number;
  accountId: number;
  kind: KeyKind;
  hint: string;
  name: string | null;
  createdAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** The id of the new key, or undefined where the account does not exist. */
export async function insertKey(
  sql: Queryable,
  key: { accountId: number; kind: KeyKind; hint: string; hash: Buffer; name: string | undefined },
): Promise<number | undefined> {
  const { rows } = await sql.query<{ id: number }>(
    `insert into api_key (account_id, kind, hint, hash, name)
     select id, $2, $3, $4, $5 from account where id = $1 returning id`,
    [key.accountId, key.kind, key.hint, key.hash, key.name ?? null],
  );
  return rows[0]?.id;
}

/** The keys of an account, or of all accounts; revoked ones too. */
export async function selectKeys(sql: Queryable, accountId: number | undefined): Promise<KeyInfo[]> {
  const { rows } = await sql.query<KeyInfo>(
    `select id, account_id as "accountId", kind, hint, name, created_at as "createdAt",
       last_used_at as "lastUsedAt", revoked_at as "revokedAt"
     from api_key where $1::bigint is null or account_id = $1 order by id`,
    [accountId ?? null],
  );
  return rows;
}

/** Marks a key as revoked; false where there is none or it was revoked before. */
export async function markRevoked(sql: Queryable, keyId: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update api_key set revoked_at = now() where id = $1 and revoked_at is null',
    [keyId],
  );
  return rowCount === 1;
}

/** Who a valid key belongs to. The time of its last use is kept to the minute, so that reads stay reads. */
export async function selectIdentity(
  sql: Queryable,
  by: { hash: Buffer } | { id: number },
): Promise<Identity | undefined> {
  const [column, value] = 'hash' in by ? ['hash', by.hash] : ['id', by.id];
  const { rows } = await sql.query<Identity & { stale: boolean }>(
    `select k.id as "keyId", k.account_id as "accountId", k.kind, a.role, a.currency, a.tariff_id as "tariffId",
       k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as stale
     from api_key k join account a on a.id = k.account_id
     where k.${column} = $1 and k.revoked_at is null`,
    [value],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { stale, ...identity } = row;
  if (stale) await sql.query('update api_key set last_used_at = now() where id = $1', [identity.keyId]);
  return identity;
}
