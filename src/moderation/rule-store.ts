// The rules and the known domains: listing, adding, changing, removing, each with its entry in the audit log. Called
// by the admin API and the command line.

import type pg from 'pg';
import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import type { Identity, Page } from '../http/index.ts';
import { refused } from './errors.ts';
import { readDomain } from './links.ts';
import { type Rule, type RuleKind, readRuleValue } from './rules.ts';

/** Every campaign is compared with every rule that may hold it: 5,000 words take some 10 ms. */
const maxRules = 5000;

/** Domains are looked up, not compared one by one. */
const maxDomains = 100_000;

/** A rule as it is managed. `accountId` null: for campaigns of every account. */
export type StoredRule = Rule & { accountId: number | null; enabled: boolean; createdAt: Date };

export type KnownDomain = { id: number; accountId: number | null; domain: string };

const ruleColumns = 'id, account_id as "accountId", kind, value, enabled, created_at as "createdAt"';
const domainColumns = 'id, account_id as "accountId", domain';

/** What of both a list may be narrowed to: what holds for one account includes what holds for all. */
export type Narrowed = { accountId?: number | undefined };

async function selectPage<T extends pg.QueryResultRow>(
  db: Db,
  table: string,
  columns: string,
  { accountId }: Narrowed,
  page: Page,
): Promise<{ rows: T[]; total: number }> {
  const chosen = `from ${table} where $1::bigint is null or account_id is null or account_id = $1`;
  const values = [accountId ?? null];
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<T>(
      `select ${columns} ${chosen} order by id limit ${page.limit} offset ${page.offset}`,
      values,
    ),
    db.pool.query<{ total: number }>(`select count(*) as total ${chosen}`, values),
  ]);
  return { rows, total: totals.rows[0]!.total };
}

/** A page of the rules, the oldest first, and how many there are. */
export function listRules(db: Db, narrowed: Narrowed, page: Page) {
  return selectPage<StoredRule>(db, 'moderation_rule', ruleColumns, narrowed, page);
}

/** A page of the known domains, the oldest first, and how many there are. */
export function listDomains(db: Db, narrowed: Narrowed, page: Page) {
  return selectPage<KnownDomain>(db, 'known_domain', domainColumns, narrowed, page);
}

/** Adds a rule; it holds campaigns that are created from now on. */
export async function addRule(
  db: Db,
  identity: Identity | null,
  rule: { kind: RuleKind; value: string; accountId: number | null },
): Promise<StoredRule> {
  const read = readRuleValue(rule.kind, rule.value);
  if ('problem' in read) throw refused.badValue(read.problem);
  return transaction(db, async (client) => {
    await leaveRoom(client, 'moderation_rule', 'rules', maxRules);
    const insert = `insert into moderation_rule (account_id, kind, value) values ($1, $2, $3) returning ${ruleColumns}`;
    const values = [rule.accountId, rule.kind, read.value];
    const added = (await inserted<StoredRule>(client, rule.accountId, { text: insert, values }))!;
    await auditRule(client, identity, 'rule.add', added);
    return added;
  });
}

/** Changes a rule's value, or turns it on or off. */
export async function changeRule(
  db: Db,
  identity: Identity | null,
  id: number,
  change: { value?: string | undefined; enabled?: boolean | undefined },
): Promise<StoredRule> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<StoredRule>(
      `select ${ruleColumns} from moderation_rule where id = $1 for update`,
      [id],
    );
    const [before] = rows;
    if (before === undefined) throw refused.noRule(id);
    const read = readRuleValue(before.kind, change.value ?? before.value);
    if ('problem' in read) throw refused.badValue(read.problem);
    const after = { ...before, value: read.value, enabled: change.enabled ?? before.enabled };
    await client.query('update moderation_rule set value = $2, enabled = $3 where id = $1', [
      id,
      after.value,
      after.enabled,
    ]);
    await auditRule(client, identity, 'rule.change', after);
    return after;
  });
}

/** Removes a rule; campaigns that it holds stay held. */
export async function removeRule(db: Db, identity: Identity | null, id: number): Promise<StoredRule> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<StoredRule>(
      `delete from moderation_rule where id = $1 returning ${ruleColumns}`,
      [id],
    );
    if (rows[0] === undefined) throw refused.noRule(id);
    await auditRule(client, identity, 'rule.remove', rows[0]);
    return rows[0];
  });
}

/** Adds a domain to which links, also to its subdomains, may lead without moderation. */
export async function addDomain(
  db: Db,
  identity: Identity | null,
  given: { domain: string; accountId: number | null },
): Promise<KnownDomain> {
  const domain = readDomain(given.domain);
  if (domain === undefined) throw refused.badDomain();
  return transaction(db, async (client) => {
    await leaveRoom(client, 'known_domain', 'known domains', maxDomains);
    const added = await inserted<KnownDomain>(client, given.accountId, {
      text: `insert into known_domain (account_id, domain) values ($1, $2)
        on conflict do nothing returning ${domainColumns}`,
      values: [given.accountId, domain],
    });
    if (added === undefined) throw refused.domainKnown(domain);
    await auditDomain(client, identity, 'domain.add', added);
    return added;
  });
}

export async function removeDomain(db: Db, identity: Identity | null, id: number): Promise<KnownDomain> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<KnownDomain>(
      `delete from known_domain where id = $1 returning ${domainColumns}`,
      [id],
    );
    if (rows[0] === undefined) throw refused.noDomain(id);
    await auditDomain(client, identity, 'domain.remove', rows[0]);
    return rows[0];
  });
}

/** Counted without a lock: a few more, added at the same moment, do no harm. */
async function leaveRoom(client: pg.ClientBase, table: string, what: string, max: number): Promise<void> {
  const { rows } = await client.query<{ n: number }>(`select count(*) as n from ${table}`);
  if (rows[0]!.n >= max) throw refused.tooMany(what, max);
}

const foreignKeyViolation = '23503';

/** The row that an insert returns, if any; its foreign key is the account. */
async function inserted<T extends pg.QueryResultRow>(
  client: pg.ClientBase,
  accountId: number | null,
  insert: { text: string; values: unknown[] },
): Promise<T | undefined> {
  try {
    const { rows } = await client.query<T>(insert);
    return rows[0];
  } catch (error) {
    if (accountId !== null && (error as pg.DatabaseError).code === foreignKeyViolation) {
      throw refused.noAccount(accountId);
    }
    throw error;
  }
}

function auditRule(client: pg.ClientBase, identity: Identity | null, action: string, rule: StoredRule) {
  const { id, accountId: ownerId, kind, value, enabled } = rule;
  return recordAudit(client, {
    ...{ identity, action, subject: `rule/${id}`, ownerId },
    details: { kind, value, enabled },
  });
}

function auditDomain(client: pg.ClientBase, identity: Identity | null, action: string, known: KnownDomain) {
  const { id, accountId: ownerId, domain } = known;
  return recordAudit(client, { identity, action, subject: `domain/${id}`, ownerId, details: { domain } });
}
