// A browser that is signed in to the console of the servers of api.ts: keeps the cookie, sends the token against forged
// requests. Used by the tests of the console's API.
import { randomUUID, scryptSync } from 'node:crypto';
import type { Account } from '../../src/accounts/index.ts';
import type { Db } from '../../src/db/index.ts';
import { findUser, type User, type UserRole } from '../../src/users/index.ts';
import type { Answer, Api, Caller } from './api.ts';

/** Long enough to be taken. */
export const password = 'correct horse battery';

/** How it is stored, but quick to compare: a hash carries its cost. */
const salt = Buffer.from('salt');
const hash = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });
const quickHash = `scrypt$1024$8$1$${salt.toString('base64url')}$${hash.toString('base64url')}`;

/** A user of an account, with the password above. */
export async function consoleUser(
  { db }: { db: Db },
  account: Pick<Account, 'id'>,
  role: UserRole = 'customer',
  email = `${randomUUID()}@example.org`,
): Promise<User> {
  await db.pool.query(
    'insert into app_user (account_id, email, name, role, password_hash) values ($1, $2, $3, $4, $5)',
    [account.id, email, 'Ann Lee', role, quickHash],
  );
  return findUser(db, { email });
}

export type Browser = Caller & { cookie: string; csrf: string; session: Answer };

/** The value of the session's cookie that an answer sets. */
export function cookieOf(answer: Answer): string {
  const set = [answer.headers['set-cookie'] ?? []].flat() as string[];
  const found = set.find((each) => each.startsWith('carillon_session='));
  return found?.split(';', 1)[0] ?? '';
}

/** Signs in, and calls with the cookie and token of the session. */
export async function signIn(api: Api, email: string, given = password, totp?: string): Promise<Browser> {
  const session = await api
    .call({})
    .post('/console/api/session', { email, password: given, ...(totp === undefined ? {} : { totp }) });
  if (session.status !== 200) throw new Error(`not signed in: ${session.status} ${session.text}`);
  return browse(api, session);
}

/** Calls with the cookie and token that an answer gave. */
export function browse(api: Api, session: Answer): Browser {
  const cookie = cookieOf(session);
  const csrf = (session.body.data as unknown as { csrf_token: string }).csrf_token;
  return { ...api.call({ cookie, 'x-csrf-token': csrf }), cookie, csrf, session };
}
