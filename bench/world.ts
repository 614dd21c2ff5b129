// A Carillon to measure: an embedded PostgreSQL with fsync on, a simulator and a server in processes of their own, and a
// customer with money. Called by each benchmark that needs a whole installation.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import type { Buyer } from '../src/campaigns/index.ts';
import { type Db, openDatabase, startEmbedded } from '../src/db/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { cpuSeconds, parentOf, postgresCpuSeconds, type Running, startProcess } from './processes.ts';

/** How the simulated operator behaves; as a near and fast one does. */
const latency = '2-10';
const receiptDelay = '50-250';
const sessions = 4;
const windowSize = 2000;

/** CPU seconds used so far. */
export type Cpu = { server: number; simulator: number; postgres: number };

/** A campaign's report, as far as benchmarks read it. */
export type Report = {
  status: string;
  statistics: Record<string, number>;
  total_messages: number;
  total_price: string;
};

export type Api = {
  /** Posts a campaign and returns its id. */
  send(body: string): Promise<number>;
  report(id: number): Promise<Report>;
};

/** How many processes of each role there are; without it, one process has both. */
export type Layout = { dispatchers: number; apis: number };

export type World = {
  db: Db;
  /** The process with both roles, or the first that dispatches. */
  server: Running;
  dispatchers: Running[];
  /** Of each process of the API. */
  urls: string[];
  simulator: Running;
  buyer: Buyer;
  api: Api;
  /** The buyer's key, and a request with it whose answer is JSON of status 200. */
  key: string;
  call(url: string, request?: RequestInit): Promise<unknown>;
  cpu(): Cpu;
  stop(): Promise<void>;
};

/** Starts it; CPU profiles of server and simulator are written to `profileFolder`, if there is one. */
export async function startWorld({
  profileFolder,
  layout,
}: {
  profileFolder?: string | undefined;
  layout?: Layout | undefined;
} = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
  chmodSync(folder, 0o755);
  const stops: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (let end = stops.pop(); end !== undefined; end = stops.pop()) await end();
  };
  try {
    const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    const embedded = await startEmbedded({ dataDir: join(folder, 'data'), log: { info() {}, warn() {} } });
    stops.push(() => embedded.stop());
    const behaviour = ['--port', '0', '--latency', latency, '--receipt-delay', receiptDelay];
    const simulator = await startProcess(
      [...profile, 'src/main.ts', 'simulator', ...behaviour, '--json'],
      {},
      /"port": (\d+)/,
    );
    stops.push(simulator.stop);
    const serve = async (roles: string) => {
      const server = await startProcess(
        [...profile, 'src/main.ts', 'serve', '--json'],
        {
          DATABASE_URL: embedded.connectionString,
          ROLES: roles,
          PORT: '0',
          SIMULATOR: 'off',
          LOG_LEVEL: 'info',
          OPERATOR_HOST: '127.0.0.1',
          OPERATOR_PORT: simulator.said[1]!,
          OPERATOR_SYSTEM_ID: 'bench',
          OPERATOR_PASSWORD: 'bench',
          OPERATOR_SESSIONS: String(sessions),
          OPERATOR_WINDOW: String(windowSize),
        },
        /^\{.*"roles".*\}$/m,
      );
      stops.push(server.stop);
      return server;
    };
    const both: Running[] = [];
    const dispatchers: Running[] = [];
    const apis: Running[] = [];
    if (layout === undefined) both.push(await serve('api,dispatch,jobs'));
    for (let i = 0; i < (layout?.dispatchers ?? 0); i += 1) dispatchers.push(await serve('dispatch'));
    for (let i = 0; i < (layout?.apis ?? 0); i += 1) apis.push(await serve('api'));
    const servers = [...both, ...dispatchers, ...apis];
    const urls = [...both, ...apis].map(({ said }) => (JSON.parse(said[0]) as { url: string }).url);
    const db = await openDatabase({ connectionString: embedded.connectionString, max: 2 });
    stops.push(() => db.close());
    const account = await createAccount(db, { name: 'bench' });
    const { id: keyId, key } = await createKey(db, account.id, 'live');
    await topUp(db, account.id, parseAmount('10000000'), 'bench');
    const { rows } = await db.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    const postmaster = parentOf(rows[0]!.pid);
    const { currency, tariffId } = account;
    return {
      ...{ db, simulator, stop },
      server: servers[0]!,
      dispatchers: [...both, ...dispatchers],
      urls,
      buyer: { accountId: account.id, keyId, kind: 'live', currency, tariffId },
      api: caller(urls, key),
      key,
      call: (url, request) => call(url, key, request),
      cpu: () => ({
        server: servers.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
        simulator: cpuSeconds(simulator.pid),
        postgres: postgresCpuSeconds(postmaster),
      }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function call(url: string, key: string, request: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(url, { ...request, headers: { ...request.headers, 'x-api-key': key } });
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Asks the processes of the API in turn. */
function caller(urls: readonly string[], key: string): Api {
  let turn = 0;
  const next = () => urls[turn++ % urls.length]!;
  const headers = { 'content-type': 'application/json', 'x-api-key': key };
  return {
    async send(body) {
      const answer = await fetch(`${next()}/api/campaigns/sms/send`, { method: 'POST', headers, body });
      if (answer.status !== 200) throw new Error(`send: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { data: { id: number } }).data.id;
    },
    async report(id) {
      const answer = await fetch(`${next()}/api/campaigns/${id}/detail`, { headers });
      if (answer.status !== 200) throw new Error(`report: ${answer.status} ${await answer.text()}`);
      return checked(id, ((await answer.json()) as { data: Report }).data);
    },
  };
}

/** The counters must add up at any moment; anything else is a fault of the run. */
export function checked(id: number, report: Report): Report {
  const sum = Object.values(report.statistics).reduce((a, b) => a + b, 0);
  if (sum === report.total_messages) return report;
  throw new Error(`campaign ${id}: ${sum} of ${report.total_messages} messages counted`);
}

/** Numbers of a campaign's own, none of them magic: they end in 100 to 999. */
export function ordinaryNumbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i;
    return 380_500_000_000 + Math.floor(n / 900) * 1000 + 100 + (n % 900);
  });
}

/** The value below which a part `q` of these lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
