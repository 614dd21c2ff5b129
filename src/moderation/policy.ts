// How strictly an account is moderated: read and changed by the admin API and the command line.

import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import type { Identity } from '../http/index.ts';
import { refused } from './errors.ts';

/** Which campaigns of an account wait for a moderator, whatever the rules say. */
export const moderations = ['off', 'first', 'always'] as const;

/** What becomes of a campaign whose sender is not registered. */
export const senderPolicies = ['refuse', 'moderate', 'allow'] as const;

export type Policy = {
  moderation: (typeof moderations)[number];
  senderPolicy: (typeof senderPolicies)[number];
};

const columns = 'moderation, sender_policy as "senderPolicy"';

export async function policyOf(db: Db, accountId: number): Promise<Policy> {
  const { rows } = await db.pool.query<Policy>(`select ${columns} from account where id = $1`, [accountId]);
  if (rows[0] === undefined) throw refused.noAccount(accountId);
  return rows[0];
}

/** Changes what is given and returns the whole. It applies to campaigns that are created from now on. */
export async function changePolicy(
  db: Db,
  identity: Identity | null,
  accountId: number,
  change: Partial<Policy>,
): Promise<Policy> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<Policy>(
      `update account set moderation = coalesce($2, moderation), sender_policy = coalesce($3, sender_policy)
       where id = $1 returning ${columns}`,
      [accountId, change.moderation ?? null, change.senderPolicy ?? null],
    );
    const [policy] = rows;
    if (policy === undefined) throw refused.noAccount(accountId);
    await recordAudit(client, {
      identity,
      action: 'account.moderation',
      subject: `account/${accountId}`,
      ownerId: accountId,
      details: policy,
    });
    return policy;
  });
}
