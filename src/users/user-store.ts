// The SQL of users. Called by users.ts, sign-in.ts and totp-enrolment.ts.

import type pg from 'pg';
import { conditions } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import type { UserRole } from './roles.ts';

/** A pool or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export type User = {
  id: number;
  accountId: number;
  accountName: string;
  email: string;
  name: string;
  role: UserRole;
  locale: string | null;
  timeZone: string | null;
  totpEnabled: boolean;
  recoveryCodesLeft: number;
  mustChangePassword: boolean;
  disabledAt: Date | null;
  createdAt: Date;
  lastLoginAt: Date | null;
};

/** What sign-in alone needs, and nobody sees. */
export type Credentials = { passwordHash: string; totpSecret: Buffer | null };

const columns = `u.id, u.account_id as "accountId", a.name as "accountName", u.email, u.name, u.role, u.locale,
  u.time_zone as "timeZone", u.totp_enabled_at is not null as "totpEnabled",
  cardinality(u.recovery_hashes) as "recoveryCodesLeft", u.must_change_password as "mustChangePassword",
  u.disabled_at as "disabledAt", u.created_at as "createdAt", u.last_login_at as "lastLoginAt"`;
const tables = 'app_user u join account a on a.id = u.account_id';

export type UserBy = { id: number } | { email: string };

const matching = (by: UserBy): [string, unknown] =>
  'id' in by ? ['u.id = $1', by.id] : ['lower(u.email) = lower($1)', by.email];

/** One user; undefined where there is none. */
export async function selectUser(sql: Queryable, by: UserBy): Promise<User | undefined> {
  const [condition, value] = matching(by);
  const { rows } = await sql.query<User>(`select ${columns} from ${tables} where ${condition}`, [value]);
  return rows[0];
}

/** The same with what proves who it is. */
export async function selectCredentials(
  sql: Queryable,
  by: UserBy,
): Promise<(User & Credentials) | undefined> {
  const [condition, value] = matching(by);
  const { rows } = await sql.query<User & Credentials>(
    `select ${columns}, u.password_hash as "passwordHash", u.totp_secret as "totpSecret"
     from ${tables} where ${condition}`,
    [value],
  );
  return rows[0];
}

/** What a list of users may be narrowed to. */
export type UserFilter = {
  accountId?: number | undefined;
  role?: UserRole | undefined;
  /** Found anywhere in the name or the e-mail address. */
  text?: string | undefined;
};

/** A page of the users, the oldest first, and how many there are. */
export async function selectUsers(
  sql: Queryable,
  filter: UserFilter,
  page: Page,
): Promise<{ users: User[]; total: number }> {
  const chosenBy = conditions();
  const { where, values } = chosenBy;
  where((p) => `u.account_id = ${p}`, filter.accountId);
  where((p) => `u.role = ${p}`, filter.role);
  where((p) => `strpos(lower(u.name || ' ' || u.email), lower(${p})) > 0`, filter.text);
  const [{ rows }, totals] = await Promise.all([
    sql.query<User>(
      `select ${columns} from ${tables} where ${chosenBy.sql} order by u.id
       limit ${page.limit} offset ${page.offset}`,
      values,
    ),
    sql.query<{ total: number }>(`select count(*) as total from app_user u where ${chosenBy.sql}`, values),
  ]);
  return { users: rows, total: totals.rows[0]!.total };
}

export type UserRow = Pick<User, 'accountId' | 'email' | 'name' | 'role' | 'mustChangePassword'> & {
  locale: string | null;
  timeZone: string | null;
  passwordHash: string;
};

/** The id of the new user; undefined where the e-mail address is taken. */
export async function insertUser(sql: Queryable, user: UserRow): Promise<number | undefined> {
  const { rows } = await sql.query<{ id: number }>(
    `insert into app_user (account_id, email, name, role, must_change_password, locale, time_zone, password_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (lower(email)) do nothing returning id`,
    [
      ...[user.accountId, user.email, user.name, user.role, user.mustChangePassword],
      ...[user.locale, user.timeZone, user.passwordHash],
    ],
  );
  return rows[0]?.id;
}

/** The columns that change, by their property. */
const changeable = {
  email: 'email',
  name: 'name',
  role: 'role',
  locale: 'locale',
  timeZone: 'time_zone',
  disabledAt: 'disabled_at',
  passwordHash: 'password_hash',
  mustChangePassword: 'must_change_password',
  totpSecret: 'totp_secret',
  totpEnabledAt: 'totp_enabled_at',
  recoveryHashes: 'recovery_hashes',
  lastLoginAt: 'last_login_at',
} as const;

/** What of a user may be changed; absent: as it is. */
export type UserUpdate = Partial<
  Pick<User, 'email' | 'name' | 'role' | 'locale' | 'timeZone' | 'disabledAt' | 'mustChangePassword'> &
    Credentials & { totpEnabledAt: Date | null; recoveryHashes: Buffer[]; lastLoginAt: Date }
>;

/** Changes what is given. Fails with 23505 where the e-mail address is taken. */
export async function updateUser(sql: Queryable, userId: number, update: UserUpdate): Promise<void> {
  const given = (Object.keys(changeable) as (keyof typeof changeable)[]).filter(
    (property) => update[property] !== undefined,
  );
  if (given.length === 0) return;
  const assignments = given.map((property, i) => `${changeable[property]} = $${i + 2}`);
  await sql.query(`update app_user set ${assignments.join(', ')} where id = $1`, [
    userId,
    ...given.map((property) => update[property]),
  ]);
}

/** Uses the code of a period, which nobody may after; false where it or a later one was used before. */
export async function useStep(sql: Queryable, userId: number, step: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update app_user set totp_last_step = $2 where id = $1 and totp_last_step < $2',
    [userId, step],
  );
  return rowCount === 1;
}

/** Uses up a recovery code; false where there is no such code. */
export async function useRecoveryCode(sql: Queryable, userId: number, hash: Buffer): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update app_user set recovery_hashes = array_remove(recovery_hashes, $2)
     where id = $1 and $2 = any (recovery_hashes)`,
    [userId, hash],
  );
  return rowCount === 1;
}

export async function administratorExists(sql: Queryable): Promise<boolean> {
  const { rows } = await sql.query(`select from app_user where role = 'administrator' limit 1`);
  return rows.length > 0;
}
