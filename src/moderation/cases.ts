// The campaigns that wait, or waited, for a moderator: listing them, and deciding. Called by the admin API and the
// command line.
//
// A decision is an action of the campaign's life cycle, which is possible only while it is in moderation: of two
// moderators, or of a moderator and the author who stops it, one wins. Its messages are not touched: an approved campaign is picked up
// by the engine's clock, and the messages of a rejected one are cancelled by the engine, batch by batch.

import type pg from 'pg';
import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import type { Identity, Page } from '../http/index.ts';
import { refused } from './errors.ts';

/** Decided in this way, or still waiting. A campaign that its author stopped is neither. */
export const caseStates = ['open', 'approved', 'rejected'] as const;

export type CaseState = (typeof caseStates)[number];

export type Decision = 'approved' | 'rejected';

/** A held campaign as a moderator sees it. */
export type Case = {
  campaignId: number;
  accountId: number;
  accountName: string;
  author: Author | null;
  sender: string;
  text: string;
  recipients: number;
  /** The first few numbers. */
  sample: number[];
  /** What the same few are told, each text once: for a campaign with placeholders, `text` is what all begin from. */
  sampleTexts: string[];
  /** Made with a test_ key: it goes to the simulator only. */
  test: boolean;
  status: string;
  createdAt: Date;
  startAt: Date;
  reasons: string[];
  heldAt: Date;
  decision: Decision | null;
  decidedAt: Date | null;
  /** Null also where the command line decided. */
  decidedBy: { id: number; name: string } | null;
  reason: string | null;
  history: History;
};

/** Who made it: a user of the console, or an API key, which is told by its name or how it begins. */
export type Author = { type: 'user' | 'key'; id: number; name: string };

/** What became of the campaigns of a user, or of an account where no user is known, so far; this one included. */
export type History = {
  of: 'user' | 'account';
  campaigns: number;
  held: number;
  approved: number;
  rejected: number;
};

export type CaseFilter = { state?: CaseState | undefined; accountId?: number | undefined };

/** Enough to see which countries and what kind of numbers. */
const sampleSize = 5;

/** What the author gets to read. */
export const maxReasonLength = 1000;

type Row = Omit<Case, 'decidedBy' | 'history' | 'author'> & {
  deciderId: number | null;
  deciderName: string | null;
  userId: number | null;
  keyId: number | null;
  authorName: string | null;
};

const conditions: Record<CaseState, string> = {
  open: `k.decided_at is null and c.status = 'moderation'`,
  approved: `k.decision = 'approved'`,
  rejected: `k.decision = 'rejected'`,
};

/** A page of the cases, those that wait longest first, and how many there are in all. */
export async function listCases(
  db: Db,
  { state, accountId }: CaseFilter,
  page: Page,
): Promise<{ cases: Case[]; total: number }> {
  const condition = `${state === undefined ? 'true' : conditions[state]} and ($1::bigint is null or k.account_id = $1)`;
  const values = [accountId ?? null];
  const chosen = `from moderation_case k join campaign c on c.id = k.campaign_id where ${condition}`;
  const keys = `select k.campaign_id ${chosen} order by k.held_at, k.campaign_id
    limit ${page.limit} offset ${page.offset}`;
  const [rows, totals] = await Promise.all([
    selectCases(db, keys, values),
    db.pool.query<{ total: number }>(`select count(*) as total ${chosen}`, values),
  ]);
  return { cases: rows, total: totals.rows[0]!.total };
}

/** One case by its campaign. */
export async function findCase(db: Db, campaignId: number): Promise<Case> {
  const [found] = await selectCases(db, 'select $1::bigint as campaign_id', [campaignId]);
  if (found === undefined) throw refused.noCase(campaignId);
  return found;
}

