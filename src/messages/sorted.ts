// A page of messages by number or by the time of the final receipt. A small selection is read and sorted; of a large one
// only what the page needs is read, by the orders that are kept beside the messages. Called by the routes.

import { type Db, transaction } from '../db/index.ts';
import type { Page } from '../http/index.ts';
import { selectByDelivery } from './by-delivery.ts';
import { selectByPhone, selectFilteredByPhone } from './by-phone.ts';
import {
  chosen,
  type MessageFilter,
  type MessageRow,
  type MessageSort,
  type Queryable,
  selectById,
  selectMessages,
  selectRanges,
} from './store.ts';

/** Messages that are sorted as they are: some 10 ms. */
const sortedAtOnce = 20_000;

/** A page, and how many messages the search finds in all. */
export type SortedPage = { rows: MessageRow[]; total: number };

type Sort = MessageSort & { by: 'phone' | 'delivered' };

/**
 * Reads a page from one snapshot, so that a receipt or a sorting that is committed meanwhile is seen either everywhere
 * or nowhere.
 */
export async function selectSortedPage(
  db: Db,
  accountId: number,
  filter: MessageFilter,
  sort: Sort,
  page: Page,
): Promise<SortedPage> {
  return transaction(db, async (sql) => {
    await sql.query('set transaction isolation level repeatable read, read only');
    return sortedPageOf(sql, accountId, filter, sort, page);
  });
}

/**
 * The same in a transaction of the caller's.
 *
 * @param atOnce how many messages are sorted as they are; another number is for tests
 */
export async function sortedPageOf(
  sql: Queryable,
  accountId: number,
  filter: MessageFilter,
  sort: Sort,
  page: Page,
  atOnce = sortedAtOnce,
): Promise<SortedPage> {
  const one = filter.id !== undefined;
  const total = one ? 1 : await countMessages(sql, accountId, filter);
  if (one || total <= atOnce) {
    const ranges = await selectRanges(sql, accountId, filter);
    const rows = await selectMessages(sql, ranges, sort, page);
    return { rows, total: one ? ranges.length : total };
  }
  const ids = await selectIds(sql, accountId, filter, sort, page);
  return { rows: await selectById(sql, ids), total };
}

async function selectIds(
  sql: Queryable,
  accountId: number,
  filter: MessageFilter,
  { by, way }: MessageSort,
  page: Page,
): Promise<number[]> {
  if (by === 'delivered') return selectByDelivery(sql, accountId, filter, way, page);
  const { campaignId, from, to } = filter;
  const all = campaignId === undefined && from === undefined && to === undefined;
  return all
    ? selectByPhone(sql, accountId, way, page)
    : selectFilteredByPhone(sql, accountId, filter, way, page);
}

async function countMessages(sql: Queryable, accountId: number, filter: MessageFilter): Promise<number> {
  const { sql: where, values } = chosen(accountId, filter);
  const { rows } = await sql.query<{ total: number }>(
    `select coalesce(sum(message_count), 0)::bigint as total from campaign where ${where}`,
    values,
  );
  return rows[0]!.total;
}
