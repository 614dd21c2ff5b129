// The SQL of API keys: made and listed by keys.ts, found by key-source.ts.

import type { KeyIdentity, Scope } from '../http/index.ts';
import type { KeyKind } from './api-key.ts';
import type { Queryable } from './store.ts';

/** A key as lists show it. */
export type KeyInfo = {
  id: number;
  accountId: number;
  kind: KeyKind;
  hint: string;
  name: string | null;
  scopes: Scope[];
  /** CIDR ranges it may be used from; none: from anywhere. */
  addresses: string[];
  /** Null: no limit. */
  requestsPerMinute: number | null;
  createdAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** What is stored of a key when it is made. */
export type KeyRow = Pick<KeyInfo, 'accountId' | 'kind' | 'hint' | 'name' | 'scopes' | 'addresses'> & {
  hash: Buffer;
  requestsPerMinute: number | null;
};

/** The id of the new key, or undefined where the account does not exist. */
export async function insertKey(sql: Queryable, key: KeyRow): Promise<number | undefined> {
  const { rows } = await sql.query<{ id: number }>(
    `insert into api_key (account_id, kind, hint, hash, name, scopes, addresses, requests_per_minute)
     select id, $2, $3, $4, $5, $6, $7::text[]::cidr[], $8 from account where id = $1 returning id`,
    [key.accountId, key.kind, key.hint, key.hash, key.name, key.scopes, key.addresses, key.requestsPerMinute],
  );
  return rows[0]?.id;
}

/** Which keys to list: those of an account, one of them, or all; revoked ones too. */
export type KeyChoice = {
  accountId?: number | undefined;
  keyId?: number;
  page?: { offset: number; limit: number };
};

export async function selectKeys(sql: Queryable, { accountId, keyId, page }: KeyChoice): Promise<KeyInfo[]> {
  const { rows } = await sql.query<KeyInfo>(
    `select id, account_id as "accountId", kind, hint, name, scopes, addresses::text[] as addresses,
       requests_per_minute as "requestsPerMinute", created_at as "createdAt", last_used_at as "lastUsedAt",
       revoked_at as "revokedAt"
     from api_key where ($1::bigint is null or account_id = $1) and ($2::bigint is null or id = $2)
     order by id limit $3 offset $4`,
    [accountId ?? null, keyId ?? null, page?.limit ?? null, page?.offset ?? 0],
  );
  return rows;
}

export async function countKeys(sql: Queryable, accountId: number | undefined): Promise<number> {
  const { rows } = await sql.query<{ total: number }>(
    'select count(*) as total from api_key where $1::bigint is null or account_id = $1',
    [accountId ?? null],
  );
  return rows[0]!.total;
}

/** Marks a key as revoked and gives its account; undefined where there is none or it was revoked before. */
export async function markRevoked(sql: Queryable, keyId: number): Promise<number | undefined> {
  const { rows } = await sql.query<{ id: number }>(
    'update api_key set revoked_at = now() where id = $1 and revoked_at is null returning account_id as id',
    [keyId],
  );
  return rows[0]?.id;
}

/** Who a valid key belongs to. The time of its last use is kept to the minute, so that reads stay reads. */
export async function selectIdentity(
  sql: Queryable,
  by: { hash: Buffer } | { id: number },
): Promise<KeyIdentity | undefined> {
  const [column, value] = 'hash' in by ? ['hash', by.hash] : ['id', by.id];
  const { rows } = await sql.query<KeyIdentity & { stale: boolean }>(
    `select k.id as "keyId", k.account_id as "accountId", k.kind, a.role, a.currency, a.tariff_id as "tariffId",
       k.scopes, k.addresses::text[] as addresses, k.requests_per_minute as "requestsPerMinute",
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
