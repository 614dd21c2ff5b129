// The demo: a real campaign from HTTP request to exact report, on an installation of its own that sends to the
// built-in simulator. Called by demo.ts.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accountByName, createAccount, createKey, topUp } from '../accounts/index.ts';
import { type Carillon, startCarillon } from '../app.ts';
import { loadConfig } from '../config.ts';
import type { Db } from '../db/index.ts';
import { simulatorName } from '../first-operators.ts';
import { createLog } from '../log.ts';
import { parseAmount } from '../money/index.ts';
import { addRoute, listRoutes } from '../operators/index.ts';
import { type ApiAccess, callApi, type Report, readReport, undecided } from './api.ts';
import { exampleCurl } from './curl.ts';
import { demoNumbers, silentCount } from './demo-numbers.ts';
import type { Env } from './environment.ts';
import { say, sayJson } from './output.ts';
import { showProgress } from './progress.ts';
import { untilSignal } from './signals.ts';

export type DemoOptions = { count: number; keep?: boolean; json?: boolean };

const pollMs = 100;
/** Far above the simulator's delays; reached only when something is broken. */
const timeoutMs = 180_000;
/** More than the dearest campaign of the demo costs. */
const topUpTo = parseAmount('5000');

/** Starts an installation of its own, sends, follows, reports, and stops; with `keep`, stops at Ctrl-C. */
export async function runDemo(env: Env, options: DemoOptions): Promise<void> {
  // Nothing of a real installation may be touched: its own database, and no operator but the simulator.
  const unset = { DATABASE_URL: '', ROLES: '', SIMULATOR: '', OPERATOR_HOST: '', OPERATOR_SYSTEM_ID: '' };
  const config = loadConfig(
    { ...env, ...unset },
    { DATA_DIR: join(env.DATA_DIR || './data', 'demo'), LOG_LEVEL: env.LOG_LEVEL || 'warn' },
  );
  const signal = untilSignal();
  const note = options.json ? () => {} : say;
  note('Starting: database, operator simulator, server …');
  let key = '';
  const carillon = await startCarillon(config, {
    log: createLog(config.logLevel),
    threads: true,
    prepare: async (db) => {
      key = await prepare(db);
    },
  });
  try {
    const work = run(carillon, key, options, note);
    const done = await Promise.race([work.then(() => true), signal.then(() => false)]);
    if (!done) {
      // The campaign goes on with the next demo; what the demo itself was doing is of no more interest.
      work.catch(() => {});
      return;
    }
    if (options.keep) {
      note(`\nServing at ${carillon.url} until Ctrl-C. The API to read and try: ${carillon.url}/docs`);
      await signal;
    }
  } finally {
    await carillon.stop();
  }
}

async function run(
  carillon: Carillon,
  key: string,
  { count, keep, json }: DemoOptions,
  note: (line: string) => void,
): Promise<void> {
  const url = carillon.url!;
  if (carillon.port !== carillon.config.port && carillon.config.port !== 0) {
    note(`port ${carillon.config.port} is taken: serving on ${carillon.port} instead`);
  }
  const access = { url, key };
  note(`Serving at ${url}; the simulator listens on 127.0.0.1:${carillon.simulator?.port}`);
  note(`Sending ${count} messages by POST ${url}/api/campaigns/sms/send …\n`);

  const numbers = demoNumbers(count);
  const { body } = await callApi(access, 'POST', '/api/campaigns/sms/send', {
    phones: numbers.map((number) => ({ number })),
    sender: 'Carillon',
    text: 'The bells are ringing: this is a message of the Carillon demo.',
  });
  const { id } = (body as { data: { id: number } }).data;
  const silent = silentCount(numbers);
  const { report, text } = await follow(access, id, silent);
  assertSum(report);

  if (json) return say(text);
  say(`\nGET ${url}/api/campaigns/${id}/detail`);
  sayJson(JSON.parse(text));
  say(`\n${report.total_messages} messages, and the statistics add up to ${sumOf(report)}.`);
  if (silent > 0) {
    say(`${silent} of them stay "sent": their receipts never come (numbers that end in 004).`);
    say('They count as "unknown" once their validity is over.');
  }
  say(
    `\nThe next campaign is yours${keep ? '' : ' (first start the demo again, with: npm run demo -- --keep)'}:`,
  );
  say(exampleCurl(url, key));
}

/** An account with money and a live key, and the simulator as the operator of every number, so that prices are real. */
async function prepare(db: Db): Promise<string> {
  const account = (await accountByName(db, 'demo')) ?? (await createAccount(db, { name: 'demo' }));
  if (account.balance < topUpTo) await topUp(db, account.id, topUpTo, 'demo');
  if ((await listRoutes(db)).length === 0) await addRoute(db, { prefix: '', operator: simulatorName });
  return (await createKey(db, account.id, 'live', { name: 'demo' })).key;
}

/** Watches until every message is final but those whose receipt never comes. */
async function follow(
  access: ApiAccess,
  id: number,
  silent: number,
): Promise<{ report: Report; text: string }> {
  const giveUp = Date.now() + timeoutMs;
  let { report, text } = await readReport(access, id);
  const progress = showProgress(report.total_messages);
  while (undecided(report) > silent || report.status !== 'done') {
    progress.show(report);
    if (Date.now() > giveUp) {
      progress.end();
      throw new Error(
        `the campaign is not over after ${timeoutMs / 1000} s: ${JSON.stringify(report.statistics)}`,
      );
    }
    await delay(pollMs);
    ({ report, text } = await readReport(access, id));
  }
  progress.show(report);
  progress.end();
  return { report, text };
}

function sumOf({ statistics }: Report): number {
  return Object.values(statistics).reduce((sum, count) => sum + count, 0);
}

function assertSum(report: Report): void {
  if (sumOf(report) === report.total_messages) return;
  throw new Error(
    `the statistics sum to ${sumOf(report)}, not to ${report.total_messages}: this is a bug, please report it`,
  );
}
