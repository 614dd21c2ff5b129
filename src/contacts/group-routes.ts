// HTTP of groups of contacts. Registered by src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import { type App, type FieldErrors, identityOf, invalid, pageOf, refusals } from '../http/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import { readCriteria } from './criteria.ts';
import { type GroupSort, searchGroups } from './group-search.ts';
import {
  changeGroup,
  createGroup,
  deleteGroup,
  findGroup,
  type GroupInput,
  selectGroupRows,
  selectGroups,
} from './groups.ts';
import { attach, detach } from './members.ts';
import { foundGroupResource, groupResource, searchMeta } from './resource.ts';
import * as schemas from './schemas.ts';

const tags = ['Contacts'];

/** Adds the routes to the server. */
export async function groupRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/api/groups',
    {
      schema: {
        operationId: 'contact_lists',
        tags,
        summary: 'Groups',
        querystring: schemas.GroupQuery,
        response: { 200: schemas.GroupList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const sort = { by: 'id', way: 'asc' } as const;
      const { ids, total } = await searchGroups(db, accountId, [], sort, pageOf(request.query));
      return { data: (await selectGroups(db.pool, accountId, ids)).map(groupResource), total };
    },
  );

  app.get(
    '/api/groups/search',
    {
      schema: {
        operationId: 'contact_list_search',
        tags,
        summary: 'Search for groups',
        querystring: schemas.GroupSearchQuery,
        response: { 200: schemas.GroupSearch, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const errors: FieldErrors = {};
      const criteria = readCriteria(request.url, errors);
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const page = pageOf(request.query);
      const sort = { by: request.query.sort as GroupSort['by'], way: request.query.way };
      const { ids, total } = await searchGroups(db, accountId, criteria, sort, page);
      const groups = await selectGroupRows(db.pool, accountId, ids);
      return { data: groups.map(foundGroupResource), meta: searchMeta(page, total, criteria) };
    },
  );

  app.post(
    '/api/groups',
    {
      config: { keepsBody: true },
      schema: {
        operationId: 'contact_list_create',
        tags,
        summary: 'Make a group',
        body: schemas.GroupBody,
        headers: OnceHeaders,
        response: { 201: schemas.GroupAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { accountId } = identityOf(request);
      reply.code(201);
      return answerOnce(db, request, reply, {
        perform: (transact) => transact((client) => createGroup(client, accountId, inputOf(request.body))),
        answer: async (sql, id) => ({ data: groupResource(await findGroup(sql, accountId, id)) }),
      });
    },
  );

  app.get(
    '/api/groups/:id',
    {
      schema: {
        operationId: 'contact_list',
        tags,
        summary: 'One group',
        params: schemas.IdPath,
        response: { 200: schemas.GroupAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({
      data: groupResource(await findGroup(db.pool, identityOf(request).accountId, request.params.id)),
    }),
  );

  app.put(
    '/api/groups/:id',
    {
      schema: {
        operationId: 'contact_list_update',
        tags,
        summary: 'Change a group',
        params: schemas.IdPath,
        body: schemas.GroupBody,
        response: { 200: schemas.GroupAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const group = await changeGroup(db, accountId, request.params.id, inputOf(request.body));
      return { data: groupResource(group) };
    },
  );

  app.delete(
    '/api/groups/:id',
    {
      schema: {
        operationId: 'contact_list_delete',
        tags,
        summary: 'Delete a group; its contacts stay',
        params: schemas.IdPath,
        response: { 204: Type.Null(), ...refusals(401, 404) },
      },
    },
    async (request, reply) => {
      await deleteGroup(db, identityOf(request).accountId, request.params.id);
      return reply.code(204).send(null);
    },
  );

  const changes = [
    {
      url: '/api/groups/attach',
      id: 'contact_list_attach',
      summary: 'Put contacts into groups',
      change: attach,
    },
    {
      url: '/api/groups/detach',
      id: 'contact_list_detach',
      summary: 'Take contacts out of groups',
      change: detach,
    },
  ];
  for (const { url, id, summary, change } of changes) {
    app.post(
      url,
      {
        config: { keepsBody: true },
        schema: {
          operationId: id,
          tags,
          summary,
          body: schemas.Attach,
          headers: OnceHeaders,
          response: { 200: schemas.Empty, ...refusals(400, 401, 409, 422) },
        },
      },
      async (request, reply) => {
        const { accountId } = identityOf(request);
        return answerOnce(db, request, reply, {
          perform: (transact) =>
            transact(async (client) => {
              await change(client, accountId, request.body);
              return 0;
            }),
          answer: async () => ({}),
        });
      },
    );
  }
}

type Body = { name: string; description?: string | null; default?: boolean | null };

function inputOf({ name, description, default: isDefault }: Body): GroupInput {
  return { name, description, isDefault: isDefault ?? undefined };
}
