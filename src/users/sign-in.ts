// Proves who somebody is: by e-mail address and password, and where the user wants it by a one-time code. Called by the
// routes of sessions and of the user's own things, inside of Failures.guard.

import { sharedSecret } from '../accounts/index.ts';
import type { Db } from '../db/index.ts';
import { refused } from './errors.ts';
import { isPassword, pretendPassword } from './password.ts';
import { decrypt, hashRecovery, stepOf } from './totp.ts';
import { type Credentials, selectCredentials, type User, useRecoveryCode, useStep } from './user-store.ts';

/** The key that secrets of authenticators are encrypted with. */
export function totpKey(db: Db): Promise<Uint8Array> {
  return sharedSecret(db, 'totp');
}

/** The user with this address, password and code; for anybody else it takes as long and says no more than that. */
export async function proveUser(
  db: Db,
  { email, password, totp }: { email: string; password: string; totp: string | undefined },
): Promise<User> {
  const user = await selectCredentials(db.pool, { email });
  const right = await (user === undefined
    ? pretendPassword(password)
    : isPassword(password, user.passwordHash));
  if (user === undefined || !right || user.disabledAt !== null) throw refused.signIn();
  if (!user.totpEnabled) return user;
  if (totp === undefined) throw refused.codeWanted();
  if (!(await proveCode(db, user, totp))) throw refused.codeWrong('totp');
  return user;
}

/** Whether the code is one of now that was not used before, or a recovery code; either is used up. */
async function proveCode(db: Db, user: User & Credentials, code: string): Promise<boolean> {
  const step = stepOf(decrypt(user.totpSecret!, await totpKey(db)), code);
  if (step !== undefined) return useStep(db.pool, user.id, step);
  return useRecoveryCode(db.pool, user.id, hashRecovery(code));
}

/** The signed-in user, who gives the password once more. */
export async function provePassword(db: Db, userId: number, password: string): Promise<User & Credentials> {
  const user = await selectCredentials(db.pool, { id: userId });
  if (user === undefined) throw refused.noUser();
  if (!(await isPassword(password, user.passwordHash))) throw refused.passwordWrong();
  return user;
}
