// The messages of one campaign in some states, or to numbers that begin so, or both: extensions of the One-API. Called by
// the routes.

import { type Db, transaction } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import { selectByNumber } from './by-number.ts';
import { fromNearerEnd, selectIdsByStatus } from './by-status.ts';
import type { CensusSource } from './census.ts';
import { codesOf, selectCounted, totalOf } from './counted.ts';
import type { SortedPage } from './sorted.ts';
import { type PublishedStatus, publishedStatus } from './status.ts';
import {
  type MessageFilter,
  type Queryable,
  selectById,
  selectMessages,
  selectRanges,
  type Way,
} from './store.ts';

/** What messages of a campaign are narrowed to; one of the two at least. */
export type Narrowing = {
  statuses: readonly PublishedStatus[] | undefined;
  /** What their numbers begin with, in digits. */
  beginning: string | undefined;
};

type CampaignFilter = MessageFilter & { campaignId: number };

/**
 * A page of them by their ids, and how many there are: of a filter by states alone, what the campaign's counters say.
 * Everything comes from one snapshot, so that the total, the rows and their states belong together.
 */
export async function selectNarrowed(
  db: Db,
  source: CensusSource,
  accountId: number,
  filter: CampaignFilter,
  narrowing: Narrowing,
  way: Way,
  page: Page,
): Promise<SortedPage> {
  const snapshot = <T>(read: (sql: Queryable) => Promise<T>) =>
    transaction(db, async (sql) => {
      await sql.query('set transaction isolation level repeatable read, read only');
      return read(sql);
    });
  if (filter.id !== undefined) return snapshot((sql) => one(sql, accountId, filter, narrowing, page));
  const { statuses, beginning } = narrowing;
  if (beginning !== undefined) {
    return snapshot(async (sql) => {
      const campaign = await selectCounted(sql, accountId, filter);
      if (campaign === undefined) return nothing;
      const codes = statuses === undefined ? null : codesOf(statuses, campaign);
      const { ids, total } = await selectByNumber(sql, accountId, campaign, beginning, codes, way, page);
      return { rows: await selectById(sql, ids), total };
    });
  }
  // Counting may take a while, and is done before the snapshot; only an older census may turn out not to serve.
  for (let anew = false; ; anew = true) {
    const before = await selectCounted(db.pool, accountId, filter);
    if (before === undefined) return nothing;
    const known = totalOf(codesOf(statuses!, before), before);
    if (known <= page.offset) return { rows: [], total: known };
    const census = await source.of(before, anew);
    const found = await snapshot(async (sql) => {
      const campaign = await selectCounted(sql, accountId, filter);
      if (campaign === undefined) return nothing;
      const codes = codesOf(statuses!, campaign);
      const total = totalOf(codes, campaign);
      const nearer = fromNearerEnd(way, page, total);
      const ids = await selectIdsByStatus(sql, campaign, census, codes, nearer);
      if (ids.length < nearer.page.limit && !anew && census.counters !== campaign.counters) return undefined;
      return { rows: await selectById(sql, nearer.turned ? ids.reverse() : ids), total };
    });
    if (found !== undefined) return found;
  }
}

const nothing: SortedPage = { rows: [], total: 0 };

/** A message that is known by its id. */
async function one(
  sql: Queryable,
  accountId: number,
  filter: CampaignFilter,
  { statuses, beginning }: Narrowing,
  page: Page,
): Promise<SortedPage> {
  const ranges = await selectRanges(sql, accountId, filter);
  const rows = await selectMessages(sql, ranges, { by: 'id', way: 'asc' }, { offset: 0, limit: 1 });
  const fitting = rows.filter((row) => {
    const shown = publishedStatus(row.status, { status: row.campaign_status, begun: row.campaign_begun });
    return (statuses?.includes(shown) ?? true) && String(row.phone).startsWith(beginning ?? '');
  });
  return { rows: fitting.slice(page.offset, page.offset + page.limit), total: fitting.length };
}
