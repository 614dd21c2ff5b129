// The cookie of the console's sessions, and what keeps other sites from using it. Called by authentication.ts for every
// request that comes with one, and by src/users, which makes and ends sessions.
//
// Three things stand in the way of a request that another site makes a browser send: the cookie is SameSite=Strict, a
// request that changes something needs a header that only a page of ours can know and set, and the Origin that the
// browser names must be ours.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { forged } from './errors.ts';

const cookieName = 'carillon_session';

/** What the cookie of a request holds. */
export function sessionToken(request: FastifyRequest): string | undefined {
  const token = request.cookies[cookieName];
  return token === '' ? undefined : token;
}

/** Gives the browser the cookie of a session. Scripts cannot read it, and it goes over https alone where that is used. */
export function keepSession(request: FastifyRequest, reply: FastifyReply, token: string, until: Date): void {
  reply.setCookie(cookieName, token, { ...attributes(request), expires: until });
}

/** Takes it back. */
export function dropSession(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(cookieName, attributes(request));
}

function attributes(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const;
}

/** The token of a session against forged requests. It follows from the cookie, so nothing has to be stored. */
export function csrfToken(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

const safeMethods = new Set(['GET', 'HEAD']);

/** Refuses a request of a session that changes something without its token, or comes from another site. */
export function checkCsrf(request: FastifyRequest, token: string): void {
  if (safeMethods.has(request.method)) return;
  checkOrigin(request);
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const right = Buffer.from(csrfToken(token));
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw forged('The header X-CSRF-Token must carry the csrf_token of GET /console/api/session.');
  }
}

/** Refuses a request whose Origin is not the server it was sent to; programs name none. */
export function checkOrigin(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  const from = URL.parse(origin);
  // The port that a scheme has by itself is named by some and not by others.
  if (
    from === null ||
    from.host === '' ||
    from.host !== URL.parse(`${from.protocol}//${request.host}`)?.host
  ) {
    throw forged(`A request to ${request.host} must come from its own pages, not from ${origin}.`);
  }
}
