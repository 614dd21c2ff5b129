// Finds the account that a command names. Called by every command about accounts.
import { type Account, accountById, accountByName } from '../accounts/index.ts';
import type { Db } from '../db/index.ts';

/** The account of that name, or of that id; refuses to guess where one is named like the id of another. */
export async function findAccount(db: Db, nameOrId: string): Promise<Account> {
  const byId = /^\d{1,15}$/.test(nameOrId) ? await accountById(db, Number(nameOrId)) : undefined;
  const byName = await accountByName(db, nameOrId);
  if (byId !== undefined && byName !== undefined && byId.id !== byName.id) {
    throw new Error(
      `"${nameOrId}" is the id of account "${byId.name}" and the name of account ${byName.id}: name the one you mean`,
    );
  }
  const account = byName ?? byId;
  if (account === undefined) throw new Error(`there is no account "${nameOrId}": see carillon account list`);
  return account;
}
