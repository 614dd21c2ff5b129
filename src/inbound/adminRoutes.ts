// HTTP of inbound messages below /admin/api: those of all accounts and of nobody, and the numbers of ours that belong to
// accounts. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import { readFilter } from './read.ts';
import { anyInboundResource, numberResource } from './resource.ts';
import * as schemas from './schemas.ts';
import { addNumber, listInbound, listNumbers, removeNumber } from './store.ts';

const tags = ['Admin: inbound'];

/** Adds the routes to the server. */
export async function inboundAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/admin/api/inbound',
    {
      schema: {
        operationId: 'inbound_list',
        tags,
        summary: 'Messages from subscribers to any account, and to nobody, the newest first',
        querystring: schemas.AnyInboundQuery,
        response: { 200: schemas.AnyInboundList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const asked = query['filter[account_id]'];
      const filter = { ...readFilter(query), accountId: asked === 0 ? null : asked };
      const { rows, total } = await listInbound(db, filter, page);
      return { data: rows.map(anyInboundResource), meta: metaOf(page, total) };
    },
  );

  app.get(
    '/admin/api/inbound-numbers',
    {
      schema: {
        operationId: 'inbound_number_list',
        tags,
        summary: 'Short codes, numbers and senders, and the accounts that messages to them belong to',
        querystring: schemas.NumberQuery,
        response: { 200: schemas.NumberList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const { numbers, total } = await listNumbers(db, query['filter[account_id]'], page);
      return { data: numbers.map(numberResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/inbound-numbers',
    {
      schema: {
        operationId: 'inbound_number_add',
        tags,
        summary: 'Give messages to a short code, number or sender to an account, from now on',
        body: schemas.NewNumber,
        response: { 201: schemas.NumberAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { address, account_id: accountId } = request.body;
      const number = await addNumber(db, identityOf(request), { address, accountId });
      return reply.code(201).send({ data: numberResource(number) });
    },
  );

  app.delete(
    '/admin/api/inbound-numbers/:id',
    {
      schema: {
        operationId: 'inbound_number_remove',
        tags,
        summary: 'Take it from its account; what came stays with the account',
        params: schemas.IdPath,
        response: { 200: schemas.NumberAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({
      data: numberResource(await removeNumber(db, identityOf(request), request.params.id)),
    }),
  );
}
