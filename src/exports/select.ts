// Which messages an export holds, and in which slices they are read: the ranges of campaigns, or ids, so many messages a
// statement. A statement's snapshot keeps the database from tidying up behind the sending, so none lives long. Called by
// write.ts.

import type pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { conditions } from '../db/index.ts';
import { spansOf } from '../messages/index.ts';
import { columns, type MessageRecord, readRows } from './copy-rows.ts';
import type { ExportRequest } from './request.ts';

/** What messages share with their campaign. */
export type Campaign = {
  id: number;
  first: number;
  count: number;
  name: string;
  sender: string;
  text: string;
  status: string;
  begun: boolean;
  currency: string;
  createdAt: Date;
};

/** Messages of one statement: about half a second of reading. */
const messagesPerSlice = 50_000;
const campaignsPerPage = 500;

/** A piece of the work: what to read, and the campaigns of it. */
export type Slice = { campaigns: Map<number, Campaign>; from: string; size: number };

const campaignColumns = `c.id, c.first_message_id as first, c.message_count as count, c.name, c.sender, c.text, c.status,
  c.actual_start_at is not null as begun, c.currency, c.created_at as "createdAt"`;

/** Words of the One-API for what came over this API. */
const rest = ['api', 'http', 'json', 'rest'];

function chosen(accountId: number, request: ExportRequest) {
  const by = conditions();
  by.where((p) => `c.account_id = ${p}`, accountId);
  by.where((p) => `c.id = ${p}`, request.campaignId);
  by.where((p) => `c.created_at >= ${p}`, request.inFrom);
  by.where((p) => `c.created_at <= ${p}`, request.inTo);
  const { source } = request;
  by.where((p) => `c.source = ${p}`, source !== undefined && rest.includes(source) ? 'rest' : source);
  return by;
}

/** How many messages an export has to look at. */
export async function countMessages(
  sql: Pick<pg.ClientBase, 'query'>,
  accountId: number,
  request: ExportRequest,
): Promise<number> {
  if (request.ids !== undefined) return request.ids.length;
  const { sql: where, values } = chosen(accountId, request);
  const { rows } = await sql.query<{ n: number }>(
    `select coalesce(sum(message_count), 0)::bigint as n from campaign c where ${where}`,
    values,
  );
  return rows[0]!.n;
}

/** The slices of an export, in the order of the ids. */
export async function* slicesOf(
  client: pg.ClientBase,
  accountId: number,
  request: ExportRequest,
): AsyncGenerator<Slice> {
  if (request.ids !== undefined) {
    for (let at = 0; at < request.ids.length; at += messagesPerSlice) {
      yield await sliceOfIds(client, accountId, request.ids.slice(at, at + messagesPerSlice));
    }
    return;
  }
  const { sql: where, values } = chosen(accountId, request);
  let after = 0;
  for (;;) {
    const { rows } = await client.query<Campaign>(
      `select ${campaignColumns} from campaign c
       where ${where} and c.first_message_id > $${values.length + 1}
       order by c.first_message_id limit ${campaignsPerPage}`,
      [...values, after],
    );
    if (rows.length === 0) return;
    after = rows.at(-1)!.first;
    yield* slicesOfCampaigns(rows);
  }
}

async function sliceOfIds(client: pg.ClientBase, accountId: number, ids: readonly number[]): Promise<Slice> {
  const { rows } = await client.query<Campaign>(
    `select ${campaignColumns} from campaign c
     where c.account_id = $1 and c.id in (
       select m.campaign_id from unnest($2::bigint[]) as i (id)
       cross join lateral (select campaign_id from message where id = i.id offset 0) as m)`,
    [accountId, ids],
  );
  const from = `unnest('{${ids.join(',')}}'::bigint[]) as i (id)
    cross join lateral (select * from message where id = i.id offset 0) as m`;
  return { campaigns: byId(rows), from, size: ids.length };
}

function* slicesOfCampaigns(campaigns: readonly Campaign[]): Generator<Slice> {
  let ranges: string[] = [];
  let its: Campaign[] = [];
  let size = 0;
  const slice = (): Slice => ({
    campaigns: byId(its),
    from: `(values ${ranges.join(',')}) as r (first, last)
      cross join lateral (select * from message where id between r.first and r.last offset 0) as m`,
    size,
  });
  for (const campaign of campaigns) {
    const end = campaign.first + campaign.count;
    for (let first = campaign.first; first < end; ) {
      const count = Math.min(end - first, messagesPerSlice - size);
      ranges.push(`(${first}::bigint, ${first + count - 1}::bigint)`);
      its.push(campaign);
      size += count;
      first += count;
      if (size < messagesPerSlice) continue;
      yield slice();
      ranges = [];
      its = [];
      size = 0;
    }
  }
  if (size > 0) yield slice();
}

const byId = (campaigns: readonly Campaign[]) => new Map(campaigns.map((each) => [each.id, each]));

/**
 * The messages of a slice that the filters of the table leave, in batches. Those of ids that are another account's are
 * among them: their campaigns are not.
 */
export function readSlice(
  client: pg.ClientBase & { escapeLiteral(text: string): string },
  { from, campaigns }: Slice,
  request: ExportRequest,
): AsyncGenerator<MessageRecord[]> {
  const where: string[] = [];
  const quoted = (text: string) => client.escapeLiteral(text);
  if (request.sentFrom !== undefined) where.push(`m.sent_at >= ${quoted(request.sentFrom)}::timestamptz`);
  if (request.sentTo !== undefined) where.push(`m.sent_at <= ${quoted(request.sentTo)}::timestamptz`);
  if (request.phones !== undefined) where.push(`m.phone = any('{${request.phones.join(',')}}'::bigint[])`);
  if (request.beginning !== undefined) {
    const spans = spansOf(request.beginning).map(([low, high]) => `m.phone between ${low} and ${high}`);
    where.push(`(${spans.join(' or ')})`);
  }
  if (request.operatorId !== undefined) where.push(`m.connector_id = ${request.operatorId}`);
  if (request.sender !== undefined) {
    const alike = [...campaigns.values()].filter(({ sender }) => sender === request.sender);
    where.push(
      `coalesce(m.sender = ${quoted(request.sender)}, m.campaign_id = any('{${alike.map(({ id }) => id)}}'::bigint[]))`,
    );
  }
  const filter = where.length === 0 ? '' : `where ${where.join(' and ')}`;
  const sql = `copy (select ${columns} from ${from} ${filter} order by m.id) to stdout (format binary)`;
  return readRows(client.query(copyStreams.to(sql)));
}
