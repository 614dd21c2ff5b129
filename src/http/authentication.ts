// Who makes a request, and whether they may: finds the API key behind a bearer token or an X-API-KEY header, or the user
// behind the cookie of the console, before any route below /api, /admin/api or /console/api runs. Where keys and sessions
// are stored is the business of src/accounts and src/users, which pass in a KeySource and a SessionSource.

import type { FastifyRequest } from 'fastify';
import type { Db } from '../db/index.ts';
import { withinRanges } from './addresses.ts';
import {
  missingPermission,
  missingScope,
  passwordFirst,
  tooMany,
  unauthenticated,
  wrongAddress,
} from './errors.ts';
import { adminPrefix, apiPrefix, consolePrefix, type Scope, scopeOf } from './scopes.ts';
import { checkCsrf, sessionToken } from './session-cookie.ts';
import type { Tokens } from './tokens.ts';
import { Window } from './window.ts';

/** The account behind a request, with its key, or with the user of the console. */
export type Identity = {
  accountId: number;
  /** Null: a user of the console. */
  keyId: number | null;
  /** Of the console: who, in which session, and whether nothing but a new password is allowed. */
  userId?: number;
  sessionId?: number;
  mustChangePassword?: boolean;
  /** `test` reaches the simulator only and costs nothing. */
  kind: 'live' | 'test';
  role: 'customer' | 'admin';
  currency: string;
  tariffId: number;
  /** What the key may do. */
  scopes: readonly Scope[];
  /** CIDR ranges it may be used from; none: from anywhere. */
  addresses: readonly string[];
  /** Requests per minute, over all processes of the API; null: no limit. */
  requestsPerMinute: number | null;
};

/** Finds valid keys: undefined for unknown and revoked ones. */
export type KeySource = {
  byKey(key: string): Promise<KeyIdentity | undefined>;
  byId(keyId: number): Promise<KeyIdentity | undefined>;
};

export type KeyIdentity = Identity & { keyId: number };

/** Finds live sessions of the console by what their cookie holds: undefined for unknown and ended ones. */
export type SessionSource = (token: string) => Promise<Identity | undefined>;

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null;
  }
  interface FastifyContextConfig {
    /** Reachable without a key. Every other route below /api, /admin/api and /console/api needs one or a session. */
    public?: boolean;
    /** Open to users who have to change their password first. */
    beforePassword?: boolean;
    /** What the key must be allowed to do: below /api, `read` for GET and `send` for the rest; below /admin/api, `admin`. */
    scope?: Scope | 'any';
  }
}

const wanted =
  'send Authorization: Bearer <token of POST /api/auth/login>, or X-API-KEY: <your API key>, with the request';

/** The span of `requestsPerMinute`. */
const minuteMs = 60_000;

type Sources = { keys: KeySource; sessions: SessionSource; tokens: Tokens };

/** The hook that identifies every request below the APIs, before its body is read. */
export function authentication({ db, ...sources }: Sources & { db: Db }) {
  const requests = new Window(db, { purpose: 'key', spanMs: minuteMs });

  return async function authenticate(request: FastifyRequest): Promise<void> {
    const { url, config } = request.routeOptions;
    if (url === undefined || config.public === true) return;
    const console = url.startsWith(consolePrefix);
    if (!console && !url.startsWith(apiPrefix) && !url.startsWith(adminPrefix)) return;
    const identity = await identify(request, sources, console);
    await checkUse(identity, request.ip, requests);
    const scope = scopeOf({ url, method: request.method, scope: config.scope });
    if (scope !== 'any' && !identity.scopes.includes(scope)) {
      throw identity.keyId === null ? missingPermission(scope) : missingScope(scope);
    }
    if (identity.mustChangePassword === true && config.beforePassword !== true) throw passwordFirst();
    request.identity = identity;
  };
}

/** Refuses a key outside of its addresses, or beyond its rate. One without a limit costs no query. */
async function checkUse(identity: Identity, address: string, requests: Window): Promise<void> {
  const { addresses, requestsPerMinute, keyId } = identity;
  if (addresses.length > 0 && !withinRanges(address, addresses)) throw wrongAddress(address);
  if (requestsPerMinute === null || keyId === null) return;
  const wait = await requests.take(String(keyId), requestsPerMinute);
  if (wait === 0) return;
  const message = `This API key may make ${requestsPerMinute} requests a minute: try again in ${wait} s.`;
  throw tooMany('rate_limit', message, wait);
}

/** A key goes before a session where both came; below /console/api only a session counts. */
async function identify(request: FastifyRequest, sources: Sources, console: boolean): Promise<Identity> {
  const { authorization, 'x-api-key': key } = request.headers;
  const token = sessionToken(request);
  if (console || (token !== undefined && authorization === undefined && key === undefined)) {
    return bySession(request, sources.sessions, token);
  }
  return byKey(request, sources);
}

const testHeader = 'x-carillon-test';

async function bySession(
  request: FastifyRequest,
  sessions: SessionSource,
  token: string | undefined,
): Promise<Identity> {
  const identity = token === undefined ? undefined : await sessions(token);
  if (token === undefined || identity === undefined) {
    throw unauthenticated('Not signed in, or the session has ended: sign in at the console.');
  }
  checkCsrf(request, token);
  return request.headers[testHeader] === '1' ? { ...identity, kind: 'test' } : identity;
}

async function byKey(request: FastifyRequest, { keys, tokens }: Sources): Promise<Identity> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) {
    const named = await tokens.read(bearer);
    if (named === undefined) throw unauthenticated('The token is not valid or has expired: log in again.');
    const identity = await keys.byId(named.keyId);
    if (identity === undefined) throw unauthenticated('The API key of this token has been revoked.');
    return identity;
  }
  const key = request.headers['x-api-key'];
  if (typeof key !== 'string' || key === '') throw unauthenticated(`Not authenticated: ${wanted}.`);
  const identity = await keys.byKey(key);
  if (identity === undefined) throw unauthenticated('The API key is not known or has been revoked.');
  return identity;
}

/** The identity of an authenticated request. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === null) throw new Error(`${request.routeOptions.url} is public: it has no identity`);
  return request.identity;
}
