// Who makes a request: finds the API key behind a bearer token or an X-API-KEY header before any /api route runs.
// Where keys are stored is the business of src/accounts, which passes in a KeySource.

import type { FastifyRequest } from 'fastify';
import { unauthenticated } from './errors.ts';
import type { Tokens } from './tokens.ts';

/** The account and key behind a request. */
export type Identity = {
  accountId: number;
  keyId: number;
  /** `test` reaches the simulator only and costs nothing. */
  kind: 'live' | 'test';
  role: 'customer' | 'admin';
  currency: string;
  tariffId: number;
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
    /** Reachable without a key. Every other route below /api needs one. */
    public?: boolean;
  }
}

const wanted =
  'send Authorization: Bearer <token of POST /api/auth/login>, or X-API-KEY: <your API key>, with the request';

/** The hook that identifies every request below /api, before its body is read. */
export function authentication(keys: KeySource, tokens: Tokens) {
  return async function authenticate(request: FastifyRequest): Promise<void> {
    const { url, config } = request.routeOptions;
    if (url === undefined || !url.startsWith('/api/') || config.public === true) return;
    request.identity = await identify(request, keys, tokens);
  };
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
