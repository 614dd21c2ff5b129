// Decides whether a new campaign has to wait for a moderator, and notes the case of one that has. Called by
// campaigns when they are created.

import type pg from 'pg';
import type { Db } from '../db/index.ts';
import { domainsOf, linkedHosts } from './links.ts';
import { metRules, type Rule } from './rules.ts';

/** A campaign that is about to be created. */
export type NewCase = {
  accountId: number;
  /** Made with a test_ key. */
  test: boolean;
  sender: string;
  senderRegistered: boolean;
  /** Whether the account's sender policy holds what is not registered. */
  holdUnregistered: boolean;
  text: string;
  recipients: number;
};

/** Reasons that a case keeps: a moderator needs no more, and a text can meet thousands of rules. */
export const maxReasons = 20;

/** Why a campaign must be held, in words for the moderator; none where it may be sent. */
export async function reasonsToHold(db: Db, campaign: NewCase): Promise<string[]> {
  const { accountId, sender, test, senderRegistered, holdUnregistered } = campaign;
  const { moderation, rules } = await selectPolicy(db, accountId);
  const reasons = await senderReasons(db, { accountId, test, moderation }, sender, {
    registered: senderRegistered,
    hold: holdUnregistered,
  });
  if (rules.length > 0) {
    const hosts = rules.some((rule) => rule.kind === 'link') ? linkedHosts(campaign.text) : [];
    const unknownHosts = await unknownOf(db, accountId, hosts);
    reasons.push(...metRules(rules, { ...campaign, unknownHosts }));
  }
  return reasons.slice(0, maxReasons);
}

/** How an account stands to a sender. */
export type Registration = { registered: boolean; hold: boolean };

/** Why a sender alone holds a campaign, rules aside. */
export async function senderReasons(
  db: Db,
  { accountId, test, moderation }: { accountId: number; test: boolean; moderation: string },
  sender: string,
  { registered, hold }: Registration,
): Promise<string[]> {
  const reasons: string[] = [];
  if (moderation === 'always') {
    reasons.push('every campaign of this account is moderated');
  } else if (moderation === 'first' && !(await hasSentAs(db, accountId, sender, test))) {
    reasons.push(`the first campaign of the sender ${sender}`);
  }
  if (hold && !registered) reasons.push(`the sender ${sender} is not registered`);
  return reasons;
}

/** Notes that a campaign is held, in the transaction that creates it. */
export async function holdCampaign(
  client: pg.ClientBase,
  held: { campaignId: number; accountId: number; reasons: readonly string[] },
): Promise<void> {
  await client.query({
    name: 'hold-campaign',
    text: 'insert into moderation_case (campaign_id, account_id, reasons) values ($1, $2, $3)',
    values: [held.campaignId, held.accountId, held.reasons],
  });
}

/** How an account is moderated, and the rules for its campaigns. One small query: a new rule holds at once. */
export async function selectPolicy(
  db: Db,
  accountId: number,
): Promise<{ moderation: string; rules: Rule[] }> {
  const { rows } = await db.pool.query<{ moderation: string; rules: Rule[] }>({
    name: 'moderation-policy',
    text: `select moderation, (
        select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'value', value) order by id), '[]')
        from moderation_rule r where r.enabled and (r.account_id is null or r.account_id = a.id)
      ) as rules
      from account a where id = $1`,
    values: [accountId],
  });
  return rows[0] ?? { moderation: 'off', rules: [] };
}

/**
 * Whether an earlier campaign of this sender was let through. One that waits, was rejected, or was stopped before it
 * began says nothing; and what a test_ key sent says nothing about live campaigns.
 */
async function hasSentAs(db: Db, accountId: number, sender: string, test: boolean): Promise<boolean> {
  const { rows } = await db.pool.query<{ sent: boolean }>({
    name: 'has-sent-as',
    text: `select exists (
        select from campaign
        where account_id = $1 and lower(sender) = lower($2) and test = $3
          and (status in ('scheduled', 'sending', 'paused', 'done') or actual_start_at is not null)
      ) as sent`,
    values: [accountId, sender, test],
  });
  return rows[0]!.sent;
}

/** Those hosts that lie in no known domain. */
export async function unknownOf(db: Db, accountId: number, hosts: readonly string[]): Promise<string[]> {
  if (hosts.length === 0) return [];
  const { rows } = await db.pool.query<{ domain: string }>({
    name: 'known-domains',
    text: 'select domain from known_domain where domain = any($1) and (account_id is null or account_id = $2)',
    values: [hosts.flatMap(domainsOf), accountId],
  });
  const known = new Set(rows.map((row) => row.domain));
  return hosts.filter((host) => !domainsOf(host).some((domain) => known.has(domain)));
}
