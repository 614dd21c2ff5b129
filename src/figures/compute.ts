// The figures of one campaign over time, by country, operator and error, from one pass over its messages. Called by
// remember.ts, which says when; docs/decisions/0012-figures-on-demand.md says why so.

import type pg from 'pg';
import { type CampaignRow, selectCampaignsById } from '../campaigns/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { Status, statusName } from '../messages/index.ts';
import { callingCodes, countryOf, countryPrefixes } from '../phones/index.ts';

/** Messages by what became of them. */
export type Outcomes = Record<
  'total' | 'waiting' | 'sent' | 'delivered' | 'undelivered' | 'expired' | 'unknown' | 'failed',
  number
>;

/** What happened in a minute; `at` in seconds since 1970. */
export type Minute = { at: number; sent: number; delivered: number; failed: number };

export type Figures = {
  /** The counters of the campaign at that moment: while they are the same, so are the figures. */
  counters: string;
  at: number;
  minutes: Minute[];
  countries: [country: string | null, Outcomes][];
  operators: [operatorId: number | null, Outcomes][];
  errors: [code: number, count: number][];
};

/** The counters in a form that can be compared. */
export function countersOf({ statuses, on_delivery: billing, counts }: CampaignRow): string {
  const entries = statuses?.map((status, i) => `${status}${billing![i] ? 'd' : ''}:${counts![i]}`) ?? [];
  return entries.toSorted().join(' ');
}

const outcomeOf: Record<ReturnType<typeof statusName>, keyof Outcomes> = {
  queued: 'waiting',
  sent: 'sent',
  accepted: 'sent',
  delivered: 'delivered',
  undelivered: 'undelivered',
  expired: 'expired',
  unknown: 'unknown',
  failed: 'failed',
  timedOut: 'unknown',
};

/** A pass over ten million messages takes longer: then there are no figures, and nothing else is kept waiting. */
const budgetMs = 20_000;

// Of a number so many digits are read as tell its country: three where its calling code is of one country, more where
// several share one. So a campaign to one country gives a handful of groups, not thousands.
const shared = Map.groupBy(callingCodes(), ({ prefix }) => prefix);
const sharedCodes = [...shared].filter(([, countries]) => countries.length > 1).map(([prefix]) => prefix);
const longestPrefix = Math.max(...countryPrefixes().map(({ prefix }) => prefix.length));

const [bySent, byOutcome, byOperator, byError, byCountry] = [0, 1, 2, 3, 4];

const sql = `
select case
    when grouping(sent) = 0 then ${bySent} when grouping(done) = 0 then ${byOutcome}
    when grouping(connector_id) = 0 then ${byOperator} when grouping(error) = 0 then ${byError} else ${byCountry}
  end as kind,
  extract(epoch from coalesce(sent, done))::bigint as minute, status, connector_id, error, prefix, count(*) as n
from (
  select date_trunc('minute', sent_at) as sent, date_trunc('minute', done_at) as done, status, connector_id, error,
    left(phone::text, case when phone::text ~ '^(${sharedCodes.join('|')})' then ${longestPrefix} else 3 end) as prefix
  from message where id between $1 and $2
) as m
group by grouping sets ((sent), (done, status), (connector_id, status), (error), (prefix, status))`;

type Row = {
  kind: number;
  minute: number | null;
  status: number | null;
  connector_id: number | null;
  error: number | null;
  prefix: string | null;
  n: number;
};

/** Reads the messages of a campaign once, together with its counters, in one snapshot. */
export async function computeFigures(db: Db, campaignId: number): Promise<Figures> {
  return transaction(db, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    await client.query(`set local statement_timeout = ${budgetMs}`);
    const [campaign] = await selectCampaignsById(client, [campaignId]);
    const rows = await selectGroups(client, campaignId);
    return { counters: countersOf(campaign!), at: Date.now(), ...collected(rows) };
  });
}

async function selectGroups(client: pg.PoolClient, campaignId: number): Promise<Row[]> {
  const { rows } = await client.query<{ first: number; last: number }>(
    'select first_message_id as first, first_message_id + message_count - 1 as last from campaign where id = $1',
    [campaignId],
  );
  const { first, last } = rows[0]!;
  return (await client.query<Row>(sql, [first, last])).rows;
}

/** Puts the groups together. */
export function collected(rows: readonly Row[]): Omit<Figures, 'counters' | 'at'> {
  const minutes = new Map<number, Minute>();
  const countries = new Map<string | null, Outcomes>();
  const operators = new Map<number | null, Outcomes>();
  const errors: [number, number][] = [];
  for (const { kind, minute, status, connector_id: operator, error, prefix, n } of rows) {
    if (kind === byError) {
      if (error !== null && error !== 0) errors.push([error, n]);
    } else if (kind === byOperator) {
      count(operators, operator, status!, n);
    } else if (kind === byCountry) {
      count(countries, countryOf(Number(prefix!.padEnd(longestPrefix, '0'))) ?? null, status!, n);
    } else if (minute !== null) {
      const point = minutes.get(minute) ?? { at: minute, sent: 0, delivered: 0, failed: 0 };
      if (kind === bySent) point.sent += n;
      else if (status === Status.delivered) point.delivered += n;
      else point.failed += n;
      minutes.set(minute, point);
    }
  }
  const largest = <K>(groups: Map<K, Outcomes>) => [...groups].sort(([, a], [, b]) => b.total - a.total);
  return {
    minutes: [...minutes.values()].sort((a, b) => a.at - b.at),
    countries: largest(countries),
    operators: largest(operators),
    errors: errors.sort(([a, n], [b, m]) => m - n || a - b),
  };
}

function count<K>(groups: Map<K, Outcomes>, key: K, status: number, n: number): void {
  const outcomes = groups.get(key) ?? {
    ...{ total: 0, waiting: 0, sent: 0, delivered: 0, undelivered: 0, expired: 0, unknown: 0, failed: 0 },
  };
  outcomes.total += n;
  outcomes[outcomeOf[statusName(status)]] += n;
  groups.set(key, outcomes);
}
