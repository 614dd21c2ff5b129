// Which rows of the message table answer a search. Messages have no index but their id, and need none: an account's
// messages are the id ranges of its campaigns, so a page is cut out of those ranges before a message is read. Pure;
// called by the routes with what store.ts found.

import type { Page } from '../http/index.ts';

/** The ids `first` to `last`, all of one campaign. */
export type Range = { first: number; last: number };

/** The ranges, in the order of their ids, that a page of messages sorted by id consists of. */
export function cutPage(ranges: readonly Range[], way: 'asc' | 'desc', page: Page): Range[] {
  const total = countOf(ranges);
  const begin = way === 'asc' ? page.offset : Math.max(0, total - page.offset - page.limit);
  const end = way === 'asc' ? page.offset + page.limit : total - page.offset;
  const cut: Range[] = [];
  let before = 0;
  for (const { first, last } of ranges) {
    const size = last - first + 1;
    const from = Math.max(begin - before, 0);
    const to = Math.min(end - before, size);
    if (from < to) cut.push({ first: first + from, last: first + to - 1 });
    before += size;
    if (before >= end) break;
  }
  return cut;
}

/** How many messages ranges hold. */
export function countOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** A range of which `n` messages count, in the order of the page. */
export type CountedRange = Range & { n: number };

/** A range, and which of its messages that count: `take` of them after `skip`. */
export type CountedCut = Range & { skip: number; take: number };

/** What a page takes of ranges in its order, of each only the messages that count. */
export function cutCounted(ranges: Iterable<CountedRange>, page: Page): CountedCut[] {
  const end = page.offset + page.limit;
  const cut: CountedCut[] = [];
  let before = 0;
  for (const { first, last, n } of ranges) {
    const skip = Math.max(page.offset - before, 0);
    const take = Math.min(end - before, n) - skip;
    if (take > 0) cut.push({ first, last, skip, take });
    before += n;
    if (before >= end) break;
  }
  return cut;
}
