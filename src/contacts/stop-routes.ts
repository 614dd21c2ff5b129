// HTTP of the stop list. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, type FieldErrors, identityOf, invalid, pageOf, refusals } from '../http/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import { readCriteria } from './criteria.ts';
import { searchMeta, stopResource } from './resource.ts';
import * as schemas from './schemas.ts';
import { allowChannels, type Channel, stopChannels } from './stop-list.ts';
import { searchStopList, selectStops } from './stop-search.ts';

const tags = ['Contacts'];

/** Adds the routes to the server. */
export async function stopListRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/api/stoplist',
    {
      schema: {
        operationId: 'stoplist_items',
        tags,
        summary: 'The stop list',
        querystring: schemas.StopListQuery,
        response: { 200: schemas.StopList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const type = request.query.type as Channel | undefined;
      const sort = { by: 'id', way: 'asc' } as const;
      const { accountId } = identityOf(request);
      const { rows, total } = await searchStopList(db, accountId, { type }, sort, pageOf(request.query));
      return { data: rows.map(stopResource), total };
    },
  );

  app.get(
    '/api/stoplist/search',
    {
      schema: {
        operationId: 'stoplist_search',
        tags,
        summary: 'Search the stop list',
        querystring: schemas.StopSearchQuery,
        response: { 200: schemas.StopSearch, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const errors: FieldErrors = {};
      const criteria = readCriteria(request.url, errors);
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const page = pageOf(query);
      const { rows, total } = await searchStopList(
        db,
        identityOf(request).accountId,
        { groupId: query.contact_group_id, criteria },
        { by: query.sort as 'id' | 'phone', way: query.way },
        page,
      );
      return { data: rows.map(stopResource), meta: searchMeta(page, total, criteria) };
    },
  );

  app.post(
    '/api/stoplist/attach',
    {
      config: { keepsBody: true },
      schema: {
        operationId: 'stoplist_add',
        tags,
        summary: 'Put numbers on the stop list',
        body: schemas.StopListAdd,
        headers: OnceHeaders,
        response: { 200: schemas.StopListAdded, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { accountId } = identityOf(request);
      const { phones, types } = request.body;
      return answerOnce(db, request, reply, {
        perform: (transact) =>
          transact(async (client) => {
            await stopChannels(client, accountId, phones, types as Channel[], 'api');
            return 0;
          }),
        answer: async (sql) => ({ data: (await selectStops(sql, accountId, phones)).map(stopResource) }),
      });
    },
  );

  app.post(
    '/api/stoplist/detach',
    {
      config: { keepsBody: true },
      schema: {
        operationId: 'stoplist_remove',
        tags,
        summary: 'Take entries off the stop list',
        description: 'Ids of entries that are not there are passed over.',
        body: schemas.StopListRemove,
        headers: OnceHeaders,
        response: { 200: schemas.Empty, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { accountId } = identityOf(request);
      const { ids, types } = request.body;
      return answerOnce(db, request, reply, {
        perform: (transact) =>
          transact(async (client) => {
            await allowChannels(client, accountId, 'id', ids, types as Channel[]);
            return 0;
          }),
        answer: async () => ({}),
      });
    },
  );
}
