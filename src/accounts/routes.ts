// HTTP of accounts: login and refresh, balance, tariffs. Registered by app.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import {
  type App,
  identityOf,
  pageOf,
  pageParameters,
  refusals,
  unauthenticated,
  Window,
} from '../http/index.ts';
import { jsonAmount } from '../money/index.ts';
import { nameableTariffs } from '../tariffs/index.ts';
import { balanceOf } from './accounts.ts';
import { refused } from './errors.ts';
import { keySource } from './key-source.ts';
import { Balance, LoginRequest, Tariffs, Token } from './schemas.ts';

/**
 * Failed logins from one address, after which it waits for the end of the minute: keys are beyond guessing, but who
 * guesses should not keep the database busy, and shows up in the answers' statistics.
 */
const failedLogins = { perSpan: 10, spanMs: 60_000 };

/** Adds the routes to the server. */
export async function accountRoutes(app: App, deps: { db: Db }): Promise<void> {
  const keys = keySource(deps.db);
  const failures = new Window(deps.db, { purpose: 'login', spanMs: failedLogins.spanMs });

  app.post(
    '/api/auth/login',
    {
      config: { public: true },
      schema: {
        operationId: 'login',
        tags: ['Access'],
        summary: 'Exchange an API key for a token',
        security: [],
        body: LoginRequest,
        response: { 200: Token, ...refusals(400, 401, 422, 429) },
      },
    },
    async (request) => {
      const known = failures.known(request.ip);
      if (known > 0) throw refused.tooManyLogins(known);
      const identity = await keys.byKey(request.body.api_key);
      // Only a failure is counted; but who has failed too often is not told, either, when a guess was right.
      const wait = await failures[identity === undefined ? 'take' : 'wait'](request.ip, failedLogins.perSpan);
      if (wait > 0) throw refused.tooManyLogins(wait);
      if (identity === undefined) throw unauthenticated('The API key is not known or has been revoked.');
      return { bearer: await app.tokens.issue(identity) };
    },
  );

  app.post(
    '/api/auth/refresh',
    {
      config: { scope: 'any' },
      schema: {
        operationId: 'refresh_token',
        tags: ['Access'],
        summary: 'A new token for a valid one',
        response: { 200: Token, ...refusals(401) },
      },
    },
    async (request) => {
      const { accountId, keyId } = identityOf(request);
      if (keyId === null) throw refused.noToken();
      return { bearer: await app.tokens.issue({ accountId, keyId }) };
    },
  );

  app.get(
    '/api/accounts/balance',
    {
      schema: {
        operationId: 'account_balance',
        tags: ['Account'],
        summary: 'Balance and credit',
        response: { 200: Balance, ...refusals(401) },
      },
    },
    async (request) => {
      const { balance, credit, currency } = await balanceOf(deps.db, identityOf(request).accountId);
      return { data: { balance: jsonAmount(balance), currency, credit: jsonAmount(credit) } };
    },
  );

  app.get(
    '/api/accounts/tariff',
    {
      schema: {
        operationId: 'account_tariffs',
        tags: ['Account'],
        summary: 'Tariffs that campaigns may name',
        querystring: Type.Object(pageParameters(15)),
        response: { 200: Tariffs, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { tariffId, currency } = identityOf(request);
      const { tariffs, total } = await nameableTariffs(deps.db, currency, pageOf(request.query));
      const data = tariffs.map(({ id, name, code, isActive }) => ({
        id,
        name,
        code,
        is_active: isActive,
        is_default: id === tariffId,
      }));
      return { data, total };
    },
  );
}
