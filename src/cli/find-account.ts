// Finds the account that a command names. Called by every command about accounts.
import { type Account, accountById, accountByName } from '../accounts/index.ts';
import type { Db } from '../db/index.ts';

/** The account of that name, or of that id. */
export async function findAccount(db: Db, nameOrId: string): Promise<Account> {
  const byId = /^\d{1,15}$/.test(nameOrId) ? await accountById(db, Number(nameOrId)) : undefined;
  const account = (await accountByName(db, nameOrId)) ?? byId;
  if (account === undefined) throw new Error(`there is no account "${nameOrId}": see carillon account list`);
  return account;
}
