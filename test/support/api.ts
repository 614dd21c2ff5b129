// An HTTP API with its database, without engine and operators, and accounts with keys to call it: what the tests of
// the HTTP side need, in one line each.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import {
  type Account,
  createAccount,
  createKey,
  type KeyOptions,
  keySource,
  sharedSecret,
  topUp,
} from '../../src/accounts/index.ts';
import type { Db } from '../../src/db/index.ts';
import { addFeatures } from '../../src/features.ts';
import { type App, buildServer, type Scope, type ServerOptions, scopes } from '../../src/http/index.ts';
import { parseAmount } from '../../src/money/index.ts';
import type { Simulator } from '../../src/simulator/index.ts';
import { sessionSource } from '../../src/users/index.ts';
import { testDatabase } from './database.ts';

export type Answer = {
  status: number;
  headers: Record<string, unknown>;
  /** The body as it was sent, for amounts that a JavaScript number would round. */
  text: string;
  body: Body;
};

/** Everything that some answer carries; each test reads what its operation answers. */
export type Body = {
  message: string;
  errors: Record<string, string[]>;
  bearer: string;
  price: number | null;
  currency: string;
  total: number;
  status: string;
  meta: { page: { total: number; limit: number; offset: number } };
  data: Item & Item[];
};

type Item = {
  id: number;
  campaign_id: number;
  name: string;
  sender: string;
  text: string;
  status: string;
  balance: number;
  credit: number;
  currency: string;
  statistics: Record<string, number>;
  calculated_price: number;
  total_price: string;
  total_messages: number;
  start_at: string;
  start_date: string;
  finished_at: string | null;
  created_at: string;
  phone: number;
  parts: number;
  country: string;
  validity: number;
  reference_id: string;
  amount: { value: string; currency: string };
  delivered_at: string | null;
  error: string | null;
  is_default: boolean;
  test?: boolean;
};

/** Calls the API with one key. */
export type Caller = {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
};

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Api = { db: Db; app: App; call(headers: Record<string, string>): Caller };

/** A server on a database of its own, or on one that is given, with a simulator or without; it ends with the test. */
export async function testApi(
  t: TestContext,
  options: Partial<ServerOptions> = {},
  given?: Db,
  simulator?: Simulator,
): Promise<Api> {
  const db = given ?? (await testDatabase(t));
  const app = await buildServer({
    db,
    keys: keySource(db),
    sessions: sessionSource(db),
    signingKey: await sharedSecret(db, 'jwt'),
    log: pino({ level: 'silent' }),
    ...options,
  });
  await addFeatures(app, { db, simulator });
  await app.ready();
  t.after(() => app.close());

  function call(headers: Record<string, string>): Caller {
    async function send(method: Method, url: string, body?: unknown): Promise<Answer> {
      const response = await app.inject({
        method,
        url,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const json = String(response.headers['content-type']).includes('json');
      return {
        status: response.statusCode,
        headers: response.headers,
        text: response.payload,
        body: (json ? JSON.parse(response.payload) : {}) as Body,
      };
    }
    return {
      get: (path) => send('GET', path),
      post: (path, body) => send('POST', path, body),
      put: (path, body) => send('PUT', path, body),
      patch: (path, body) => send('PATCH', path, body),
      delete: (path) => send('DELETE', path),
    };
  }
  return { db, app, call };
}

export type Customer = Caller & { account: Account; key: string; keyId: number };

let customers = 0;

type CustomerOptions = {
  kind?: 'live' | 'test';
  balance?: string;
  role?: 'customer' | 'admin';
  keyOptions?: KeyOptions;
};

/** An account with money and a key, and how it calls the API. */
export async function customer(api: Api, options: CustomerOptions = {}): Promise<Customer> {
  const { kind = 'live', balance = '100', role = 'customer', keyOptions } = options;
  customers += 1;
  const account = await createAccount(api.db, { name: `${role} ${customers}`, role });
  const { key, id } = await createKey(api.db, account.id, kind, keyOptions);
  if (balance !== '0') await topUp(api.db, account.id, parseAmount(balance), 'test');
  return { ...api.call({ 'x-api-key': key }), account, key, keyId: id };
}

/** An administrator, whose key may do everything unless `allowed` says less. */
export function admin(api: Api, allowed: readonly Scope[] = scopes): Promise<Customer> {
  return customer(api, { role: 'admin', balance: '0', keyOptions: { scopes: allowed } });
}

/**
 * Asks again and again until it is over, and fails where it is not a second after `since` (of performance.now()). What
 * counts is when it was asked: the answer may wait for what else the machine does.
 */
export async function overWithinSecond(since: number, isOver: () => Promise<boolean>): Promise<void> {
  for (;;) {
    const asked = performance.now();
    if (await isOver()) return;
    assert.ok(asked - since < 1000, 'it goes on after a second');
  }
}
