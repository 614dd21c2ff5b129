// Users: making, listing, changing, and their passwords. Called by the routes, the command line and the first start.

import { type Actor, accountById } from '../accounts/index.ts';
import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import { refused } from './errors.ts';
import { generatePassword, hashPassword, longestPassword, shortestPassword } from './password.ts';
import { reachesAll, type UserRole } from './roles.ts';
import { deleteSessions } from './session-store.ts';
import {
  insertUser,
  type Queryable,
  selectUser,
  selectUsers,
  type User,
  type UserBy,
  type UserFilter,
  updateUser,
} from './user-store.ts';

export type NewUser = {
  email: string;
  name: string;
  role: UserRole;
  accountId: number;
  locale?: string | null | undefined;
  timeZone?: string | null | undefined;
  /** Generated, and to be changed at the first sign-in, unless given. */
  password?: string;
};

/** A user with the password that was generated, at the one moment it is known. */
export type WithPassword = { user: User; password: string };

const uniqueViolation = '23505';

/** Makes a user. */
export async function createUser(db: Db, given: NewUser, by?: Actor): Promise<WithPassword> {
  const fields = checked(given);
  await checkAccount(db, given.role, given.accountId);
  const password = given.password ?? generatePassword();
  checkPassword(password, given.email, 'password');
  const passwordHash = await hashPassword(password);
  return transaction(db, async (client) => {
    const id = await insertUser(client, {
      ...{ email: fields.email!, name: fields.name!, role: given.role, accountId: given.accountId },
      ...{ locale: fields.locale ?? null, timeZone: fields.timeZone ?? null },
      ...{ passwordHash, mustChangePassword: given.password === undefined },
    });
    if (id === undefined) throw refused.emailTaken(fields.email!);
    const user = (await selectUser(client, { id }))!;
    await audit(client, by, 'user.create', user, { email: user.email, name: user.name, role: user.role });
    return { user, password };
  });
}

/** One user. Throws where there is none. */
export async function findUser(db: Db, by: UserBy): Promise<User> {
  const user = await selectUser(db.pool, by);
  if (user === undefined) throw refused.noUser();
  return user;
}

/** A page of users, the oldest first, and how many there are. */
export function listUsers(db: Db, filter: UserFilter, page: Page): Promise<{ users: User[]; total: number }> {
  return selectUsers(db.pool, filter, page);
}

export type UserChange = {
  [P in 'email' | 'name' | 'role' | 'locale' | 'timeZone']?: User[P] | undefined;
} & { disabled?: boolean | undefined };

/** Changes what is given of a user and returns the new state. One who is disabled is signed out everywhere. */
export async function changeUser(db: Db, userId: number, change: UserChange, by?: Actor): Promise<User> {
  if (Object.values(change).every((value) => value === undefined)) throw refused.noChange();
  const { disabled, role } = change;
  const fields = checked(change);
  const before = await findUser(db, { id: userId });
  const demotes = role !== undefined && role !== before.role;
  if (by?.userId === userId && (disabled === true || demotes)) throw refused.ownRights();
  if (demotes) await checkAccount(db, role, before.accountId);
  try {
    return await transaction(db, async (client) => {
      await updateUser(client, userId, {
        ...fields,
        ...(role === undefined ? {} : { role }),
        ...(disabled === undefined
          ? {}
          : { disabledAt: disabled ? (before.disabledAt ?? new Date()) : null }),
      });
      if (disabled === true) await deleteSessions(client, userId);
      const user = (await selectUser(client, { id: userId }))!;
      await audit(client, by, 'user.change', user, changes(before, user));
      return user;
    });
  } catch (error) {
    if ((error as { code?: string }).code === uniqueViolation) throw refused.emailTaken(change.email ?? '');
    throw error;
  }
}

/** Gives a user a new password, generated unless it is given, and ends all sessions. */
export async function resetPassword(
  db: Db,
  userId: number,
  { password = generatePassword(), mustChange = true }: { password?: string; mustChange?: boolean },
  by?: Actor,
): Promise<WithPassword> {
  const { email } = await findUser(db, { id: userId });
  checkPassword(password, email, 'password');
  const passwordHash = await hashPassword(password);
  return transaction(db, async (client) => {
    await setPassword(client, userId, passwordHash, mustChange);
    const user = (await selectUser(client, { id: userId }))!;
    await audit(client, by, 'user.password-reset', user, {});
    return { user, password };
  });
}

/** Stores a password and ends all sessions, in a transaction. */
export async function setPassword(
  sql: Queryable,
  userId: number,
  passwordHash: string,
  mustChange: boolean,
): Promise<void> {
  await updateUser(sql, userId, { passwordHash, mustChangePassword: mustChange });
  await deleteSessions(sql, userId);
}

/** Refuses a password that is short, beyond all reason, or the address itself. */
export function checkPassword(password: string, email: string, field: string): void {
  const { length } = [...password];
  const same = password.toLowerCase() === email.toLowerCase();
  if (length < shortestPassword || length > longestPassword || same) throw refused.passwordWeak(field);
}

async function checkAccount(db: Db, role: UserRole, accountId: number): Promise<void> {
  const account = await accountById(db, accountId);
  if (account === undefined) throw refused.noAccount(accountId);
  if (reachesAll(role) && account.role !== 'admin') throw refused.wrongAccount();
}

const longestName = 100;
const longestEmail = 254;

type Fields = Pick<UserChange, 'email' | 'name' | 'locale' | 'timeZone'>;

/** The fields that anybody may set, trimmed. */
function checked({ email, name, locale, timeZone }: Fields): {
  email?: string;
  name?: string;
  locale?: string | null;
  timeZone?: string | null;
} {
  const address = email?.trim();
  if (address !== undefined && (address.length > longestEmail || !/^[^\s@]{1,64}@[^\s@]+$/.test(address))) {
    throw refused.badEmail();
  }
  const full = name?.trim();
  if (full !== undefined && (full === '' || full.length > longestName)) throw refused.badName();
  if (typeof locale === 'string' && !isLocale(locale)) throw refused.badLocale();
  if (typeof timeZone === 'string' && !isZone(timeZone)) throw refused.badZone();
  return {
    ...(address === undefined ? {} : { email: address }),
    ...(full === undefined ? {} : { name: full }),
    ...(locale === undefined ? {} : { locale }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

function isLocale(text: string): boolean {
  try {
    return text.length <= 35 && Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

function isZone(text: string): boolean {
  try {
    return text.length <= 64 && Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

/** What is different, as `{property: [before, after]}`. */
function changes(before: User, after: User): Record<string, unknown> {
  const properties = ['email', 'name', 'role', 'locale', 'timeZone'] as const;
  const different = properties.filter((property) => before[property] !== after[property]);
  const disabled = [before.disabledAt !== null, after.disabledAt !== null];
  return {
    ...Object.fromEntries(different.map((property) => [property, [before[property], after[property]]])),
    ...(disabled[0] === disabled[1] ? {} : { disabled }),
  };
}

/** Writes down what was done to a user, where somebody did it. */
export async function audit(
  sql: Queryable,
  by: Actor | undefined,
  action: string,
  { id, accountId }: Pick<User, 'id' | 'accountId'>,
  details: Record<string, unknown>,
): Promise<void> {
  if (by === undefined) return;
  await recordAudit(sql, { identity: by, action, subject: `user/${id}`, ownerId: accountId, details });
}
