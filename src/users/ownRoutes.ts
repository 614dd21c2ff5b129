// HTTP of what users of the console do with their own name, password, one-time codes and sessions. Registered by
// src/features.ts.

import type { FastifyRequest } from 'fastify';
import type { Db } from '../db/index.ts';
import { type App, identityOf, refusals } from '../http/index.ts';
import { refused } from './errors.ts';
import { Failures } from './failures.ts';
import { hashPassword } from './password.ts';
import * as schemas from './schemas.ts';
import { sessionResource, userResource } from './schemas.ts';
import { deleteSessions, selectSessions } from './session-store.ts';
import { begin, tags } from './sessionRoutes.ts';
import { provePassword } from './sign-in.ts';
import { beginTotp, confirmTotp, endTotp, renewRecoveryCodes } from './totp-enrolment.ts';
import { audit, changeUser, checkPassword, findUser, setPassword } from './users.ts';

/** Adds the routes to the server. */
export async function ownRoutes(app: App, { db }: { db: Db }): Promise<void> {
  const failures = new Failures(db);

  /** The user, who has given the password once more: whoever sits down at an open browser cannot. */
  async function proven(request: FastifyRequest, password: string) {
    const user = await findUser(db, { id: identityOf(request).userId! });
    return failures.guard({ email: user.email, ip: request.ip }, () => provePassword(db, user.id, password));
  }

  app.patch(
    '/console/api/me',
    {
      schema: {
        operationId: 'console_me_change',
        tags,
        summary: 'Change the own name, language or time zone',
        body: schemas.OwnChange,
        response: { 200: schemas.UserAnswer, ...refusals(400, 401, 403, 422) },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      const { name, locale, time_zone: timeZone } = request.body;
      const user = await changeUser(db, identity.userId!, { name, locale, timeZone }, identity);
      return { data: userResource(user) };
    },
  );

  app.post(
    '/console/api/me/password',
    {
      config: { beforePassword: true },
      schema: {
        operationId: 'console_me_password',
        tags,
        summary: 'Change the own password; every other session ends',
        body: schemas.PasswordChange,
        response: { 200: schemas.SessionAnswer, ...refusals(400, 401, 403, 422, 429) },
      },
    },
    async (request, reply) => {
      const { current_password: current, new_password: wanted } = request.body;
      const user = await proven(request, current);
      if (wanted === current) throw refused.passwordSame();
      checkPassword(wanted, user.email, 'new_password');
      const passwordHash = await hashPassword(wanted);
      const data = await begin(db, request, reply, user, 'user.password', (client) =>
        setPassword(client, user.id, passwordHash, false),
      );
      return { data };
    },
  );

  addTotp(app, db, proven);
  addSessions(app, db);
}

type Proven = (request: FastifyRequest, password: string) => ReturnType<typeof provePassword>;

function addTotp(app: App, db: Db, proven: Proven): void {
  app.post(
    '/console/api/me/totp',
    {
      schema: {
        operationId: 'console_totp_begin',
        tags,
        summary: 'A secret for an authenticator; demanded once a code has confirmed it',
        body: schemas.PasswordProof,
        response: { 200: schemas.Enrolment, ...refusals(400, 401, 403, 409, 422, 429) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { data: await beginTotp(db, await proven(request, request.body.current_password)) };
    },
  );

  app.post(
    '/console/api/me/totp/confirm',
    {
      schema: {
        operationId: 'console_totp_confirm',
        tags,
        summary: 'Demand codes from now on; the recovery codes are shown here and never again',
        body: schemas.CodeProof,
        response: { 200: schemas.RecoveryCodes, ...refusals(400, 401, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const identity = identityOf(request);
      const codes = await confirmTotp(db, identity.userId!, request.body.code, identity);
      return { data: { recovery_codes: codes } };
    },
  );

  app.post(
    '/console/api/me/totp/recovery-codes',
    {
      schema: {
        operationId: 'console_totp_recovery_codes',
        tags,
        summary: 'New recovery codes; the old ones are void',
        body: schemas.PasswordProof,
        response: { 200: schemas.RecoveryCodes, ...refusals(400, 401, 403, 409, 422, 429) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const user = await proven(request, request.body.current_password);
      return { data: { recovery_codes: await renewRecoveryCodes(db, user, identityOf(request)) } };
    },
  );

  app.post(
    '/console/api/me/totp/disable',
    {
      schema: {
        operationId: 'console_totp_disable',
        tags,
        summary: 'Demand no codes any more',
        body: schemas.PasswordProof,
        response: { 200: schemas.UserAnswer, ...refusals(400, 401, 403, 422, 429) },
      },
    },
    async (request) => {
      const user = await proven(request, request.body.current_password);
      return { data: userResource(await endTotp(db, user, identityOf(request))) };
    },
  );
}

function addSessions(app: App, db: Db): void {
  app.get(
    '/console/api/me/sessions',
    {
      schema: {
        operationId: 'console_me_sessions',
        tags,
        summary: 'Where the user is signed in',
        response: { 200: schemas.SessionList, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { userId, sessionId } = identityOf(request);
      const sessions = await selectSessions(db.pool, userId!);
      return { data: sessions.map((session) => sessionResource(session, sessionId)) };
    },
  );

  app.delete(
    '/console/api/me/sessions',
    {
      schema: {
        operationId: 'console_me_sessions_end',
        tags,
        summary: 'End all sessions but this one',
        response: refusals(401, 403),
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      const { userId, sessionId, accountId } = identity;
      const ended = await deleteSessions(db.pool, userId!, { except: sessionId });
      await audit(db.pool, identity, 'user.sessions-end', { id: userId!, accountId }, { ended });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/console/api/me/sessions/:id',
    {
      schema: {
        operationId: 'console_me_session_end',
        tags,
        summary: 'End one session',
        params: schemas.IdPath,
        response: refusals(401, 403, 404),
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      const { userId, accountId } = identity;
      const ended = await deleteSessions(db.pool, userId!, { only: request.params.id });
      if (ended === 0) throw refused.noSession();
      await audit(db.pool, identity, 'user.sessions-end', { id: userId!, accountId }, { ended });
      return reply.code(204).send(null);
    },
  );
}
