// HTTP of contacts. Registered by src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import { type App, type FieldErrors, identityOf, invalid, pageOf, refusals } from '../http/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import { conditionsOf, inGroups, parameters } from './conditions.ts';
import { countMembers, searchContacts } from './contact-search.ts';
import {
  type ContactInput,
  changeContact,
  createContact,
  deleteContact,
  deleteMany,
  findContact,
  selectContacts,
} from './contacts.ts';
import { readCriteria } from './criteria.ts';
import { selectFields } from './fields.ts';
import { groupsOf } from './groups.ts';
import { contactResource, searchMeta } from './resource.ts';
import * as schemas from './schemas.ts';
import type { Queryable } from './sql.ts';

const tags = ['Contacts'];

/** Adds the routes to the server. */
export async function contactRoutes(app: App, { db }: { db: Db }): Promise<void> {
  async function shown(sql: Queryable, accountId: number, id: number) {
    const contact = await findContact(sql, accountId, id);
    return { data: contactResource(contact, await selectFields(sql, accountId)) };
  }

  async function shownAll(accountId: number, ids: readonly number[]) {
    const [contacts, fields] = await Promise.all([
      selectContacts(db.pool, accountId, ids),
      selectFields(db.pool, accountId),
    ]);
    return contacts.map((contact) => contactResource(contact, fields));
  }

  app.get(
    '/api/contacts',
    {
      schema: {
        operationId: 'contacts',
        tags,
        summary: 'Contacts, all or those of groups',
        querystring: schemas.ContactQuery,
        response: { 200: schemas.ContactList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const params = parameters(accountId);
      const wanted = request.query['groups[]'];
      const groups = wanted === undefined ? undefined : [...(await groupsOf(db.pool, accountId, wanted))];
      if (groups?.length === 0) return { data: [], total: 0 };
      const conditions = groups === undefined ? [] : [inGroups(groups, params)];
      const page = pageOf(request.query);
      const found = await searchContacts(db, conditions, params, { by: 'id', way: 'asc' }, page);
      const total = found.exact ? found.total : await countMembers(db, groups!);
      return { data: await shownAll(accountId, found.ids), total };
    },
  );

  app.get(
    '/api/contacts/search',
    {
      schema: {
        operationId: 'contacts_search',
        tags,
        summary: 'Search for contacts',
        description:
          'Conditions: `search[field]`, `search[operator]` and `search[value]`, or several as `search_fields[0][field]` …, `search_fields[1][field]` …: all must hold.',
        querystring: schemas.ContactSearchQuery,
        response: { 200: schemas.ContactSearch, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const errors: FieldErrors = {};
      const criteria = readCriteria(request.url, errors);
      const params = parameters(accountId);
      const fields = await selectFields(db.pool, accountId);
      const conditions = conditionsOf(accountId, criteria, fields, params, errors);
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const page = pageOf(request.query);
      const sort = { by: request.query.sort as 'id' | 'phone', way: request.query.way };
      const { ids, total, exact } = await searchContacts(db, conditions, params, sort, page);
      return { data: await shownAll(accountId, ids), meta: searchMeta(page, total, criteria, exact) };
    },
  );

  app.post(
    '/api/contacts',
    {
      config: { keepsBody: true },
      schema: {
        operationId: 'contact_create',
        tags,
        summary: 'Make a contact',
        body: schemas.ContactBody,
        headers: OnceHeaders,
        response: { 201: schemas.ContactAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { accountId } = identityOf(request);
      reply.code(201);
      return answerOnce(db, request, reply, {
        perform: (transact) =>
          transact((client) => createContact(client, accountId, request.body as ContactInput)),
        answer: (sql, id) => shown(sql, accountId, id),
      });
    },
  );

  app.post(
    '/api/contacts/delete',
    {
      schema: {
        operationId: 'contacts_delete',
        tags,
        summary: 'Delete contacts by their ids, and all contacts of groups',
        description: 'What is not there is passed over. The groups stay.',
        querystring: schemas.ContactsDelete,
        response: { 204: Type.Null(), ...refusals(400, 401, 422) },
      },
    },
    async (request, reply) => {
      const { 'contact_ids[]': contactIds = [], 'group_ids[]': groupIds = [] } = request.query;
      if (contactIds.length + groupIds.length === 0) {
        throw invalid({ 'contact_ids[]': ['This field or group_ids[] is required.'] });
      }
      await deleteMany(db, identityOf(request).accountId, { contactIds, groupIds });
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/contacts/:id',
    {
      schema: {
        operationId: 'contact',
        tags,
        summary: 'One contact',
        params: schemas.IdPath,
        response: { 200: schemas.ContactAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => shown(db.pool, identityOf(request).accountId, request.params.id),
  );

  app.put(
    '/api/contacts/:id',
    {
      schema: {
        operationId: 'contact_update',
        tags,
        summary: 'Change a contact',
        params: schemas.IdPath,
        body: schemas.ContactBody,
        response: { 200: schemas.ContactAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      await changeContact(db, accountId, request.params.id, request.body as ContactInput);
      return shown(db.pool, accountId, request.params.id);
    },
  );

  app.delete(
    '/api/contacts/:id',
    {
      schema: {
        operationId: 'contact_delete',
        tags,
        summary: 'Delete a contact',
        params: schemas.IdPath,
        response: { 204: Type.Null(), ...refusals(401, 404) },
      },
    },
    async (request, reply) => {
      await deleteContact(db, identityOf(request).accountId, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
