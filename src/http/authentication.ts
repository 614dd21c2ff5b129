// Who makes a request, and whether that key may: finds the API key behind a bearer token or an X-API-KEY header before
// any route below /api or /admin/api runs. Where keys are stored is the business of src/accounts, which passes in a
// KeySource.

import type { FastifyRequest } from 'fastify';
import type { Db } from '../db/index.ts';
import { withinRanges } from './addresses.ts';
import { missingScope, tooMany, unauthenticated, wrongAddress } from './errors.ts';
import { adminPrefix, apiPrefix, type Scope, scopeOf } from './scopes.ts';
import type { Tokens } from './tokens.ts';
import { Window } from './window.ts';

/** The account and key behind a request. */
export type Identity = {
  accountId: number;
  keyId: number;
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
  byKey(key: string): Promise<Identity | undefined>;
  byId(keyId: number): Promise<Identity | undefined>;
};

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null;
  }
  interface FastifyContextConfig {
    /** Reachable without a key. Every other route below /api and /admin/api needs one. */
    public?: boolean;
    /** What the key must be allowed to do: below /api, `read` for GET and `send` for the rest; below /admin/api, `admin`. */
    scope?: Scope | 'any';
  }
}

const wanted =
  'send Authorization: Bearer <token of POST /api/auth/login>, or X-API-KEY: <your API key>, with the request';

/** The span of `requestsPerMinute`. */
const minuteMs = 60_000;

/** The hook that identifies every request below /api, before its body is read. */
export function authentication({ db, keys, tokens }: { db: Db; keys: KeySource; tokens: Tokens }) {
  const requests = new Window(db, { purpose: 'key', spanMs: minuteMs });

  return async function authenticate(request: FastifyRequest): Promise<void> {
    const { url, config } = request.routeOptions;
    if (url === undefined || config.public === true) return;
    if (!url.startsWith(apiPrefix) && !url.startsWith(adminPrefix)) return;
    const identity = await identify(request, keys, tokens);
    await checkUse(identity, request.ip, requests);
    const scope = scopeOf({ url, method: request.method, scope: config.scope });
    if (scope !== 'any' && !identity.scopes.includes(scope)) throw missingScope(scope);
    request.identity = identity;
  };
}

/** Refuses a key outside of its addresses, or beyond its rate. One without a limit costs no query. */
async function checkUse(identity: Identity, address: string, requests: Window): Promise<void> {
  const { addresses, requestsPerMinute, keyId } = identity;
  if (addresses.length > 0 && !withinRanges(address, addresses)) throw wrongAddress(address);
  if (requestsPerMinute === null) return;
  const wait = await requests.take(String(keyId), requestsPerMinute);
  if (wait === 0) return;
  const message = `This API key may make ${requestsPerMinute} requests a minute: try again in ${wait} s.`;
  throw tooMany('rate_limit', message, wait);
}

async function identify(request: FastifyRequest, keys: KeySource, tokens: Tokens): Promise<Identity> {
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
