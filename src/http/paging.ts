// Pages of lists as the One-API does them: `page[offset]` and `page[limit]` in, `meta.page` out. Used by every route
// that lists.

import { Type } from 'typebox';

/** A part of a list. */
export type Page = { offset: number; limit: number };

/** Lists are read from their start to a page's end, so a page far beyond any real list is refused. */
const maxOffset = 100_000_000;

/** The two query parameters; `minimum` of the limit is what the One-API publishes for the list. */
export function pageParameters(minimum: number) {
  return {
    'page[offset]': Type.Integer({ minimum: 0, maximum: maxOffset, default: 0, description: 'Skip so many' }),
    'page[limit]': Type.Integer({ minimum, maximum: 500, default: 50, description: 'Show so many' }),
  };
}

/** Ascending or descending. */
export const SortWay = Type.Enum(['asc', 'desc'], { default: 'asc' });

/** The page that a validated query asks for. */
export function pageOf(query: { 'page[offset]': number; 'page[limit]': number }): Page {
  return { offset: query['page[offset]'], limit: query['page[limit]'] };
}

/** What a list says about itself. */
export const Meta = Type.Object({
  page: Type.Object({ total: Type.Integer(), limit: Type.Integer(), offset: Type.Integer() }),
});

/** The meta block of an answer. */
export function metaOf(page: Page, total: number) {
  return { page: { total, limit: page.limit, offset: page.offset } };
}