async function selectCases(db: Db, keys: string, values: unknown[]): Promise<Case[]> {
  const { rows } = await db.pool.query<Row>(
    `select k.campaign_id as "campaignId", k.account_id as "accountId", a.name as "accountName", c.sender, c.text,
       c.message_count as recipients, s.sample, s.texts as "sampleTexts", c.test, c.status, c.created_at as "createdAt",
       c.start_at as "startAt", k.reasons, k.held_at as "heldAt", k.decision, k.decided_at as "decidedAt",
       k.decided_by as "deciderId", d.name as "deciderName", k.reason, c.user_id as "userId",
       c.api_key_id as "keyId", coalesce(u.name, nullif(y.name, ''), y.hint || '…') as "authorName"
     from (${keys}) as keys
     join moderation_case k using (campaign_id)
     join campaign c on c.id = k.campaign_id
     join account a on a.id = k.account_id
     left join account d on d.id = k.decided_by
     left join app_user u on u.id = c.user_id
     left join api_key y on y.id = c.api_key_id
     cross join lateral (
       select array_agg(phone order by id) as sample, array_agg(distinct coalesce(text, c.text)) as texts
       from message
       where id between c.first_message_id and c.first_message_id + least(c.message_count, ${sampleSize}) - 1
     ) as s
     order by k.held_at, k.campaign_id`,
    values,
  );
  const known = (of: 'userId' | 'accountId') =>
    rows.flatMap((row) => (of === 'accountId' && row.userId !== null ? [] : (row[of] ?? [])));
  const [ofUsers, ofAccounts] = await Promise.all([
    selectHistories(db, 'user', new Set(known('userId'))),
    selectHistories(db, 'account', new Set(known('accountId'))),
  ]);
  return rows.map(({ deciderId, deciderName, userId, keyId, authorName, ...row }) => ({
    ...row,
    author: authorOf(userId, keyId, authorName),
    decidedBy: deciderId === null ? null : { id: deciderId, name: deciderName ?? '' },
    history: (userId === null ? ofAccounts.get(row.accountId) : ofUsers.get(userId))!,
  }));
}

function authorOf(userId: number | null, keyId: number | null, name: string | null): Author | null {
  const id = userId ?? keyId;
  return id === null ? null : { type: userId === null ? 'key' : 'user', id, name: name ?? '' };
}

/** The histories of some users or accounts; users are found by campaign_user, accounts by campaign_account. */
async function selectHistories(
  db: Db,
  of: History['of'],
  ids: ReadonlySet<number>,
): Promise<Map<number, History>> {
  if (ids.size === 0) return new Map();
  const { rows } = await db.pool.query<Omit<History, 'of'> & { id: number }>(
    `select a.id, h.* from unnest($1::bigint[]) as a (id)
     cross join lateral (
       select count(*) as campaigns, count(k.campaign_id) as held,
         count(*) filter (where k.decision = 'approved') as approved,
         count(*) filter (where k.decision = 'rejected') as rejected
       from campaign c left join moderation_case k on k.campaign_id = c.id
       where c.${of}_id = a.id
     ) as h`,
    [[...ids]],
  );
  return new Map(rows.map(({ id, ...history }) => [id, { of, ...history }]));
}

/** Does an action of the life cycle and wakes the engine; false where it is not possible. `actOn` of src/campaigns. */
export type Act = (
  sql: pg.ClientBase,
  action: 'approve' | 'reject',
  campaign: { id: number; reason?: string },
) => Promise<boolean>;

/** What deciding needs. Campaigns import moderation, so what it does to them is handed in. */
export type Deciding = { db: Db; act: Act };

/** Lets a held campaign be sent: at its time, or at once where that has passed. */
export function approveCampaign(
  deps: Deciding,
  identity: Identity | null,
  campaignId: number,
): Promise<void> {
  return decide(deps, identity, campaignId, 'approve');
}

/** Rejects a held campaign: nothing of it is sent, its money is given back, and its author reads the reason. */
export async function rejectCampaign(
  deps: Deciding,
  identity: Identity | null,
  campaignId: number,
  given: string,
): Promise<void> {
  const reason = given.trim();
  if (reason === '' || reason.length > maxReasonLength) throw refused.noReason(maxReasonLength);
  await decide(deps, identity, campaignId, 'reject', reason);
}

const decisions: Record<'approve' | 'reject', Decision> = { approve: 'approved', reject: 'rejected' };

function decide(
  { db, act }: Deciding,
  identity: Identity | null,
  campaignId: number,
  action: 'approve' | 'reject',
  reason?: string,
): Promise<void> {
  return transaction(db, async (client) => {
    const said = reason === undefined ? {} : { reason };
    const done = await act(client, action, { id: campaignId, ...said });
    if (!done) throw await whyNot(client, campaignId);
    const { rows } = await client.query<{ accountId: number }>(
      `update moderation_case set decided_at = now(), decided_by = $2, decision = $3, reason = $4
       where campaign_id = $1 returning account_id as "accountId"`,
      [campaignId, identity?.accountId ?? null, decisions[action], reason ?? null],
    );
    await recordAudit(client, {
      identity,
      action: `campaign.${action}`,
      subject: `campaign/${campaignId}`,
      ownerId: rows[0]!.accountId,
      details: said,
    });
  });
}

/** Why a campaign cannot be decided: it was never held, somebody was faster, or its author has stopped it. */
async function whyNot(client: pg.ClientBase, campaignId: number): Promise<Error> {
  const { rows } = await client.query<{ status: string }>(
    'select c.status from moderation_case k join campaign c on c.id = k.campaign_id where c.id = $1',
    [campaignId],
  );
  return rows[0] === undefined ? refused.noCase(campaignId) : refused.decided(campaignId, rows[0].status);
}
