// `npm run bench`: measures the main job and prints it as a table; the numbers go to bench/results/latest.json.
//
//   npm run bench                      the whole: about a minute
//   npm run bench -- --messages 20000  fewer or more messages end to end (a multiple of 10,000)
//   npm run bench -- --only endToEnd   or submit

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchEndToEnd, type EndToEnd } from './end-to-end.ts';
import { benchSubmit } from './submit.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const messages = Math.max(10_000, Math.round(Number(values.messages) / 10_000) * 10_000);
const resultFile = new URL('./results/latest.json', import.meta.url);

function progress(done: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${messages} delivered `);
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return null;
  }
}

function table(rows: [string, string | number][]): void {
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
}

function rowsOf(e: EndToEnd): [string, string | number][] {
  const cpu = e.cpuMicrosecondsPerMessage;
  return [
    ['end to end', `${e.messagesPerSecond} messages/s (${e.messages} in ${e.seconds} s)`],
    ['accept 10,000 numbers', `${e.accept10000Ms.idle} ms idle, ${e.accept10000Ms.median} ms while sending`],
    [
      'report while sending',
      `p50 ${e.reportMs.p50} ms, p99 ${e.reportMs.p99} ms (${e.reportMs.requests} requests)`,
    ],
    [
      'CPU per message',
      `server ${cpu.server} us, simulator ${cpu.simulator} us, PostgreSQL ${cpu.postgres} us`,
    ],
    [
      'CPU',
      `server ${e.cpuSeconds.server} s, simulator ${e.cpuSeconds.simulator} s, PostgreSQL ${e.cpuSeconds.postgres} s`,
    ],
    ['peak RSS', `server ${e.peakRssMb.server} MB, simulator ${e.peakRssMb.simulator} MB`],
  ];
}

const wants = (part: string) => values.only === undefined || values.only === part;
const result: Record<string, unknown> = {
  at: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
};
if (wants('submit')) {
  const submit = await benchSubmit();
  result.submit = { ...submit, ratio: Number((submit.carillon / submit.npmSmpp).toFixed(1)) };
  table([
    ['submit_sm, client alone', `${submit.carillon} /s`],
    [
      'submit_sm, npm smpp',
      `${submit.npmSmpp} /s (Carillon: ${(submit.carillon / submit.npmSmpp).toFixed(1)} times as fast)`,
    ],
  ]);
}
if (wants('endToEnd')) {
  const endToEnd = await benchEndToEnd(messages, progress);
  if (process.stderr.isTTY) process.stderr.write('\r');
  result.endToEnd = endToEnd;
  table(rowsOf(endToEnd));
}
if (values.only === undefined) {
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true });
  writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
}
if (values.json) console.log(JSON.stringify(result, null, 2));
