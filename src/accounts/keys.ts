// API keys, for the command line, the first start and tests: making, listing, revoking.

import type { Db } from '../db/index.ts';
import { generateKey, type KeyKind } from './api-key.ts';
import { refused } from './errors.ts';
import { insertKey, type KeyInfo, markRevoked, selectKeys } from './key-store.ts';
import type { Queryable } from './store.ts';

/** A key at the one moment it is known. */
export type NewKey = { key: string; id: number; hint: string };

/** Makes a key for an account. The key itself is in this answer only: the database keeps its hash. */
export function createKey(db: Db, accountId: number, kind: KeyKind, name?: string): Promise<NewKey> {
  return createKeyOn(db.pool, accountId, kind, name);
}

/** The same inside a transaction. */
export async function createKeyOn(
  sql: Queryable,
  accountId: number,
  kind: KeyKind,
  name?: string,
): Promise<NewKey> {
  const { key, hint, hash } = generateKey(kind);
  const id = await insertKey(sql, { accountId, kind, hint, hash, name });
  if (id === undefined) throw refused.noAccount(accountId);
  return { key, id, hint };
}

/** The keys of one account, or of all; revoked ones too. */
export function listKeys(db: Db, accountId?: number): Promise<KeyInfo[]> {
  return selectKeys(db.pool, accountId);
}

/** Ends a key and its tokens, within a second on every process; false where there was nothing to end. */
export function revokeKey(db: Db, keyId: number): Promise<boolean> {
  return markRevoked(db.pool, keyId);
}
