// Writes down who did what and when: every change of money, keys, operators, tariffs and decisions that is made over
// the admin API or by the command line. Called by those who make the change, in its transaction.

import type pg from 'pg';
import type { Identity } from '../http/index.ts';

/** A pool, or the connection of the transaction that makes the change. */
type Queryable = Pick<pg.ClientBase, 'query'>;

export type AuditRecord = {
  /** Who did it; null for Carillon itself and for the command line. */
  identity: Pick<Identity, 'accountId' | 'keyId' | 'userId'> | null;
  /** What was done, as `campaign.approve`. */
  action: string;
  /** What it was done to, as `campaign/12`. */
  subject: string;
  /** The account whose thing it is; null where it is nobody's, such as an operator. */
  ownerId: number | null;
  /** What else is worth knowing, such as what was before. Never a secret; no bigint. */
  details?: Record<string, unknown>;
};

/** Adds an entry. On a transaction's connection it stands or falls with the change itself. */
export async function recordAudit(sql: Queryable, record: AuditRecord): Promise<void> {
  const { identity, action, subject, ownerId, details } = record;
  await sql.query({
    name: 'record-audit',
    text: `insert into audit_log (account_id, key_id, user_id, action, subject, owner_id, details)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      identity?.accountId ?? null,
      identity?.keyId ?? null,
      identity?.userId ?? null,
      action,
      subject,
      ownerId,
      JSON.stringify(details ?? {}),
    ],
  });
}
