// HTTP of imports: uploads, and how they go on. Registered by src/features.ts.

import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import { campaignResource, insertDraft, readDraft, selectCampaign } from '../campaigns/index.ts';
import { groupsOf } from '../contacts/index.ts';
import type { Db } from '../db/index.ts';
import { type App, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import { addJob } from '../jobs/index.ts';
import { answerUploadOnce, OnceHeaders } from '../retries/index.ts';
import { cancelImport } from './cancel.ts';
import { checkFields } from './contacts.ts';
import { limits } from './limits.ts';
import { asBody } from './options.ts';
import { previewOf } from './preview.ts';
import { rejectedCsv } from './rejections.ts';
import { importResource } from './resource.ts';
import * as schemas from './schemas.ts';
import { findImport, selectImports } from './store.ts';
import { takeUpload, type Upload } from './upload.ts';

const tags = ['Imports'];
const consumes = ['multipart/form-data'];

const enqueue: Upload['enqueue'] = (client, id) => addJob(client, 'import', { id }, { key: `import-${id}` });

/** Adds the routes to the server. */
export async function importRoutes(app: App, { db }: { db: Db }): Promise<void> {
  await app.register(multipart);

  app.post(
    '/api/campaigns/sms/import',
    {
      config: { longBody: true },
      // A form is read as it arrives: the schema documents it.
      validatorCompiler: () => (value) => ({ value }),
      schema: {
        operationId: 'sms_import',
        tags,
        consumes,
        summary: 'Send a text with placeholders to the rows of a file. An extension of Carillon',
        headers: OnceHeaders,
        body: schemas.CampaignForm,
        response: { 200: schemas.CampaignImportAnswer, ...refusals(401, 409, 422) },
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      let draft: Awaited<ReturnType<typeof readDraft>>;
      const upload: Upload = {
        kind: 'campaign',
        async check(fields, _options, errors) {
          draft = await readDraft(db, identity, asBody(fields), errors);
        },
        begin: (client) => insertDraft(db, draft!, client),
        enqueue,
      };
      return answerUploadOnce(db, request, reply, {
        perform: (transact) => takeUpload(db, request, upload, limits.fileBytes, transact),
        async answer(sql, id) {
          const { campaignId } = await findImport(sql, identity.accountId, id);
          const row = await selectCampaign(sql, identity.accountId, campaignId!);
          return { data: campaignResource(row!), import: { id } };
        },
      });
    },
  );

  for (const { kind, path, operationId, summary, body } of [
    {
      kind: 'contacts',
      path: '/api/contacts/import',
      operationId: 'contacts_import',
      summary: 'Fill the contact book from a file. An extension of Carillon',
      body: schemas.ContactsForm,
    },
    {
      kind: 'stoplist',
      path: '/api/stoplist/import',
      operationId: 'stoplist_import',
      summary: 'Put the numbers of a file on the stop list. An extension of Carillon',
      body: schemas.StopListForm,
    },
  ] as const) {
    app.post(
      path,
      {
        config: { longBody: true },
        validatorCompiler: () => (value) => ({ value }),
        schema: {
          ...{ operationId, tags, consumes, summary, body, headers: OnceHeaders },
          response: { 200: schemas.ImportAnswer, ...refusals(401, 409, 422) },
        },
      },
      async (request, reply) => {
        const { accountId } = identityOf(request);
        const upload: Upload = {
          kind,
          async check(_fields, { groups }, errors) {
            const known = await groupsOf(db.pool, accountId, groups);
            const missing = groups.filter((id) => !known.has(id));
            if (missing.length > 0) errors.groups = [`There is no group ${missing.join(', ')}.`];
          },
          async checkHead(format, options, errors) {
            if (kind === 'contacts') await checkFields(db.pool, accountId, options, format, errors);
          },
          begin: async () => null,
          enqueue,
        };
        return answerUploadOnce(db, request, reply, {
          perform: (transact) => takeUpload(db, request, upload, limits.fileBytes, transact),
          answer: async (sql, id) => ({ data: importResource(await findImport(sql, accountId, id)) }),
        });
      },
    );
  }

  app.post(
    '/api/imports/preview',
    {
      config: { longBody: true },
      validatorCompiler: () => (value) => ({ value }),
      schema: {
        operationId: 'import_preview',
        tags,
        consumes,
        summary: 'How a file would be read, from its first MiB. An extension of Carillon',
        body: schemas.PreviewForm,
        response: { 200: schemas.PreviewAnswer, ...refusals(401, 422) },
      },
    },
    async (request) => ({ data: await previewOf(request) }),
  );

  app.get(
    '/api/imports',
    {
      schema: {
        operationId: 'imports',
        tags,
        summary: 'List imports, the newest first. An extension of Carillon',
        querystring: schemas.ImportQuery,
        response: { 200: schemas.ImportList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const page = pageOf(query);
      const { rows, total } = await selectImports(
        db,
        identityOf(request).accountId,
        {
          kind: query['filter[kind]'],
          state: query['filter[state]'],
          campaignId: query['filter[campaign_id]'],
        },
        page,
      );
      return { data: rows.map(importResource), meta: metaOf(page, total) };
    },
  );

  app.get(
    '/api/imports/:id',
    {
      schema: {
        operationId: 'import_show',
        tags,
        summary: 'How far an import is. An extension of Carillon',
        params: schemas.ImportPath,
        response: { 200: schemas.ImportAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({
      data: importResource(await findImport(db.pool, identityOf(request).accountId, request.params.id)),
    }),
  );

  app.get(
    '/api/imports/:id/rejected',
    {
      schema: {
        operationId: 'import_rejected',
        tags,
        summary: 'The rows that were left out, as CSV: line, reason, raw. An extension of Carillon',
        produces: ['text/csv'],
        params: schemas.ImportPath,
        response: { ...refusals(401, 404) },
      },
    },
    async (request, reply) => {
      const { id } = await findImport(db.pool, identityOf(request).accountId, request.params.id);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="import-${id}-rejected.csv"`)
        .send(Readable.from(rejectedCsv(db, id)));
    },
  );

  app.delete(
    '/api/imports/:id',
    {
      schema: {
        operationId: 'import_cancel',
        tags,
        summary: 'Cancel an import that is not over; its campaign is stopped. An extension of Carillon',
        params: schemas.ImportPath,
        response: { 200: schemas.ImportAnswer, ...refusals(401, 404, 422) },
      },
    },
    async (request) => ({
      data: importResource(await cancelImport(db, identityOf(request).accountId, request.params.id)),
    }),
  );
}
