// Reads the audit log, the newest entries first. Called by the admin API.

import { conditions, type Db } from '../db/index.ts';
import type { Page } from '../http/index.ts';

export type AuditEntry = {
  id: number;
  at: Date;
  /** Who did it; null for Carillon itself and for the command line. */
  accountId: number | null;
  accountName: string | null;
  keyId: number | null;
  /** The user of the console who did it, if it was one. */
  userId: number | null;
  userName: string | null;
  action: string;
  subject: string;
  ownerId: number | null;
  details: Record<string, unknown>;
};

/** What a list may be narrowed to; all that is given must hold. */
export type AuditFilter = {
  /** Who did it. */
  accountId?: number | undefined;
  /** Whose thing it was. */
  ownerId?: number | undefined;
  /** The whole action, as `campaign.approve`, or its beginning before the point, as `campaign`. */
  action?: string | undefined;
  /** As `campaign/12`. */
  subject?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

/** A page of the log, and how many entries there are in all. */
export async function listAudit(
  db: Db,
  filter: AuditFilter,
  page: Page,
): Promise<{ entries: AuditEntry[]; total: number }> {
  const chosenBy = conditions();
  const { where, values } = chosenBy;
  where((p) => `account_id = ${p}`, filter.accountId);
  where((p) => `owner_id = ${p}`, filter.ownerId);
  where((p) => `(action = ${p} or split_part(action, '.', 1) = ${p})`, filter.action);
  where((p) => `subject = ${p}`, filter.subject);
  where((p) => `at >= ${p}`, filter.from);
  where((p) => `at <= ${p}`, filter.to);
  const chosen = `from audit_log where ${chosenBy.sql}`;
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<AuditEntry>(
      `select l.id, l.at, l.account_id as "accountId", a.name as "accountName", l.key_id as "keyId",
         l.user_id as "userId", u.name as "userName", l.action, l.subject, l.owner_id as "ownerId", l.details
       from (select * ${chosen} order by id desc limit ${page.limit} offset ${page.offset}) as l
       left join account a on a.id = l.account_id
       left join app_user u on u.id = l.user_id
       order by l.id desc`,
      values,
    ),
    db.pool.query<{ total: number }>(`select count(*) as total ${chosen}`, values),
  ]);
  return { entries: rows, total: totals.rows[0]!.total };
}
