// HTTP of privacy: what an account knows of a number, and forgetting it; below /admin/api the same over all accounts.
// Registered by src/features.ts.

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { accountById } from '../accounts/index.ts';
import type { Db } from '../db/index.ts';
import { type App, identityOf, invalid, refusals } from '../http/index.ts';
import { type Erased, erasePhone } from './erase.ts';
import { knownOf } from './known.ts';
import * as schemas from './schemas.ts';

const tags = ['Privacy'];
const adminTags = ['Admin: privacy'];

/** Adds an account's own routes to the server. */
export async function privacyRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.post(
    '/api/privacy/erase',
    {
      schema: {
        operationId: 'privacy_erase',
        tags,
        summary: 'Forget a number: messages lose it, contacts and what it wrote are deleted. An extension',
        body: schemas.EraseBody,
        response: { 200: schemas.ErasedAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      const { phone, stop_list: stopList = false } = request.body;
      return answered(await erasePhone(db, phone, { accountId: identity.accountId, stopList }, identity));
    },
  );

  app.get(
    '/api/privacy/export',
    {
      schema: {
        operationId: 'privacy_export',
        tags,
        summary: 'Everything that the account knows of a number, as one JSON document. An extension',
        querystring: schemas.ExportQuery,
        response: refusals(401, 422),
      },
    },
    (request, reply) => sendKnown(db, reply, request.query.phone, identityOf(request).accountId),
  );
}

/** Adds the routes of administrators to the server. */
export async function privacyAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  async function chosen(accountId: number | undefined): Promise<number | null> {
    if (accountId === undefined) return null;
    if ((await accountById(db, accountId)) === undefined) {
      throw invalid({ account_id: ['There is no such account.'] });
    }
    return accountId;
  }

  app.post(
    '/admin/api/privacy/erase',
    {
      schema: {
        operationId: 'privacy_erase_everywhere',
        tags: adminTags,
        summary: 'Forget a number in every account, or in one',
        body: schemas.AnyEraseBody,
        response: { 200: schemas.ErasedAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request) => {
      const { phone, stop_list: stopList = false, account_id: asked } = request.body;
      const accountId = await chosen(asked);
      return answered(await erasePhone(db, phone, { accountId, stopList }, identityOf(request)));
    },
  );

  app.get(
    '/admin/api/privacy/export',
    {
      schema: {
        operationId: 'privacy_export_everything',
        tags: adminTags,
        summary: 'Everything that is known of a number in every account, or in one, as one JSON document',
        querystring: schemas.AnyExportQuery,
        response: refusals(401, 422),
      },
    },
    async (request, reply) =>
      sendKnown(db, reply, request.query.phone, await chosen(request.query.account_id)),
  );
}

/** What was erased, in the words of the API; also what the command line prints as JSON. */
export function erasedResource({ stopList, rejections, orphans, ...rest }: Erased) {
  return { ...rest, stop_list: stopList, import_rejections: rejections, orphan_receipts: orphans };
}

const answered = (erased: Erased) => ({ data: erasedResource(erased) });

function sendKnown(db: Db, reply: FastifyReply, phone: number, accountId: number | null) {
  return reply
    .type('application/json; charset=utf-8')
    .header('content-disposition', 'attachment; filename="privacy-export.json"')
    .send(Readable.from(knownOf(db, phone, accountId)));
}
