// HTTP of the fields of contacts. Registered by src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import { type App, identityOf, invalid, refusals } from '../http/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import type { FieldType } from './field-types.ts';
import { changeField, createField, deleteFields, findField, selectFields } from './fields.ts';
import { fieldResource } from './resource.ts';
import * as schemas from './schemas.ts';

const tags = ['Contacts'];

/** Adds the routes to the server. */
export async function fieldRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/api/contacts/fields',
    {
      schema: {
        operationId: 'contact_fields',
        tags,
        summary: 'Fields of contacts',
        response: { 200: schemas.FieldList, ...refusals(401) },
      },
    },
    async (request) => {
      const fields = await selectFields(db.pool, identityOf(request).accountId);
      return { data: fields.map(fieldResource) };
    },
  );

  app.post(
    '/api/contacts/fields',
    {
      config: { keepsBody: true },
      schema: {
        operationId: 'contact_field_create',
        tags,
        summary: 'Make a field',
        body: schemas.NewField,
        headers: OnceHeaders,
        response: { 201: schemas.FieldAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { accountId } = identityOf(request);
      const { name, type, description = null, is_visible: isVisible = true } = request.body;
      reply.code(201);
      return answerOnce(db, request, reply, {
        perform: (transact) =>
          transact(async (client) => {
            const field = { name, type: type as FieldType, description, isVisible };
            return (await createField(client, accountId, field)).id;
          }),
        answer: async (sql, id) => ({ data: fieldResource(await findField(sql, accountId, id)) }),
      });
    },
  );

  app.patch(
    '/api/contacts/fields/:id',
    {
      schema: {
        operationId: 'contact_field_update',
        tags,
        summary: 'Change a field',
        params: schemas.IdPath,
        body: schemas.FieldChange,
        response: { 200: schemas.FieldAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { name, description, is_visible: isVisible } = request.body;
      if (name === undefined && description === undefined && isVisible === undefined) {
        throw invalid({ name: ['One of name, description and is_visible is required.'] });
      }
      const change = { name, description, isVisible };
      const field = await changeField(db, identityOf(request).accountId, request.params.id, change);
      return { data: fieldResource(field) };
    },
  );

  app.post(
    '/api/contacts/fields/delete',
    {
      schema: {
        operationId: 'post_contactsFieldsDelete',
        tags,
        summary: 'Delete fields with their values',
        description: 'Ids of fields that are not there are passed over.',
        body: schemas.FieldIds,
        response: { 204: Type.Null(), ...refusals(400, 401, 422) },
      },
    },
    async (request, reply) => {
      await deleteFields(db, identityOf(request).accountId, request.body.ids);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/settings/address-book-fields/:id',
    {
      schema: {
        operationId: 'get_settingsAddressBookFieldsById',
        tags,
        summary: 'One field of contacts',
        params: schemas.IdPath,
        response: { 200: schemas.FieldAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({
      data: fieldResource(await findField(db.pool, identityOf(request).accountId, request.params.id)),
    }),
  );
}
