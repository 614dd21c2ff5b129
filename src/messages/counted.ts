// A campaign with the number of its messages in each state, as its counters say: what a filter by state begins with.
// Called by narrowed.ts, by-status.ts and census.ts.

import { type PublishedStatus, publishedStatus, Status, type StatusCode } from './status.ts';
import { chosen, type MessageFilter, type Queryable } from './store.ts';

/** A campaign that has messages, and its counters. */
export type Counted = {
  id: number;
  /** The first and the last id of its messages. */
  first: number;
  last: number;
  status: string;
  begun: boolean;
  /** How many messages are in each state; absent: none. */
  counts: ReadonlyMap<StatusCode, number>;
  /** The same in a form that can be compared. */
  counters: string;
};

/** The campaign that a search is for; undefined where the account has none such, or it has no messages yet. */
export async function selectCounted(
  sql: Queryable,
  accountId: number,
  filter: MessageFilter & { campaignId: number },
): Promise<Counted | undefined> {
  const { sql: where, values } = chosen(accountId, filter);
  const { rows } = await sql.query<
    Omit<Counted, 'counts' | 'counters'> & { states: StatusCode[] | null; counts: number[] | null }
  >(
    `select c.id, c.first_message_id as first, c.first_message_id + c.message_count - 1 as last, c.status,
       c.actual_start_at is not null as begun, k.states, k.counts
     from (select * from campaign where ${where}) as c
     left join lateral (
       select array_agg(status order by status) as states, array_agg(n order by status) as counts
       from (
         select status, sum(n)::bigint as n from campaign_count where campaign_id = c.id group by status
       ) as per_status
     ) as k on true`,
    values,
  );
  if (rows[0] === undefined) return undefined;
  const { states, counts, ...campaign } = rows[0];
  const pairs = (states ?? []).map((state, i) => [state, counts![i]!] as const).filter(([, n]) => n !== 0);
  return { ...campaign, counts: new Map(pairs), counters: pairs.join(' ') };
}

/** The states of messages that this campaign's are shown as one of these in. */
export function codesOf(statuses: readonly PublishedStatus[], campaign: Counted): StatusCode[] {
  return Object.values(Status).filter((code) => statuses.includes(publishedStatus(code, campaign)));
}

/** How many messages of the campaign are in these states. */
export function totalOf(codes: readonly StatusCode[], { counts }: Counted): number {
  return codes.reduce<number>((sum, code) => sum + (counts.get(code) ?? 0), 0);
}
