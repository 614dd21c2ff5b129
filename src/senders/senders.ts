// The senders of accounts: listing, adding, blocking, and whether a campaign may use one. Called by the routes, by
// campaigns, by the admin API and the command line.

import type pg from 'pg';
import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import type { Identity, Page } from '../http/index.ts';
import { refused } from './errors.ts';
import { openStatuses } from './request-status.ts';

export const senderStatuses = ['active', 'blocked', 'registering'] as const;

export type SenderStatus = (typeof senderStatuses)[number];

/** `country` null: for every country. */
export type Sender = {
  id: number;
  accountId: number;
  accountName: string;
  sender: string;
  country: string | null;
  status: SenderStatus;
  createdAt: Date;
  isDefault: boolean;
};

const columns = `s.id, s.account_id as "accountId", a.name as "accountName", s.sender, s.country, s.status,
  s.created_at as "createdAt", coalesce(lower(a.default_sender) = lower(s.sender), false) as "isDefault"`;

/** An account's own senders, and with `id` null those that it has asked for and not got yet. */
export async function sendersOf(
  db: Db,
  accountId: number,
): Promise<(Omit<Sender, 'id'> & { id: number | null })[]> {
  const { rows } = await db.pool.query(
    `select ${columns} from sender s join account a on a.id = s.account_id where s.account_id = $1
     union all
     select null, r.account_id, a.name, r.sender, r.country_code, 'registering', r.created_at, false
     from sender_request r join account a on a.id = r.account_id
     where r.account_id = $1 and r.status = any($2) and not exists (
       select from sender s where s.account_id = $1 and lower(s.sender) = lower(r.sender)
         and s.country = r.country_code)
     order by "createdAt", id`,
    [accountId, openStatuses],
  );
  return rows;
}

export type SenderFilter = { accountId?: number | undefined; status?: SenderStatus | undefined };

/** A page of the senders of all accounts, or of one, and how many there are. */
export async function listSenders(
  db: Db,
  { accountId, status }: SenderFilter,
  page: Page,
): Promise<{ senders: Sender[]; total: number }> {
  const chosen = `from sender s where ($1::bigint is null or s.account_id = $1) and ($2::text is null or s.status = $2)`;
  const values = [accountId ?? null, status ?? null];
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<Sender>(
      `select ${columns} ${chosen.replace(' where', ' join account a on a.id = s.account_id where')}
       order by s.id limit ${page.limit} offset ${page.offset}`,
      values,
    ),
    db.pool.query<{ total: number }>(`select count(*) as total ${chosen}`, values),
  ]);
  return { senders: rows, total: totals.rows[0]!.total };
}

async function findSender(db: Db, id: number): Promise<Sender> {
  const { rows } = await db.pool.query<Sender>(
    `select ${columns} from sender s join account a on a.id = s.account_id where s.id = $1`,
    [id],
  );
  if (rows[0] === undefined) throw refused.noSender(id);
  return rows[0];
}

type SenderRow = Pick<Sender, 'accountId' | 'sender' | 'country' | 'status'>;

/** Makes it a sender of the account, or gives it that status where it is one; returns its id. */
export async function upsertSender(client: pg.ClientBase, row: SenderRow): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into sender (account_id, sender, country, status) values ($1, $2, $3, $4)
     on conflict (account_id, lower(sender), country) do update set status = excluded.status returning id`,
    [row.accountId, row.sender, row.country, row.status],
  );
  return rows[0]!.id;
}

/** Adds an active sender to an account without a request. */
export async function addSender(
  db: Db,
  identity: Identity | null,
  given: { accountId: number; sender: string; country: string | null },
): Promise<Sender> {
  const { accountId, sender, country } = given;
  const id = await transaction(db, async (client) => {
    const { rows: accounts } = await client.query('select from account where id = $1', [accountId]);
    if (accounts.length === 0) throw refused.noAccount(accountId);
    const { rows } = await client.query<{ id: number }>(
      `insert into sender (account_id, sender, country) values ($1, $2, $3) on conflict do nothing returning id`,
      [accountId, sender, country],
    );
    const [added] = rows;
    if (added === undefined) throw refused.senderThere(sender, country);
    await auditSender(client, identity, 'sender.add', { ...given, id: added.id });
    return added.id;
  });
  return findSender(db, id);
}

/** Changes what is given: blocks or unblocks a sender, makes it the account's default one. */
export async function changeSender(
  db: Db,
  identity: Identity | null,
  id: number,
  change: { status?: 'active' | 'blocked' | undefined; isDefault?: boolean | undefined },
): Promise<Sender> {
  await transaction(db, async (client) => {
    const { rows } = await client.query<Sender>(
      `update sender s set status = coalesce($2, s.status) from account a
       where s.id = $1 and a.id = s.account_id returning ${columns}`,
      [id, change.status ?? null],
    );
    const [sender] = rows;
    if (sender === undefined) throw refused.noSender(id);
    const { isDefault } = change;
    if (isDefault !== undefined && isDefault !== sender.isDefault) {
      await client.query('update account set default_sender = $2 where id = $1', [
        sender.accountId,
        isDefault ? sender.sender : null,
      ]);
    }
    await auditSender(client, identity, 'sender.change', sender, change);
  });
  return findSender(db, id);
}

function auditSender(
  client: pg.ClientBase,
  identity: Identity | null,
  action: string,
  { id, accountId, sender, country }: Pick<Sender, 'id' | 'accountId' | 'sender' | 'country'>,
  change: object = {},
): Promise<void> {
  return recordAudit(client, {
    ...{ identity, action, subject: `sender/${id}`, ownerId: accountId },
    details: { sender, country, ...change },
  });
}
