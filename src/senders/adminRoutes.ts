// HTTP of senders below /admin/api: requests of all accounts and their approval, senders to add, block and unblock.
// Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import { readCreated, readSender } from './read.ts';
import { decideRequest, findRequest, listRequests } from './requests.ts';
import { anyRequestResource, anySenderResource } from './resource.ts';
import * as schemas from './schemas.ts';
import { addSender, changeSender, listSenders } from './senders.ts';

const tags = ['Admin: senders'];
/** What a key must be allowed to do. */
const config = { scope: 'moderate' } as const;

/** Adds the routes to the server. */
export async function senderAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/admin/api/senders/requests',
    {
      config,
      schema: {
        operationId: 'sender_request_list',
        tags,
        summary: 'Requests for senders of all accounts',
        querystring: schemas.AnyRequestQuery,
        response: { 200: schemas.AnyRequestList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const { requests, total } = await listRequests(
        db,
        {
          accountId: query['filter[account_id]'],
          id: query['filter[id]'],
          status: query['filter[status]'],
          countryCode: query['filter[country_code]'],
          sender: query['filter[sender]'],
          ...readCreated(query['filter[created_at]']),
        },
        { by: query.sort, way: query.way },
        page,
      );
      return { data: requests.map(anyRequestResource), meta: metaOf(page, total) };
    },
  );

  app.get(
    '/admin/api/senders/requests/:id',
    {
      config,
      schema: {
        operationId: 'sender_request_show',
        tags,
        summary: 'One request for a sender',
        params: schemas.IdPath,
        response: { 200: schemas.AnyRequestAnswer, ...refusals(401, 404) },
      },
    },
    async ({ params }) => ({ data: anyRequestResource(await findRequest(db, params.id)) }),
  );

  app.patch(
    '/admin/api/senders/requests/:id',
    {
      config,
      schema: {
        operationId: 'sender_request_decide',
        tags,
        summary: 'Move a request on; `registered` makes its sender one of the account',
        params: schemas.IdPath,
        body: schemas.RequestChange,
        response: { 200: schemas.AnyRequestAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request) => {
      const { status, reason } = request.body;
      const decided = await decideRequest(db, identityOf(request), request.params.id, status, reason);
      return { data: anyRequestResource(decided) };
    },
  );

  app.get(
    '/admin/api/senders',
    {
      config,
      schema: {
        operationId: 'sender_list',
        tags,
        summary: 'Senders of all accounts',
        querystring: schemas.AnySenderQuery,
        response: { 200: schemas.AnySenderList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const filter = { accountId: query['filter[account_id]'], status: query['filter[status]'] };
      const { senders, total } = await listSenders(db, filter, page);
      return { data: senders.map(anySenderResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/senders',
    {
      config,
      schema: {
        operationId: 'sender_add',
        tags,
        summary: 'Add a sender to an account without a request',
        body: schemas.NewSender,
        response: { 201: schemas.AnySenderAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { account_id: accountId, sender, country = null } = request.body;
      const added = await addSender(db, identityOf(request), { accountId, ...readSender(sender, country) });
      return reply.code(201).send({ data: anySenderResource(added) });
    },
  );

  app.patch(
    '/admin/api/senders/:id',
    {
      config,
      schema: {
        operationId: 'sender_change',
        tags,
        summary: 'Block or unblock a sender, or make it the default one of its account',
        params: schemas.IdPath,
        body: schemas.SenderChange,
        response: { 200: schemas.AnySenderAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { status, is_default: isDefault } = request.body;
      const changed = await changeSender(db, identityOf(request), request.params.id, { status, isDefault });
      return { data: anySenderResource(changed) };
    },
  );
}
