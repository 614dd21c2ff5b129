// The administrator that a console needs before anyone can sign in. Called by app.ts at every start; safe when two
// processes start together.

import { type Db, transaction } from '../db/index.ts';
import { generatePassword, hashPassword } from './password.ts';
import { administratorExists, insertUser } from './user-store.ts';

export type FirstUser = { email: string; password: string };

/**
 * Makes an administrator in the oldest account of administrators, unless there is one already or no such account.
 * Returns the password once: null at every later start.
 */
export async function ensureFirstUser(db: Db, email: string): Promise<FirstUser | null> {
  if (await administratorExists(db.pool)) return null;
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  return transaction(db, async (client) => {
    // Whoever comes second waits here until the first has committed, and then sees its administrator.
    await client.query('lock table app_user in share row exclusive mode');
    if (await administratorExists(client)) return null;
    const { rows } = await client.query<{ id: number }>(
      `select id from account where role = 'admin' order by id limit 1`,
    );
    if (rows[0] === undefined) return null;
    const id = await insertUser(client, {
      ...{ accountId: rows[0].id, email, name: 'Administrator', role: 'administrator', passwordHash },
      ...{ mustChangePassword: false, locale: null, timeZone: null },
    });
    return id === undefined ? null : { email, password };
  });
}
