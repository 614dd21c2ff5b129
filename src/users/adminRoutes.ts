// HTTP of the users of every account, for administrators in the console. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import * as schemas from './schemas.ts';
import { sessionResource, userResource } from './schemas.ts';
import { deleteSessions, selectSessions } from './session-store.ts';
import { tags } from './sessionRoutes.ts';
import { endTotp } from './totp-enrolment.ts';
import {
  audit,
  changeUser,
  createUser,
  findUser,
  listUsers,
  resetPassword,
  type WithPassword,
} from './users.ts';

const config = { scope: 'admin' } as const;

/** Adds the routes to the server. */
export async function userAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  addList(app, db);
  addOne(app, db);
  addAccess(app, db);
}

function addList(app: App, db: Db): void {
  app.get(
    '/console/api/users',
    {
      config,
      schema: {
        operationId: 'console_users',
        tags,
        summary: 'Users of every account, the oldest first',
        querystring: schemas.UserQuery,
        response: { 200: schemas.UserList, ...refusals(401, 403, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const filter = {
        accountId: query['filter[account_id]'],
        role: query['filter[role]'],
        text: query['search[text]'],
      };
      const { users, total } = await listUsers(db, filter, page);
      return { data: users.map(userResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/console/api/users',
    {
      config,
      schema: {
        operationId: 'console_user_create',
        tags,
        summary: 'Make a user with a generated password',
        body: schemas.NewUser,
        response: { 201: schemas.UserWithPassword, ...refusals(400, 401, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      const { email, name, role, account_id: accountId, locale, time_zone: timeZone } = request.body;
      const user = { email, name, role, accountId, locale, timeZone };
      const made = await createUser(db, user, identityOf(request));
      return reply.code(201).send({ data: withPassword(made) });
    },
  );
}

function addOne(app: App, db: Db): void {
  app.get(
    '/console/api/users/:id',
    {
      config,
      schema: {
        operationId: 'console_user',
        tags,
        summary: 'Show a user',
        params: schemas.IdPath,
        response: { 200: schemas.UserAnswer, ...refusals(401, 403, 404) },
      },
    },
    async ({ params }) => ({ data: userResource(await findUser(db, params)) }),
  );

  app.patch(
    '/console/api/users/:id',
    {
      config,
      schema: {
        operationId: 'console_user_change',
        tags,
        summary: 'Change what is named; a user who is disabled is signed out everywhere',
        params: schemas.IdPath,
        body: schemas.UserChange,
        response: { 200: schemas.UserAnswer, ...refusals(400, 401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const { time_zone: timeZone, ...rest } = request.body;
      const user = await changeUser(db, request.params.id, { ...rest, timeZone }, identityOf(request));
      return { data: userResource(user) };
    },
  );
}

function addAccess(app: App, db: Db): void {
  app.post(
    '/console/api/users/:id/password',
    {
      config,
      schema: {
        operationId: 'console_user_password',
        tags,
        summary: 'A new generated password; all sessions of the user end',
        params: schemas.IdPath,
        response: { 200: schemas.UserWithPassword, ...refusals(401, 403, 404) },
      },
    },
    async (request) => ({
      data: withPassword(await resetPassword(db, request.params.id, {}, identityOf(request))),
    }),
  );

  app.delete(
    '/console/api/users/:id/totp',
    {
      config,
      schema: {
        operationId: 'console_user_totp_disable',
        tags,
        summary: 'Demand no codes of a user who lost the authenticator',
        params: schemas.IdPath,
        response: { 200: schemas.UserAnswer, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const user = await findUser(db, request.params);
      return { data: userResource(await endTotp(db, user, identityOf(request))) };
    },
  );

  app.get(
    '/console/api/users/:id/sessions',
    {
      config,
      schema: {
        operationId: 'console_user_sessions',
        tags,
        summary: 'Where a user is signed in',
        params: schemas.IdPath,
        response: { 200: schemas.SessionList, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const { id } = await findUser(db, request.params);
      const { sessionId } = identityOf(request);
      const sessions = await selectSessions(db.pool, id);
      return { data: sessions.map((session) => sessionResource(session, sessionId)) };
    },
  );

  app.delete(
    '/console/api/users/:id/sessions',
    {
      config,
      schema: {
        operationId: 'console_user_sessions_end',
        tags,
        summary: 'Sign a user out everywhere',
        params: schemas.IdPath,
        response: refusals(401, 403, 404),
      },
    },
    async (request, reply) => {
      const user = await findUser(db, request.params);
      const ended = await deleteSessions(db.pool, user.id);
      await audit(db.pool, identityOf(request), 'user.sessions-end', user, { ended });
      return reply.code(204).send(null);
    },
  );
}

function withPassword({ user, password }: WithPassword) {
  return { ...userResource(user), password };
}
