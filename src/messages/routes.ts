// HTTP of messages: the search. Registered by app.ts.

import type { Static } from 'typebox';
import type { Db } from '../db/index.ts';
import {
  type App,
  type FieldErrors,
  identityOf,
  invalid,
  metaOf,
  momentField,
  type Page,
  pageOf,
  refusals,
} from '../http/index.ts';
import { readBeginning, wrongBeginning } from './by-number.ts';
import { CensusSource } from './census.ts';
import { type Narrowing, selectNarrowed } from './narrowed.ts';
import { messageResource } from './resource.ts';
import { MessageList, MessageQuery } from './schemas.ts';
import { cutPage } from './search.ts';
import { type SortedPage, selectSortedPage } from './sorted.ts';
import {
  findReference,
  type MessageFilter,
  type MessageSort,
  selectMessages,
  selectRangePage,
} from './store.ts';

/** Adds the routes to the server. */
export async function messageRoutes(app: App, deps: { db: Db }): Promise<void> {
  const { db } = deps;
  const census = new CensusSource(db);

  /** A search for a customer's own id is one for a message's id; undefined where there is no such message. */
  async function withoutReference(
    accountId: number,
    filter: MessageFilter,
  ): Promise<MessageFilter | undefined> {
    if (filter.referenceId === undefined) return filter;
    const id = await findReference(db, accountId, filter.referenceId);
    if (id === undefined || (filter.id !== undefined && filter.id !== id)) return undefined;
    return { ...filter, id };
  }

  /** A page of what a search finds, and how much it finds in all. */
  async function search(
    accountId: number,
    asked: MessageFilter,
    narrowing: Narrowing | undefined,
    sort: MessageSort,
    page: Page,
  ): Promise<SortedPage> {
    const filter = await withoutReference(accountId, asked);
    if (filter === undefined) return { rows: [], total: 0 };
    const { campaignId } = filter;
    if (narrowing !== undefined && campaignId !== undefined) {
      return selectNarrowed(db, census, accountId, { ...filter, campaignId }, narrowing, sort.way, page);
    }
    if (sort.by === 'id') {
      const { ranges, before, total } = await selectRangePage(db, accountId, filter, sort.way, page);
      const cut = cutPage(ranges, sort.way, { offset: page.offset - before, limit: page.limit });
      return { rows: await selectMessages(db.pool, cut, sort, { offset: 0, limit: page.limit }), total };
    }
    return selectSortedPage(db, accountId, filter, { by: sort.by, way: sort.way }, page);
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
      const narrowing = readNarrowing(query, errors);
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const page = pageOf(query);
      const sort = { by: query.sort, way: query.way };
      const { rows, total } = await search(identityOf(request).accountId, filter, narrowing, sort, page);
      return { data: rows.map(messageResource), meta: metaOf(page, total) };
    },
  );
}

/** Reads the filters that are ours; undefined where there is none of them. `errors` gets what is wrong. */
function readNarrowing(query: Static<typeof MessageQuery>, errors: FieldErrors): Narrowing | undefined {
  const { 'filter[status]': statuses, 'filter[phone]': phone, 'filter[campaign_id]': campaignId } = query;
  if (statuses === undefined && phone === undefined) return undefined;
  const beginning = phone === undefined ? undefined : readBeginning(phone);
  if (phone !== undefined && beginning === undefined) errors['filter[phone]'] = [wrongBeginning];
  if (campaignId === undefined) {
    errors['filter[campaign_id]'] = ['This field is required with filter[status] and filter[phone].'];
  }
  if (query.sort !== 'id') errors.sort = ['This must be id with filter[status] and filter[phone].'];
  return { statuses, beginning };
}
