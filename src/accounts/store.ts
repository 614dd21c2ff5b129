// The SQL of accounts and of the rows of the ledger that belong to no campaign. Called by accounts.ts.

import type pg from 'pg';
import { type AmountE7, amount } from '../money/index.ts';

/** A pool or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export type Role = 'customer' | 'admin';

export type Account = {
  id: number;
  name: string;
  role: Role;
  currency: string;
  tariffId: number;
  /** What is there to spend, before the credit. */
  balance: AmountE7;
  /** How far the balance may fall below zero. */
  credit: AmountE7;
  createdAt: Date;
} & AccountSettings;

/** What administrators set of an account beside its name, tariff and credit. */
export type AccountSettings = {
  /** Which of its campaigns wait for a moderator. */
  moderation: 'off' | 'first' | 'always';
  /** What becomes of campaigns with an unregistered sender. */
  senderPolicy: 'refuse' | 'moderate' | 'allow';
  /** Null: no limit. */
  messagesPerSecond: number | null;
  messagesPerDay: number | null;
  /** Days after the end of a campaign that its messages keep their numbers; null: for ever. */
  retentionDays: number | null;
  /** Its sender where none is named. */
  defaultSender: string | null;
};

type Row = AccountSettings & {
  id: number;
  name: string;
  role: Role;
  currency: string;
  tariff_id: number;
  balance: string;
  credit: string;
  created_at: Date;
};

const columns = `id, name, role, currency, tariff_id, balance_e7::text as balance, credit_e7::text as credit,
  created_at, moderation, sender_policy as "senderPolicy", messages_per_second as "messagesPerSecond",
  messages_per_day as "messagesPerDay", retention_days as "retentionDays", default_sender as "defaultSender"`;

function accountOf(row: Row): Account {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    currency: row.currency,
    tariffId: row.tariff_id,
    balance: amount(row.balance),
    credit: amount(row.credit),
    createdAt: row.created_at,
    moderation: row.moderation,
    senderPolicy: row.senderPolicy,
    messagesPerSecond: row.messagesPerSecond,
    messagesPerDay: row.messagesPerDay,
    retentionDays: row.retentionDays,
    defaultSender: row.defaultSender,
  };
}

/** The new account, or undefined where the name is taken. */
export async function insertAccount(
  sql: Queryable,
  account: { name: string; role: Role; currency: string; tariffId: number; credit: AmountE7 },
): Promise<Account | undefined> {
  const { rows } = await sql.query<Row>(
    `insert into account (name, role, currency, tariff_id, credit_e7) values ($1, $2, $3, $4, $5)
     on conflict (name) do nothing returning ${columns}`,
    [account.name, account.role, account.currency, account.tariffId, account.credit],
  );
  return rows[0] && accountOf(rows[0]);
}

/** All accounts, the oldest first. */
export async function selectAccounts(sql: Queryable): Promise<Account[]> {
  const { rows } = await sql.query<Row>(`select ${columns} from account order by id`);
  return rows.map(accountOf);
}

export async function selectAccount(
  sql: Queryable,
  by: { id: number } | { name: string },
): Promise<Account | undefined> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['name', by.name];
  const { rows } = await sql.query<Row>(`select ${columns} from account where ${column} = $1`, [value]);
  return rows[0] && accountOf(rows[0]);
}

/** A page of the accounts whose name contains a text, the oldest first, and how many there are. */
export async function selectAccountPage(
  sql: Queryable,
  name: string | undefined,
  page: { offset: number; limit: number },
): Promise<{ accounts: Account[]; total: number }> {
  const chosen = 'from account where $1::text is null or strpos(lower(name), lower($1)) > 0';
  const [{ rows }, totals] = await Promise.all([
    sql.query<Row>(`select ${columns} ${chosen} order by id limit ${page.limit} offset ${page.offset}`, [
      name ?? null,
    ]),
    sql.query<{ total: number }>(`select count(*) as total ${chosen}`, [name ?? null]),
  ]);
  return { accounts: rows.map(accountOf), total: totals.rows[0]!.total };
}

/** The columns that may be changed, by their property. */
const changeable = {
  name: 'name',
  credit: 'credit_e7',
  tariffId: 'tariff_id',
  moderation: 'moderation',
  senderPolicy: 'sender_policy',
  messagesPerSecond: 'messages_per_second',
  messagesPerDay: 'messages_per_day',
  retentionDays: 'retention_days',
  defaultSender: 'default_sender',
} as const;

/** What of an account may be changed; absent: as it is. */
export type AccountChange = { [P in keyof typeof changeable]?: Account[P] | undefined };

/** Changes an account; the new state, or undefined where there is none. Fails with 23505 where the name is taken. */
export async function updateAccount(
  sql: Queryable,
  accountId: number,
  change: AccountChange,
): Promise<Account | undefined> {
  const given = (Object.keys(changeable) as (keyof typeof changeable)[]).filter(
    (property) => change[property] !== undefined,
  );
  const assignments = given.map((property, i) => `${changeable[property]} = $${i + 2}`);
  const { rows } = await sql.query<Row>(
    `update account set ${assignments.join(', ')} where id = $1 returning ${columns}`,
    [accountId, ...given.map((property) => change[property])],
  );
  return rows[0] && accountOf(rows[0]);
}

export async function adminExists(sql: Queryable): Promise<boolean> {
  const { rows } = await sql.query(`select from account where role = 'admin' limit 1`);
  return rows.length > 0;
}

/**
 * Adds to the balance and writes it down in the ledger, in one statement; the new state, or undefined where there is no
 * such account.
 */
export async function addToBalance(
  sql: Queryable,
  accountId: number,
  sum: AmountE7,
  kind: 'top_up' | 'adjustment',
  note: string | undefined,
): Promise<Account | undefined> {
  const { rows } = await sql.query<Row>(
    `with paid as (
       update account set balance_e7 = balance_e7 + $2 where id = $1 returning *
     ), booked as (
       insert into ledger (account_id, kind, amount_e7, held_e7, note) select id, $3, $2, 0, $4 from paid
     )
     select ${columns} from paid`,
    [accountId, sum, kind, note ?? null],
  );
  return rows[0] && accountOf(rows[0]);
}
