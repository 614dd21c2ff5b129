// Accounts and their money, for the admin API, the command line, the demo and tests: making, listing, changing, topping
// up.

import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import type { Identity, Page } from '../http/index.ts';
import { type AmountE7, amount, formatAmount, zero } from '../money/index.ts';
import { ensureDefaultTariff, listTariffs, tariffById } from '../tariffs/index.ts';
import { refused } from './errors.ts';
import {
  type Account,
  type AccountChange,
  addToBalance,
  insertAccount,
  type Queryable,
  type Role,
  selectAccount,
  selectAccountPage,
  selectAccounts,
  updateAccount,
} from './store.ts';

const maxNameLength = 100;

/** Tariffs have the codes 0 to 9. */
const allTariffs = 10;

export type NewAccount = { name: string; role?: Role; currency?: string; credit?: AmountE7 };

/**
 * Who makes a change, for the audit log: the key or user of a request, or null for the command line. What is done without one,
 * by Carillon for itself, is not recorded.
 */
export type Actor = Pick<Identity, 'accountId' | 'keyId' | 'userId'> | null;

/** Makes an account without money, on the default tariff, or on one of its currency (EUR unless given). */
export async function createAccount(db: Db, account: NewAccount, by?: Actor): Promise<Account> {
  const tariff = await tariffOf(db, account);
  return transaction(db, async (client) => {
    const created = await createAccountOn(client, account, tariff);
    await audit(client, by, 'account.create', created.id, {
      name: created.name,
      role: created.role,
      credit: formatAmount(created.credit),
      currency: created.currency,
    });
    return created;
  });
}

async function tariffOf(db: Db, account: NewAccount): Promise<{ id: number; currency: string }> {
  const currency = account.currency ?? 'EUR';
  const first = await ensureDefaultTariff(db);
  if (first.currency === currency) return first;
  const { tariffs } = await listTariffs(db, { offset: 0, limit: allTariffs });
  const tariff = tariffs.find((other) => other.isActive && other.currency === currency);
  if (tariff === undefined) throw refused.noTariff(currency);
  return tariff;
}

/** The same inside a transaction, on a known tariff. */
export async function createAccountOn(
  sql: Queryable,
  account: NewAccount,
  tariff: { id: number; currency: string },
): Promise<Account> {
  const name = account.name.trim();
  if (name === '' || name.length > maxNameLength) throw refused.badName();
  checkCredit(account.credit);
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

/** A page of all accounts, narrowed to names that contain a text, and how many there are. */
export function accountPage(
  db: Db,
  name: string | undefined,
  page: Page,
): Promise<{ accounts: Account[]; total: number }> {
  return selectAccountPage(db.pool, name, page);
}

const uniqueViolation = '23505';

/**
 * The largest balance, credit and booking, 400 thousand million: any two of them can be added, and stay within what a
 * bigint column holds.
 */
export const largestMoney = amount(4n * 10n ** 18n);

function checkCredit(credit: AmountE7 | undefined): void {
  if (credit === undefined) return;
  if (credit < 0n) throw refused.badCredit('The credit is zero or more.');
  if (credit > largestMoney) throw refused.badCredit(tooMuch);
}

const tooMuch = `It must be at most ${largestMoney / 10n ** 7n}.`;

/**
 * Changes what is given of an account and returns the new state. Another tariff must be active and of its currency,
 * and prices the campaigns from then on.
 */
export async function changeAccount(
  db: Db,
  accountId: number,
  change: AccountChange,
  by?: Actor,
): Promise<Account> {
  const name = change.name?.trim();
  if (name !== undefined && (name === '' || name.length > maxNameLength)) throw refused.badName();
  if (Object.values(change).every((value) => value === undefined)) throw refused.noChange();
  checkCredit(change.credit);
  const before = await accountById(db, accountId);
  if (before === undefined) throw refused.noAccount(accountId);
  if (change.tariffId !== undefined) {
    const tariff = await tariffById(db, change.tariffId);
    if (!tariff?.isActive || tariff.currency !== before.currency) throw refused.wrongTariff(before.currency);
  }
  try {
    return await transaction(db, async (client) => {
      const account = await updateAccount(
        client,
        accountId,
        name === undefined ? change : { ...change, name },
      );
      if (account === undefined) throw refused.noAccount(accountId);
      await audit(client, by, 'account.change', accountId, changes(before, account));
      return account;
    });
  } catch (error) {
    if ((error as { code?: string }).code === uniqueViolation) throw refused.nameTaken(name ?? '');
    throw error;
  }
}

/** What is different, as `{property: [before, after]}`. */
function changes(before: Account, after: Account): Record<string, unknown> {
  const text = (value: unknown) => (typeof value === 'bigint' ? formatAmount(value as AmountE7) : value);
  const different = (Object.keys(after) as (keyof Account)[]).filter(
    (property) => property !== 'createdAt' && property !== 'balance' && before[property] !== after[property],
  );
  return Object.fromEntries(
    different.map((property) => [property, [text(before[property]), text(after[property])]]),
  );
}

/** Adds money to an account, with its row in the ledger; a negative sum takes back. Returns the new state. */
export async function topUp(
  db: Db,
  accountId: number,
  sum: AmountE7,
  note?: string,
  by?: Actor,
): Promise<Account> {
  if (sum === 0n) throw refused.badAmount('A top-up is more than zero; less than zero takes money back.');
  return transaction(db, (client) =>
    book(client, accountId, { sum, kind: sum < 0n ? 'adjustment' : 'top_up', note }, by),
  );
}

/** Corrects the balance of an account, up or down, and says why. Returns the new state. */
export async function adjust(
  db: Db,
  accountId: number,
  sum: AmountE7,
  note: string,
  by?: Actor,
): Promise<Account> {
  if (sum === 0n) throw refused.badAmount('An adjustment is more or less than zero.');
  return transaction(db, (client) => book(client, accountId, { sum, kind: 'adjustment', note }, by));
}

/** Money that somebody brings or corrects. */
export type Booking = { sum: AmountE7; kind: 'top_up' | 'adjustment'; note: string | undefined };

/** Books it in a transaction, with its rows in the ledger and in the audit log. */
export async function book(
  sql: Queryable,
  accountId: number,
  { sum, kind, note }: Booking,
  by?: Actor,
): Promise<Account> {
  const beyond = (money: bigint) => money > largestMoney || money < -largestMoney;
  if (beyond(sum)) throw refused.badAmount(tooMuch);
  const account = await addToBalance(sql, accountId, sum, kind, note);
  if (account === undefined) throw refused.noAccount(accountId);
  if (beyond(account.balance)) throw refused.badAmount(`The balance would be too large. ${tooMuch}`);
  await audit(sql, by, kind === 'top_up' ? 'account.top-up' : 'account.adjust', accountId, {
    amount: formatAmount(sum),
    currency: account.currency,
    note,
  });
  return account;
}

async function audit(
  sql: Queryable,
  by: Actor | undefined,
  action: string,
  accountId: number,
  details: Record<string, unknown>,
): Promise<void> {
  if (by === undefined) return;
  await recordAudit(sql, {
    identity: by,
    action,
    subject: `account/${accountId}`,
    ownerId: accountId,
    details,
  });
}
