// API keys, for the command line, the first start and tests: making, listing, revoking.

import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { addressRange, adminScopes, type Page, type Scope, scopes } from '../http/index.ts';
import type { Actor } from './accounts.ts';
import { generateKey, type KeyKind } from './api-key.ts';
import { refused } from './errors.ts';
import { countKeys, insertKey, type KeyInfo, markRevoked, selectKeys } from './key-store.ts';
import { type Queryable, selectAccount } from './store.ts';

/** A key at the one moment it is known. */
export type NewKey = { key: string; id: number; hint: string };

/** What a new key may be given. */
export type KeyOptions = {
  name?: string;
  /** What it may do; send and read unless given. `moderate` and `admin` need an account of administrators. */
  scopes?: readonly Scope[];
  /** CIDR ranges or addresses it may be used from; anywhere unless given. */
  addresses?: readonly string[];
  /** Requests per minute and process of the API; no limit unless given. */
  requestsPerMinute?: number;
};

const ordinaryScopes: readonly Scope[] = ['send', 'read'];

/** More ranges than anyone's network has; each is looked at with every request. */
const maxAddresses = 50;

/** Makes a key for an account. The key itself is in this answer only: the database keeps its hash. */
export function createKey(
  db: Db,
  accountId: number,
  kind: KeyKind,
  options: KeyOptions = {},
  by?: Actor,
): Promise<NewKey> {
  return transaction(db, async (client) => {
    const made = await createKeyOn(client, accountId, kind, options);
    const { scopes, addresses, requestsPerMinute, name } = options;
    const details = { kind, hint: made.hint, name, scopes, addresses, requestsPerMinute };
    await audit(client, by, 'key.create', { id: made.id, accountId }, details);
    return made;
  });
}

/** The same inside a transaction. */
export async function createKeyOn(
  sql: Queryable,
  accountId: number,
  kind: KeyKind,
  options: KeyOptions = {},
): Promise<NewKey> {
  const account = await selectAccount(sql, { id: accountId });
  if (account === undefined) throw refused.noAccount(accountId);
  const given = new Set(options.scopes ?? ordinaryScopes);
  if (given.size === 0) throw refused.noScope();
  if (account.role !== 'admin' && adminScopes.some((scope) => given.has(scope))) throw refused.adminScope();
  const addresses = (options.addresses ?? []).map((text) => readRange(text));
  if (addresses.length > maxAddresses) throw refused.tooManyAddresses(maxAddresses);
  const { key, hint, hash } = generateKey(kind);
  const id = await insertKey(sql, {
    accountId,
    kind,
    hint,
    hash,
    name: options.name ?? null,
    scopes: scopes.filter((scope) => given.has(scope)),
    addresses,
    requestsPerMinute: options.requestsPerMinute ?? null,
  });
  if (id === undefined) throw refused.noAccount(accountId);
  return { key, id, hint };
}

function readRange(text: string): string {
  const range = addressRange(text);
  if (range === undefined) throw refused.badAddress(text);
  return range;
}

/** The keys of one account, or of all; revoked ones too. */
export function listKeys(db: Db, accountId?: number): Promise<KeyInfo[]> {
  return selectKeys(db.pool, { accountId });
}

/** A page of them, and how many there are. */
export async function keyPage(
  db: Db,
  accountId: number | undefined,
  page: Page,
): Promise<{ keys: KeyInfo[]; total: number }> {
  const [keys, total] = await Promise.all([
    selectKeys(db.pool, { accountId, page }),
    countKeys(db.pool, accountId),
  ]);
  return { keys, total };
}

/** One key; undefined where there is none. */
export async function keyById(db: Db, keyId: number): Promise<KeyInfo | undefined> {
  const [key] = await selectKeys(db.pool, { keyId });
  return key;
}

/** Ends a key and its tokens, within a second on every process; false where there was nothing to end. */
export function revokeKey(db: Db, keyId: number, by?: Actor): Promise<boolean> {
  return transaction(db, async (client) => {
    const accountId = await markRevoked(client, keyId);
    if (accountId === undefined) return false;
    await audit(client, by, 'key.revoke', { id: keyId, accountId }, {});
    return true;
  });
}

async function audit(
  sql: Queryable,
  by: Actor | undefined,
  action: string,
  key: { id: number; accountId: number },
  details: Record<string, unknown>,
): Promise<void> {
  if (by === undefined) return;
  await recordAudit(sql, { identity: by, action, subject: `key/${key.id}`, ownerId: key.accountId, details });
}
