// HTTP of messages: the search. Registered by app.ts.

import type { Db } from '../db/index.ts';
import {
  type App,
  type FieldErrors,
  identityOf,
  invalid,
  metaOf,
  momentField,
  pageOf,
  refusals,
} from '../http/index.ts';
import { messageResource } from './resource.ts';
import { MessageList, MessageQuery } from './schemas.ts';
import { countOf, cutPage, type Range } from './search.ts';
import { findReference, type MessageFilter, selectMessages, selectRanges } from './store.ts';

/**
 * Sorting by anything but the id reads every message of the selection: a second of the database's time. Larger
 * selections must be narrowed.
 */
const maxSorted = 1_000_000;

/** Adds the routes to the server. */
export async function messageRoutes(app: App, deps: { db: Db }): Promise<void> {
  const { db } = deps;

  /** The ranges that a search may find messages in. */
  async function rangesOf(accountId: number, filter: MessageFilter): Promise<Range[]> {
    if (filter.referenceId === undefined) return selectRanges(db, accountId, filter);
    const id = await findReference(db, accountId, filter.referenceId);
    if (id === undefined || (filter.id !== undefined && filter.id !== id)) return [];
    return selectRanges(db, accountId, { ...filter, id });
  }

  app.get(
    '/api/messages',
    {
      schema: {
        operationId: 'get_messages',
        tags: ['Messages'],
        summary: 'Find messages',
        querystring: MessageQuery,
        response: { 200: MessageList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const errors: FieldErrors = {};
      const filter: MessageFilter = {
        id: query['filter[id]'],
        campaignId: query['filter[campaign_id]'],
        referenceId: query['filter[reference_id]'],
        from: momentField(query['filter[from]'], 'filter[from]', errors),
        to: momentField(query['filter[to]'], 'filter[to]', errors),
      };
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const ranges = await rangesOf(identityOf(request).accountId, filter);
      const total = countOf(ranges);
      if (query.sort !== 'id' && total > maxSorted) {
        throw invalid({
          sort: [
            `More than ${maxSorted} messages can be sorted by id only: narrow the filter, as to a campaign.`,
          ],
        });
      }
      const page = pageOf(query);
      const sort = { by: query.sort, way: query.way };
      const rows =
        query.sort === 'id'
          ? await selectMessages(db, cutPage(ranges, query.way, page), sort, { offset: 0, limit: page.limit })
          : await selectMessages(db, ranges, sort, page);
      return { data: rows.map(messageResource), meta: metaOf(page, total) };
    },
  );
}
