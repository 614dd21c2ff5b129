// Turns one-time codes on and off for a user. Called by the routes of the user's own things, and by those of
// administrators for who lost the authenticator.

import type { Actor } from '../accounts/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { refused } from './errors.ts';
import { totpKey } from './sign-in.ts';
import { decrypt, encrypt, enrolmentUri, hashRecovery, newRecoveryCodes, newSecret, stepOf } from './totp.ts';
import { selectCredentials, selectUser, type User, updateUser, useStep } from './user-store.ts';
import { audit } from './users.ts';

/** Makes a secret for a user, who shows with `confirmTotp` that the authenticator has it; nothing is demanded before. */
export async function beginTotp(db: Db, user: User): Promise<{ secret: string; uri: string }> {
  if (user.totpEnabled) throw refused.totpOn();
  const secret = newSecret();
  await updateUser(db.pool, user.id, { totpSecret: encrypt(secret, await totpKey(db)) });
  return { secret, uri: enrolmentUri(secret, user.email) };
}

/** Demands codes from now on. The recovery codes are in this answer only: the database keeps their hashes. */
export async function confirmTotp(db: Db, userId: number, code: string, by: Actor): Promise<string[]> {
  const user = await selectCredentials(db.pool, { id: userId });
  if (user === undefined) throw refused.noUser();
  if (user.totpEnabled) throw refused.totpOn();
  if (user.totpSecret === null) throw refused.totpNotBegun();
  const step = stepOf(decrypt(user.totpSecret, await totpKey(db)), code);
  if (step === undefined || !(await useStep(db.pool, userId, step))) throw refused.codeWrong('code');
  return transaction(db, async (client) => {
    const codes = newRecoveryCodes();
    await updateUser(client, userId, {
      totpEnabledAt: new Date(),
      recoveryHashes: codes.map(hashRecovery),
    });
    await audit(client, by, 'user.totp-on', user, {});
    return codes;
  });
}

/** New recovery codes; the old ones are void. */
export async function renewRecoveryCodes(db: Db, user: User, by: Actor): Promise<string[]> {
  if (!user.totpEnabled) throw refused.totpOff();
  return transaction(db, async (client) => {
    const codes = newRecoveryCodes();
    await updateUser(client, user.id, { recoveryHashes: codes.map(hashRecovery) });
    await audit(client, by, 'user.recovery-codes', user, {});
    return codes;
  });
}

/** Demands no codes any more. */
export async function endTotp(db: Db, user: User, by: Actor): Promise<User> {
  return transaction(db, async (client) => {
    await updateUser(client, user.id, { totpSecret: null, totpEnabledAt: null, recoveryHashes: [] });
    await audit(client, by, 'user.totp-off', user, {});
    return (await selectUser(client, { id: user.id }))!;
  });
}
