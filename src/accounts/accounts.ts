// Accounts and their money, for the command line, the demo and tests: making, listing, topping up.

import type { Db } from '../db/index.ts';
import { type AmountE7, zero } from '../money/index.ts';
import { ensureDefaultTariff, listTariffs } from '../tariffs/index.ts';
import { refused } from './errors.ts';
import {
  type Account,
  addToBalance,
  insertAccount,
  type Queryable,
  type Role,
  selectAccount,
  selectAccounts,
} from './store.ts';

const maxNameLength = 100;

/** Tariffs have the codes 0 to 9. */
const allTariffs = 10;

export type NewAccount = { name: string; role?: Role; currency?: string; credit?: AmountE7 };

/** Makes an account without money, on the default tariff, or on one of its currency (EUR unless given). */
export async function createAccount(db: Db, account: NewAccount): Promise<Account> {
  const currency = account.currency ?? 'EUR';
  const first = await ensureDefaultTariff(db);
  if (first.currency === currency) return createAccountOn(db.pool, account, first);
  const { tariffs } = await listTariffs(db, { offset: 0, limit: allTariffs });
  const tariff = tariffs.find((other) => other.isActive && other.currency === currency);
  if (tariff === undefined) throw refused.noTariff(currency);
  return createAccountOn(db.pool, account, tariff);
}

/** The same inside a transaction, on a known tariff. */
export async function createAccountOn(
  sql: Queryable,
  account: NewAccount,
  tariff: { id: number; currency: string },
): Promise<Account> {
  const name = account.name.trim();
  if (name === '' || name.length > maxNameLength) throw refused.badName();
  const created = await insertAccount(sql, {
    name,
    role: account.role ?? 'customer',
    currency: tariff.currency,
    tariffId: tariff.id,
    credit: account.credit ?? zero,
  });
  if (created === undefined) throw refused.nameTaken(name);
  return created;
}

/** All accounts, the oldest first. */
export function listAccounts(db: Db): Promise<Account[]> {
  return selectAccounts(db.pool);
}

export function accountById(db: Db, id: number): Promise<Account | undefined> {
  return selectAccount(db.pool, { id });
}

export function accountByName(db: Db, name: string): Promise<Account | undefined> {
  return selectAccount(db.pool, { name });
}

/** What an account has to spend, as GET /api/accounts/balance shows it. */
export async function balanceOf(
  db: Db,
  accountId: number,
): Promise<{ balance: AmountE7; credit: AmountE7; currency: string }> {
  const account = await accountById(db, accountId);
  if (account === undefined) throw refused.noAccount(accountId);
  return account;
}

/** Adds money to an account, with its row in the ledger; a negative sum takes back. Returns the new state. */
export async function topUp(db: Db, accountId: number, sum: AmountE7, note?: string): Promise<Account> {
  const account = await addToBalance(db.pool, accountId, sum, sum < 0n ? 'adjustment' : 'top_up', note);
  if (account === undefined) throw refused.noAccount(accountId);
  return account;
}
