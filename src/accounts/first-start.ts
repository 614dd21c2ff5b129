// What an installation needs before anyone can use it: the admin account with its keys, and the secret that signs
// tokens. Called by app.ts and the demo at every start; safe when two processes start together.

import { randomBytes } from 'node:crypto';
import { type Db, transaction } from '../db/index.ts';
import { scopes } from '../http/index.ts';
import { ensureDefaultTariff } from '../tariffs/index.ts';
import { createAccountOn } from './accounts.ts';
import { createKeyOn, type NewKey } from './keys.ts';
import { type Account, adminExists } from './store.ts';

export type FirstAdmin = { account: Account; live: NewKey; test: NewKey };

/**
 * Makes the account `admin` with one live_ and one test_ key, unless there is an admin already. Returns them once:
 * null at every later start, and in the second of two processes that start together.
 */
export async function ensureAdmin(db: Db): Promise<FirstAdmin | null> {
  if (await adminExists(db.pool)) return null;
  const tariff = await ensureDefaultTariff(db);
  return transaction(db, async (client) => {
    // Whoever comes second waits here until the first has committed, and then sees its admin.
    await client.query('lock table account in share row exclusive mode');
    if (await adminExists(client)) return null;
    const account = await createAccountOn(client, { name: 'admin', role: 'admin' }, tariff);
    const options = { name: 'first start', scopes };
    const live = await createKeyOn(client, account.id, 'live', options);
    const test = await createKeyOn(client, account.id, 'test', options);
    return { account, live, test };
  });
}

/** The secret of that name which all processes of the installation share: 32 random bytes, made on first use. */
export async function sharedSecret(db: Db, name: string): Promise<Uint8Array> {
  await db.pool.query('insert into secret (name, value) values ($1, $2) on conflict (name) do nothing', [
    name,
    randomBytes(32),
  ]);
  const { rows } = await db.pool.query<{ value: Buffer }>('select value from secret where name = $1', [name]);
  return rows[0]!.value;
}
