// A running Carillon in one line: server, engine and simulator in this process, on a database of its own. Used by
// end-to-end tests.
import type { TestContext } from 'node:test';
import { type Account, createAccount, createKey, topUp } from '../../src/accounts/index.ts';
import { type Carillon, type StartOptions, startCarillon } from '../../src/app.ts';
import { loadConfig, type VariableName } from '../../src/config.ts';
import { openDatabase } from '../../src/db/index.ts';
import { createLog } from '../../src/log.ts';
import { parseAmount } from '../../src/money/index.ts';
import { addRoute } from '../../src/operators/index.ts';
import { atEnd } from './at-end.ts';
import { createTestDatabase } from './database.ts';

export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape, and fail loudly on a wrong one
  body: any;
};

export type TestCarillon = Omit<Carillon, 'url' | 'port'> & {
  url: string;
  port: number;
  /** Its DATABASE_URL, for other processes that join in. */
  databaseUrl: string;
  /** A customer with money, whose live messages go to the simulator. */
  account: Account;
  liveKey: string;
  testKey: string;
  /** Calls the API with the live key, unless another (or none: null) is given. */
  call(method: string, path: string, body?: unknown, key?: string | null): Promise<Answer>;
};

export type TestOptions = {
  /** Environment variables, on top of what a test needs. */
  env?: Partial<Record<VariableName, string>>;
  /** How the simulator behaves; quick unless given. */
  simulator?: StartOptions['simulator'];
  /** What the account has to spend. */
  balance?: string;
  /** The address of the database as Carillon is told it, made of the direct one: to put something between them. */
  databaseUrl?: (direct: string) => Promise<string>;
  /** False: no live route, so that live messages fail. */
  routed?: boolean;
};

/** Quick, but not at once: what depends on order is worth meeting. */
const quick = { latencyMs: { min: 0, max: 2 }, receiptDelayMs: { min: 2, max: 20 } };

/** Starts it, and stops it and drops its database when the test ends. LOG_LEVEL=debug shows its log. */
export async function startTestCarillon(t: TestContext, options: TestOptions = {}): Promise<TestCarillon> {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  const env = {
    PORT: '0',
    SIMULATOR_PORT: '0',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...options.env,
  };
  const told = (await options.databaseUrl?.(connectionString)) ?? connectionString;
  const config = loadConfig({ ...env, DATABASE_URL: told });
  const carillon = await startCarillon(config, {
    log: createLog(config.logLevel),
    simulator: options.simulator ?? quick,
    prepare: async (db) => {
      if (options.routed !== false && config.simulator)
        await addRoute(db, { prefix: '', operator: 'simulator' });
    },
  });
  atEnd(t, carillon.stop);

  const { account, liveKey, testKey } = await createCustomer(connectionString, options.balance ?? '1000');
  const { url = '', port = 0 } = carillon;
  return {
    ...carillon,
    ...{ url, port, account, liveKey, testKey, databaseUrl: connectionString },
    call: (method, path, body, key = liveKey) => call(url, method, path, body, key),
  };
}

async function createCustomer(connectionString: string, balance: string) {
  const db = await openDatabase({ connectionString, max: 2 });
  try {
    const { id } = await createAccount(db, { name: 'customer' });
    const account = await topUp(db, id, parseAmount(balance));
    const live = await createKey(db, id, 'live');
    const test = await createKey(db, id, 'test');
    return { account, liveKey: live.key, testKey: test.key };
  } finally {
    await db.close();
  }
}

/** One request to a Carillon, as any client would make it. */
export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  key?: string | null,
): Promise<Answer> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      ...(key ? { 'x-api-key': key } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json ? JSON.parse(text) : undefined,
  };
}
