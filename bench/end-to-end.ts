// The main job at full speed: campaigns of 10,000 numbers created over HTTP, sent over SMPP to a simulator in another
// process, receipts back, everything committed by a PostgreSQL with fsync on. Four processes on one machine.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { openDatabase, startEmbedded } from '../src/db/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { cpuSeconds, parentOf, peakRssMb, postgresCpuSeconds, startProcess } from './processes.ts';

/** As many as one request may name. */
const perCampaign = 10_000;
/** How the simulated operator behaves; as a near and fast one does. */
const latency = '2-10';
const receiptDelay = '50-250';
const sessions = 4;
const windowSize = 2000;
/** How many customers send at once, each one campaign after the other. */
const customers = 1;
/** How often the reports are asked for while sending: often enough to measure, too seldom to disturb. */
const reportEveryMs = 100;
/** How often the end is looked for: it costs the server a request each time. */
const pollMs = 50;
/** A run that takes longer has gone wrong. */
const timeoutMs = 10 * 60_000;

export type EndToEnd = {
  messages: number;
  seconds: number;
  messagesPerSecond: number;
  /** From the first request to the acceptance of the last campaign. */
  acceptSeconds: number;
  /** Milliseconds to accept a request of 10,000 numbers: while nothing is being sent, and while sending. */
  accept10000Ms: { idle: number; median: number };
  reportMs: { p50: number; p99: number; requests: number };
  cpuSeconds: { server: number; simulator: number; postgres: number };
  cpuMicrosecondsPerMessage: { server: number; simulator: number; postgres: number };
  peakRssMb: { server: number; simulator: number };
};

type Report = { status: string; statistics: Record<string, number>; total_messages: number };

/**
 * Runs it once with that many messages, a multiple of 10,000. `progress` hears how many are delivered; CPU profiles
 * of server and simulator are written to `profileFolder`, if there is one.
 */
