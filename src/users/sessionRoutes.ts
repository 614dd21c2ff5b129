// HTTP of signing in and out of the console. Registered by src/features.ts.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { accountById } from '../accounts/index.ts';
import { type Db, transaction } from '../db/index.ts';
import {
  type App,
  checkOrigin,
  csrfToken,
  dropSession,
  formatMoment,
  identityOf,
  keepSession,
  refusals,
  sessionToken,
} from '../http/index.ts';
import { refused } from './errors.ts';
import { Failures } from './failures.ts';
import { permissionsOf } from './roles.ts';
import { SessionAnswer, SignIn, userResource } from './schemas.ts';
import { deleteByToken, deleteSessions, type Session, selectSessions } from './session-store.ts';
import { beginSession, hashToken } from './sessions.ts';
import { proveUser } from './sign-in.ts';
import { selectUser, type User, updateUser } from './user-store.ts';
import { audit } from './users.ts';

export const tags = ['Console'];

/** Adds the routes to the server. */
export async function sessionRoutes(app: App, { db }: { db: Db }): Promise<void> {
  const failures = new Failures(db);

  app.post(
    '/console/api/session',
    {
      config: { public: true },
      schema: {
        operationId: 'console_sign_in',
        tags,
        summary: 'Sign in to the console; the session is in a cookie',
        body: SignIn,
        response: { 200: SessionAnswer, ...refusals(400, 401, 403, 422, 429) },
      },
    },
    async (request, reply) => {
      checkOrigin(request);
      const { email, password, totp } = request.body;
      const user = await failures.guard({ email, ip: request.ip }, () =>
        proveUser(db, { email, password, totp }),
      );
      // What the browser held before is worth nothing from now on, whoever put it there.
      const before = sessionToken(request);
      if (before !== undefined) await deleteByToken(db.pool, hashToken(before));
      return { data: await begin(db, request, reply, user, 'user.sign-in') };
    },
  );

  app.get(
    '/console/api/session',
    {
      config: { beforePassword: true },
      schema: {
        operationId: 'console_session',
        tags,
        summary: 'Who is signed in',
        response: { 200: SessionAnswer, ...refusals(401) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { userId, sessionId } = identityOf(request);
      const user = await selectUser(db.pool, { id: userId! });
      const session = (await selectSessions(db.pool, userId!)).find(({ id }) => id === sessionId);
      if (user === undefined || session === undefined) throw refused.noSession();
      return { data: await sessionAnswer(db, user, session, sessionToken(request)!) };
    },
  );

  app.delete(
    '/console/api/session',
    {
      config: { beforePassword: true },
      schema: {
        operationId: 'console_sign_out',
        tags,
        summary: 'Sign out',
        response: refusals(401, 403),
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      const { userId, sessionId, accountId } = identity;
      await transaction(db, async (client) => {
        await deleteSessions(client, userId!, { only: sessionId! });
        await audit(client, identity, 'user.sign-out', { id: userId!, accountId }, {});
      });
      dropSession(request, reply);
      return reply.code(204).send(null);
    },
  );
}

/** Begins a session of a user who has proven who they are, and gives the browser its cookie. */
export async function begin(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  user: User,
  action: string,
  work?: Parameters<typeof transaction<void>>[1],
) {
  const visitor = { ip: request.ip, userAgent: request.headers['user-agent'] };
  const { token, session } = await transaction(db, async (client) => {
    await work?.(client);
    await updateUser(client, user.id, { lastLoginAt: new Date() });
    const by = { accountId: user.accountId, keyId: null, userId: user.id };
    await audit(client, by, action, user, { ip: request.ip });
    return beginSession(client, user.id, visitor);
  });
  keepSession(request, reply, token, session.expiresAt);
  reply.header('cache-control', 'no-store');
  return sessionAnswer(db, (await selectUser(db.pool, { id: user.id }))!, session, token);
}

async function sessionAnswer(db: Db, user: User, session: Session, token: string) {
  const account = (await accountById(db, user.accountId))!;
  return {
    user: userResource(user),
    account: { id: account.id, name: account.name, role: account.role, currency: account.currency },
    permissions: [...permissionsOf[user.role]],
    csrf_token: csrfToken(token),
    session_id: session.id,
    expires_at: formatMoment(session.expiresAt),
  };
}
