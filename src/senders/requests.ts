// Requests for senders: filing one, listing them, deciding. Called by the routes, the admin API and the command line.

import { recordAudit } from '../audit/index.ts';
import { conditions, type Db, transaction } from '../db/index.ts';
import type { Identity, Page } from '../http/index.ts';
import { refused } from './errors.ts';
import { openStatuses, type RequestStatus, statesBefore } from './request-status.ts';
import { upsertSender } from './senders.ts';

/** What a customer tells about the sender and its owner, by the published names; absent ones have no entry. */
export type RequestFields = Record<string, string>;

export type NewRequest = {
  kind: 'legal' | 'natural';
  sender: string;
  countryCode: string;
  fields: RequestFields;
};

export type SenderRequest = NewRequest & {
  id: number;
  accountId: number;
  accountName: string;
  type: 'sms';
  status: RequestStatus;
  /** Why it was rejected. */
  reason: string | null;
  createdAt: Date;
  registeredAt: Date | null;
  statusChangedAt: Date | null;
};

/** What a list may be narrowed to; all that is given must hold. */
export type RequestFilter = {
  accountId?: number | undefined;
  id?: number | undefined;
  status?: RequestStatus | undefined;
  countryCode?: string | undefined;
  /** Part of the name, in any case of letters. */
  sender?: string | undefined;
  createdFrom?: Date | undefined;
  /** Exclusive. */
  createdBefore?: Date | undefined;
};

const sortColumns = {
  id: 'r.id',
  sender: 'lower(r.sender)',
  status: 'r.status',
  country_code: 'r.country_code',
  created_at: 'r.created_at',
} as const;

export type RequestSort = { by: keyof typeof sortColumns; way: 'asc' | 'desc' };

/** Requests that one account may have waiting: people read them. */
const maxOpen = 100;

/** What the customer gets to read. */
export const maxReasonLength = 1000;

const columns = `r.id, r.account_id as "accountId", a.name as "accountName", r.kind, r.type, r.sender,
  r.country_code as "countryCode", r.status, r.fields, r.reason, r.created_at as "createdAt",
  r.registered_at as "registeredAt", r.status_changed_at as "statusChangedAt"`;

/** Files a request. The same one twice while the first waits is refused. */
export async function fileRequest(db: Db, identity: Identity, request: NewRequest): Promise<SenderRequest> {
  const { accountId } = identity;
  const id = await transaction(db, async (client) => {
    // Two of the same at once: the second waits here, and then finds the first.
    await client.query('select from account where id = $1 for no key update', [accountId]);
    const { rows: open } = await client.query<{ same: boolean }>(
      `select lower(sender) = lower($2) and country_code = $3 as same from sender_request
       where account_id = $1 and status = any($4)`,
      [accountId, request.sender, request.countryCode, openStatuses],
    );
    if (open.some((row) => row.same)) throw refused.requestOpen(request.sender, request.countryCode);
    if (open.length >= maxOpen) throw refused.tooManyOpen(maxOpen);
    const { rows } = await client.query<{ id: number }>(
      `insert into sender_request (account_id, kind, sender, country_code, fields)
       values ($1, $2, $3, $4, $5) returning id`,
      [accountId, request.kind, request.sender, request.countryCode, JSON.stringify(request.fields)],
    );
    return rows[0]!.id;
  });
  return findRequest(db, id);
}

export async function findRequest(db: Db, id: number): Promise<SenderRequest> {
  const { rows } = await db.pool.query<SenderRequest>(
    `select ${columns} from sender_request r join account a on a.id = r.account_id where r.id = $1`,
    [id],
  );
  if (rows[0] === undefined) throw refused.noRequest(id);
  return rows[0];
}

/** A page of the requests, and how many there are in all. */
export async function listRequests(
  db: Db,
  filter: RequestFilter,
  sort: RequestSort,
  page: Page,
): Promise<{ requests: SenderRequest[]; total: number }> {
  const chosenBy = conditions();
  const { where, values } = chosenBy;
  where((p) => `r.account_id = ${p}`, filter.accountId);
  where((p) => `r.id = ${p}`, filter.id);
  where((p) => `r.status = ${p}`, filter.status);
  where((p) => `r.country_code = upper(${p})`, filter.countryCode);
  where((p) => `strpos(lower(r.sender), lower(${p})) > 0`, filter.sender);
  where((p) => `r.created_at >= ${p}`, filter.createdFrom);
  where((p) => `r.created_at < ${p}`, filter.createdBefore);
  const chosen = `from sender_request r where ${chosenBy.sql}`;
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<SenderRequest>(
      `select ${columns} ${chosen.replace(' where', ' join account a on a.id = r.account_id where')}
       order by ${sortColumns[sort.by]} ${sort.way}, r.id ${sort.way} limit ${page.limit} offset ${page.offset}`,
      values,
    ),
    db.pool.query<{ total: number }>(`select count(*) as total ${chosen}`, values),
  ]);
  return { requests: rows, total: totals.rows[0]!.total };
}

/**
 * Moves a request on. `registered` makes its sender an active one of the account; `rejected` needs a reason. Of two
 * decisions at once the first wins, and the other is refused.
 */
export async function decideRequest(
  db: Db,
  identity: Identity | null,
  id: number,
  status: Exclude<RequestStatus, 'new'>,
  given?: string,
): Promise<SenderRequest> {
  const reason = given?.trim() || null;
  if (status === 'rejected' && (reason === null || reason.length > maxReasonLength)) {
    throw refused.noReason(maxReasonLength);
  }
  await transaction(db, async (client) => {
    const { rows } = await client.query<{ accountId: number; sender: string; country: string }>(
      `update sender_request set status = $2, reason = $3, status_changed_at = now(),
         registered_at = case when $2 = 'registered' then now() end
       where id = $1 and status = any($4)
       returning account_id as "accountId", sender, country_code as country`,
      [id, status, status === 'rejected' ? reason : null, statesBefore(status)],
    );
    const [decided] = rows;
    if (decided === undefined) {
      const found = await client.query<{ status: string }>(
        'select status from sender_request where id = $1',
        [id],
      );
      const [now] = found.rows;
      throw now === undefined ? refused.noRequest(id) : refused.decided(id, now.status, status);
    }
    const { accountId, sender, country } = decided;
    if (status === 'registered') await upsertSender(client, { accountId, sender, country, status: 'active' });
    await recordAudit(client, {
      identity,
      action: `sender_request.${status}`,
      subject: `sender_request/${id}`,
      ownerId: accountId,
      details: { sender, country, ...(reason === null ? {} : { reason }) },
    });
  });
  return findRequest(db, id);
}
