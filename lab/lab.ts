// `npm run lab`: faults of every kind while campaigns are sent, and a judgement after each round. See docs/lab.md.
//
//   npm run lab                              a minute of rounds
//   npm run lab -- --faults 1000             until so many faults were injected
//   npm run lab -- --rounds 1 --seed 12345   the round of that seed again
//   npm run lab -- --only kill,op-cut        only these kinds of fault; --list shows all
//   npm run lab -- --faults 1000 --write     the report goes to lab/results/latest.json
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kinds } from './faults.ts';
import type { RoundReport } from './round.ts';
import { type RunReport, run } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    faults: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    'faults-per-round': { type: 'string' },
    'messages-per-round': { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});
const resultFile = new URL('./results/latest.json', import.meta.url);
const defaultSeconds = 60;

function whole(name: 'seed' | 'faults' | 'rounds' | 'seconds' | 'faults-per-round' | 'messages-per-round') {
  const text = values[name];
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`--${name} is a whole number, not ${text}`);
  process.exit(2);
}

function chosenKinds(): string[] {
  const only = values.only?.split(',') ?? [];
  const wrong = only.filter((name) => kinds[name] === undefined);
  if (wrong.length === 0) return only;
  console.error(`there is no kind of fault ${wrong.join(', ')}: --list shows all`);
  process.exit(2);
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return null;
  }
}

function table(report: RunReport): void {
  const rows: [string, string | number][] = [
    ['faults', report.faults],
    ...Object.entries(report.faultsByKind)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([kind, n]): [string, number] => [`  ${kind}`, n]),
    ['rounds', report.rounds],
    ['messages', report.messages],
    ['submits accepted by the operators', report.accepted],
    ['sent again', report.duplicates],
    ['logged as perhaps sent', report.uncertain],
    ['ended as unknown', report.unknown],
    ['longest stall', `${report.longestStallMs} ms`],
    ['longest way to rest after the last fault', `${report.longestRecoveryMs} ms`],
    ['duration', `${report.seconds} s`],
    ['breaches', report.breaches.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
}

if (values.list) {
  for (const [name, { about }] of Object.entries(kinds)) console.log(`${name.padEnd(16)}  ${about}`);
  process.exit(0);
}

/** What the processes of a round with a breach said. */
function keepLogs({ seed, logs }: RoundReport): void {
  if (Object.keys(logs).length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), `carillon-lab-breach-${seed}-`));
  for (const [name, log] of Object.entries(logs)) writeFileSync(join(folder, `${name}.txt`), log);
  console.error(`  what the processes said: ${folder}`);
}

const seed = whole('seed') ?? randomInt(1, 2 ** 31 - 1);
const faults = whole('faults');
const rounds = whole('rounds');
const seconds =
  whole('seconds') ?? (faults === undefined && rounds === undefined ? defaultSeconds : undefined);
const faultsPerRound = whole('faults-per-round');
const messagesPerRound = whole('messages-per-round');
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort());

console.error(`seed ${seed}`);
const report = await run({
  seed,
  ...(faults === undefined ? {} : { faults }),
  ...(rounds === undefined ? {} : { rounds }),
  ...(seconds === undefined ? {} : { seconds }),
  ...(faultsPerRound === undefined ? {} : { faultsPerRound }),
  ...(messagesPerRound === undefined ? {} : { messagesPerRound }),
  only: chosenKinds(),
  signal: controller.signal,
  played: keepLogs,
  say: (what) => {
    if (!values.quiet) console.error(what);
  },
});
const result = {
  at: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  cpus: cpus().length,
  ...report,
};
if (values.json) console.log(JSON.stringify(result, null, 2));
else table(report);
if (report.breaches.length > 0) process.exitCode = 1;
if (values.write && !controller.signal.aborted) {
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true });
  writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
}
if (controller.signal.aborted) process.exitCode = 130;
