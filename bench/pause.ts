// Pauses one campaign of a million messages in its middle, resumes it and stops it, and measures how long each takes to
// have its effect at the operator; then proves with the doctor that everything adds up. Takes about two minutes, and
// ends by itself. Engine and API run in a process of their own, as with `npm start`; the operator runs in this one.
//
//   node bench/pause.ts                      a million messages; prints a table
//   node bench/pause.ts --messages 100000    fewer
//   node bench/pause.ts --json               prints JSON

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { type Db, openDatabase, startEmbedded } from '../src/db/index.ts';
import { examine } from '../src/doctor/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { startSimulator } from '../src/simulator/index.ts';
import { createLargeCampaign } from './large-campaign.ts';
import { peakRssMb, startProcess } from './processes.ts';
import { ordinaryNumbers } from './world.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
  },
});
/** Few enough for the memory of a small machine, enough for there to be a middle. */
const messages = Math.min(2_000_000, Math.max(10_000, Math.round(Number(values.messages)) || 0));

/** The operator of the main job's bench. */
const operator = { latencyMs: { min: 2, max: 10 }, receiptDelayMs: { min: 50, max: 250 } };
const sessions = 4;
const windowSize = 2000;
/** When it is paused, and stopped, as a part of all messages. */
const pauseAt = 0.4;
const stopAt = 0.5;
/** Nothing has left for so long: it is paused. What is promised is a second. */
const silenceMs = 3000;
/** How often the operator's count is looked at. */
const lookMs = 1;
/** How often the report is. */
const pollMs = 50;
/** Any one step that takes longer has gone wrong. */
const timeoutMs = 5 * 60_000;

type Report = { status: string; statistics: Record<string, number>; total_messages: number };

const folder = mkdtempSync(join(tmpdir(), 'carillon-pause-'));
chmodSync(folder, 0o755);
const stops: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
try {
  await run();
} finally {
  for (const stop of stops.reverse()) await stop();
}

async function run(): Promise<void> {
  const quiet = { info() {}, warn() {} };
  const embedded = await startEmbedded({ dataDir: join(folder, 'data'), log: quiet });
  stops.push(() => embedded.stop());
  const simulator = await startSimulator(operator);
  stops.push(() => simulator.stop());
  const server = await startProcess(
    ['src/main.ts', 'serve'],
    {
      DATABASE_URL: embedded.connectionString,
      PORT: '0',
      SIMULATOR: 'off',
      LOG_LEVEL: 'info',
      OPERATOR_HOST: '127.0.0.1',
      OPERATOR_PORT: String(simulator.port),
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

  const submits = () => simulator.stats().submits;
  const created = performance.now();
  const { id, key } = await createCampaign(db);
  say(`campaign of ${messages} created in ${seconds(created)} s`);
  const call = caller(server.said[0]!, key, id);

  // The first request of a process takes its time.
  await call('detail');

  const started = performance.now();
  await until('the middle', lookMs, () => submits() >= messages * pauseAt);
  say(`${submits()} left in ${seconds(started)} s: pausing`);

  const asked = performance.now();
  const before = submits();
  const answering = call('pause').then(() => performance.now() - asked);
  let last = { count: before, at: asked };
  await until('silence', lookMs, () => {
    const now = performance.now();
    if (submits() !== last.count) last = { count: submits(), at: now };
    return now - last.at > silenceMs;
  });
  const pause = {
    answeredMs: round(await answering),
    lastSubmitMs: round(last.at - asked),
    submitsAfter: last.count - before,
  };
  const paused = await call('detail');
  if (paused.status !== 'paused') throw new Error(`paused, but the report says ${paused.status}`);

  say(`silent after ${pause.lastSubmitMs} ms: resuming`);
  const again = performance.now();
  const resuming = call('resume').then(() => performance.now() - again);
  await until('the first submit_sm', lookMs, () => submits() > last.count);
  const resume = { firstSubmitMs: round(performance.now() - again), answeredMs: round(await resuming) };

  await until('the place to stop', lookMs, () => submits() >= messages * stopAt);
  say(`${submits()} left: stopping`);
  const ending = performance.now();
  await call('stop');
  const stopAnsweredMs = round(performance.now() - ending);
  let report = await call('detail');
  await until('what was left to be cancelled', pollMs, async () => {
    report = await call('detail');
    return (report.statistics.sending ?? 0) === 0;
  });
  const stop = { answeredMs: stopAnsweredMs, cancelledMs: round(performance.now() - ending) };
  await until('the receipts', pollMs, async () => {
    report = await call('detail');
    return (report.statistics.sent ?? 0) === 0;
  });

  const { failed = 0, delivered = 0 } = report.statistics;
  const left = submits();
  say('examining the database');
  const { breaches } = await examine(db);
  const result = {
    messages,
    pause,
    resume,
    stop: { ...stop, cancelled: failed },
    delivered,
    submits: left,
    // Nothing was sent twice, nothing was lost, and what was cancelled had not left.
    exact: left === delivered && delivered + failed === messages,
    doctor: breaches,
    peakRssMb: peakRssMb(server.pid),
  };
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else table(result);
  if (!result.exact || breaches.length > 0) process.exitCode = 1;
}

/** A customer with one campaign of all messages, which no request may name. */
async function createCampaign(db: Db): Promise<{ id: number; key: string }> {
  const { id: accountId, currency, tariffId } = await createAccount(db, { name: 'bench' });
  const { id: keyId, key } = await createKey(db, accountId, 'live');
  await topUp(db, accountId, parseAmount('10000000'), 'bench');
  const buyer = { accountId, keyId, kind: 'live', currency, tariffId } as const;
  return { id: await createLargeCampaign(db, buyer, ordinaryNumbers(0, messages)), key };
}

function caller(url: string, key: string, id: number) {
  return async (what: 'pause' | 'resume' | 'stop' | 'detail'): Promise<Report> => {
    const answer = await fetch(`${url}/api/campaigns/${id}/${what}`, {
      method: what === 'detail' ? 'GET' : 'PATCH',
      headers: { 'x-api-key': key },
    });
    if (answer.status !== 200) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { data: Report }).data;
  };
}

async function until(
  what: string,
  everyMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function round(ms: number): number {
  return Math.round(ms);
}

type Result = {
  pause: { answeredMs: number; lastSubmitMs: number; submitsAfter: number };
  resume: { firstSubmitMs: number };
  stop: { answeredMs: number; cancelledMs: number; cancelled: number };
  delivered: number;
  submits: number;
  exact: boolean;
  doctor: unknown[];
  peakRssMb: number;
};

function table({ pause, resume, stop, delivered, submits, exact, doctor, peakRssMb: rss }: Result): void {
  const rows: [string, string][] = [
    ['messages', String(messages)],
    [
      'pause',
      `last submit_sm after ${pause.lastSubmitMs} ms, ${pause.submitsAfter} of them; answered in ${pause.answeredMs} ms`,
    ],
    ['resume', `first submit_sm after ${resume.firstSubmitMs} ms`],
    ['stop', `${stop.cancelled} cancelled within ${stop.cancelledMs} ms; answered in ${stop.answeredMs} ms`],
    ['in the end', `${submits} submitted, ${delivered} delivered: ${exact ? 'each once' : 'NOT each once'}`],
    ['doctor', doctor.length === 0 ? 'finds nothing' : JSON.stringify(doctor)],
    ['peak RSS', `server ${rss} MB`],
  ];
  for (const [name, value] of rows) console.log(`${name.padEnd(12)}${value}`);
}
