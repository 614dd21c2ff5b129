// HTTP of senders: an account's own, and its requests for more. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import { type RequestBody, readCreated, readRequest } from './read.ts';
import { fileRequest, listRequests } from './requests.ts';
import { requestResource, senderResource } from './resource.ts';
import * as schemas from './schemas.ts';
import { sendersOf } from './senders.ts';

const tags = ['Senders'];

/** Adds the routes to the server. */
export async function senderRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/api/senders',
    {
      schema: {
        operationId: 'senders',
        tags,
        summary: 'Senders of the account, and those it has asked for',
        querystring: schemas.SenderQuery,
        response: { 200: schemas.SenderList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      // There are no senders of other types.
      const ofType = request.query.type === 'sms';
      const senders = ofType ? await sendersOf(db, identityOf(request).accountId) : [];
      return { data: senders.map(senderResource), total: senders.length };
    },
  );

  app.get(
    '/api/senders/requests/sms',
    {
      schema: {
        operationId: 'sender_requests',
        tags,
        summary: 'Requests for senders, and what became of them',
        querystring: schemas.RequestQuery,
        response: { 200: schemas.RequestList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const page = pageOf(query);
      const { requests, total } = await listRequests(
        db,
        {
          accountId: identityOf(request).accountId,
          id: query['filter[id]'],
          status: query['filter[status]'],
          countryCode: query['filter[country_code]'],
          sender: query['filter[sender]'],
          ...readCreated(query['filter[created_at]']),
        },
        { by: query.sort, way: query.way },
        page,
      );
      return { data: requests.map(requestResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/api/senders/requests/legal',
    {
      schema: {
        operationId: 'sender_request_legal',
        tags,
        summary: 'Request a sender for a company',
        body: schemas.LegalRequest,
        response: { 201: schemas.RequestAnswer, ...refusals(400, 401, 422) },
      },
    },
    async (request, reply) => {
      const asked = readRequest('legal', request.body as RequestBody);
      const filed = await fileRequest(db, identityOf(request), asked);
      return reply.code(201).send({ data: requestResource(filed) });
    },
  );

  app.post(
    '/api/senders/requests/natural',
    {
      schema: {
        operationId: 'sender_request_natural',
        tags,
        summary: 'Request a sender for a person',
        body: schemas.NaturalRequest,
        response: { 201: schemas.RequestAnswer, ...refusals(400, 401, 422) },
      },
    },
    async (request, reply) => {
      const asked = readRequest('natural', request.body as RequestBody);
      const filed = await fileRequest(db, identityOf(request), asked);
      return reply.code(201).send({ data: requestResource(filed) });
    },
  );
}