export async function benchEndToEnd(
  messages: number,
  progress: (done: number) => void,
  profileFolder?: string,
): Promise<EndToEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
  chmodSync(folder, 0o755);
  const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const quiet = { info() {}, warn() {} };
  const embedded = await startEmbedded({ dataDir: join(folder, 'data'), log: quiet });
  const stops: (() => Promise<void>)[] = [() => embedded.stop()];
  try {
    const simulator = await startProcess(
      [
        ...profile,
        'src/main.ts',
        'simulator',
        '--port',
        '0',
        '--latency',
        latency,
        '--receipt-delay',
        receiptDelay,
        '--json',
      ],
      {},
      /"port": (\d+)/,
    );
    stops.push(simulator.stop);
    const server = await startProcess(
      [...profile, 'src/main.ts', 'serve'],
      {
        DATABASE_URL: embedded.connectionString,
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
      /http:\/\/127\.0\.0\.1:(\d+)/,
    );
    stops.push(server.stop);

    const db = await openDatabase({ connectionString: embedded.connectionString, max: 2 });
    stops.push(() => db.close());
    const account = await createAccount(db, { name: 'bench' });
    const { key } = await createKey(db, account.id, 'live');
    await topUp(db, account.id, parseAmount('1000000'), 'bench');
    const { rows } = await db.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    const postmaster = parentOf(rows[0]!.pid);

    const api = caller(server.said[0]!, key);
    // The first campaign warms up code, plans and caches, as the first seconds of a day would.
    await finish(api, [await api.send(numbers(0, perCampaign))], () => {});
    const idleStart = performance.now();
    const warm = await api.send(numbers(1, perCampaign));
    const idle = performance.now() - idleStart;
    await finish(api, [warm], () => {});

    const before = {
      server: cpuSeconds(server.pid),
      simulator: cpuSeconds(simulator.pid),
      postgres: postgresCpuSeconds(postmaster),
    };
    const reportMs: number[] = [];
    const acceptMs: number[] = [];
    const bodies = Array.from({ length: messages / perCampaign }, (_, i) => numbers(2 + i, perCampaign));
    const started = performance.now();
    const campaigns: number[] = [];
    let accepted = 0;
    let over = false;
    const watching = (async () => {
      while (!over) {
        await new Promise((resolve) => setTimeout(resolve, reportEveryMs));
        const id = campaigns.at(-1);
        if (id === undefined) continue;
        const asked = performance.now();
        await api.report(id);
        reportMs.push(performance.now() - asked);
      }
    })();
    let next = 0;
    const customer = async () => {
      while (next < bodies.length) {
        const body = bodies[next++]!;
        const asked = performance.now();
        campaigns.push(await api.send(body));
        acceptMs.push(performance.now() - asked);
      }
    };
    await Promise.all(Array.from({ length: customers }, customer));
    accepted = performance.now();
    await finish(api, campaigns, progress);
    const ended = performance.now();
    over = true;
    await watching;

    const seconds = (ended - started) / 1000;
    const cpu = {
      server: cpuSeconds(server.pid) - before.server,
      simulator: cpuSeconds(simulator.pid) - before.simulator,
      postgres: postgresCpuSeconds(postmaster) - before.postgres,
    };
    const perMessage = (s: number) => round((s * 1e6) / messages, 1);
    return {
      messages,
      seconds: round(seconds, 2),
      messagesPerSecond: Math.round(messages / seconds),
      acceptSeconds: round((accepted - started) / 1000, 2),
      accept10000Ms: { idle: round(idle, 1), median: round(quantile(acceptMs, 0.5), 1) },
      reportMs: {
        p50: round(quantile(reportMs, 0.5), 1),
        p99: round(quantile(reportMs, 0.99), 1),
        requests: reportMs.length,
      },
      cpuSeconds: {
        server: round(cpu.server, 2),
        simulator: round(cpu.simulator, 2),
        postgres: round(cpu.postgres, 2),
      },
      cpuMicrosecondsPerMessage: {
        server: perMessage(cpu.server),
        simulator: perMessage(cpu.simulator),
        postgres: perMessage(cpu.postgres),
      },
      peakRssMb: { server: peakRssMb(server.pid), simulator: peakRssMb(simulator.pid) },
    };
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Api = { send(body: string): Promise<number>; report(id: number): Promise<Report> };

function caller(url: string, key: string): Api {
  const headers = { 'content-type': 'application/json', 'x-api-key': key };
  return {
    async send(body) {
      const answer = await fetch(`${url}/api/campaigns/sms/send`, { method: 'POST', headers, body });
      if (answer.status !== 200) throw new Error(`send: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { data: { id: number } }).data.id;
    },
    async report(id) {
      const answer = await fetch(`${url}/api/campaigns/${id}/detail`, { headers });
      if (answer.status !== 200) throw new Error(`report: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { data: Report }).data;
    },
  };
}

// Ends when every message of these campaigns is delivered; anything else is a fault of the run.
async function finish(api: Api, campaigns: number[], progress: (done: number) => void): Promise<void> {
  const open = new Set(campaigns);
  const delivered = new Map<number, number>();
  const deadline = performance.now() + timeoutMs;
  while (open.size > 0) {
    for (const id of open) {
      const report = await api.report(id);
      const sum = Object.values(report.statistics).reduce((a, b) => a + b, 0);
      if (sum !== report.total_messages)
        throw new Error(`campaign ${id}: ${sum} of ${report.total_messages} counted`);
      delivered.set(id, report.statistics.delivered ?? 0);
      if (report.statistics.delivered !== report.total_messages) break; // they end in their order, more or less
      open.delete(id);
    }
    progress([...delivered.values()].reduce((a, b) => a + b, 0));
    if (performance.now() > deadline)
      throw new Error(`not delivered in time: campaigns ${[...open].join(', ')}`);
    if (open.size > 0) await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** The body of a campaign to numbers of its own, none of them magic: they end in 100 to 999. */
function numbers(campaign: number, count: number): string {
  const phones: string[] = [];
  for (let i = 0; i < count; i++) {
    const thousand = campaign * 12 + Math.floor(i / 900);
    phones.push(`{"number":${380_500_000_000 + thousand * 1000 + 100 + (i % 900)}}`);
  }
  return `{"phones":[${phones.join(',')}],"sender":"Carillon","text":"Your parcel is at the door of flat ${campaign}."}`;
}

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
