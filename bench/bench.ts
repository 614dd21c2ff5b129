// `npm run bench`: measures the main job and prints it as tables; the numbers go to bench/results/latest.json.
//
//   npm run bench                      the whole: about six minutes, most of them to fill a table of 10 million
//   npm run bench -- --only endToEnd   one part, or some: submit, endToEnd, scaling, large, soak
//   npm run bench -- --messages 20000  end to end, another number of messages: a multiple of 10,000
//   npm run bench -- --large 100000 --rows 0   another size of the large campaign, and of the table it is sent on
//   npm run bench -- --smoke           small numbers, to see that everything is right; nothing is written
//   npm run bench -- --only endToEnd --profile DIR   CPU profiles of server and simulator

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchEndToEnd, type EndToEnd } from './end-to-end.ts';
import { benchLarge, type Large } from './large.ts';
import { benchScaling, type Scaling } from './scaling.ts';
import { benchSoak, type Soak } from './soak.ts';
import { benchSubmit, type SubmitBench } from './submit.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string' },
    large: { type: 'string' },
    rows: { type: 'string' },
    only: { type: 'string' },
    profile: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const { smoke, profile } = values;
const count = (given: string | undefined, usual: number, small: number) =>
  given === undefined ? (smoke ? small : usual) : Number(given);
const messages = Math.max(10_000, Math.round(count(values.messages, 100_000, 10_000) / 10_000) * 10_000);
const largeMessages = count(values.large, 1_000_000, 20_000);
const tableRows = count(values.rows, 10_000_000, 20_000);
/** Campaigns under way at once. */
const concurrencies = smoke ? [10] : [1, 10, 100];
const resultFile = new URL('./results/latest.json', import.meta.url);

function progressOf(all: number) {
  return (done: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} delivered `);
  };
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return null;
  }
}

type Row = [name: string, value: string | number];

function table(title: string, rows: Row[]): void {
  if (process.stderr.isTTY) process.stderr.write('\r');
  console.log(`\n${title}`);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`  ${name.padEnd(width)}  ${value}`);
}

function submitRows({ carillon, npmSmpp, carillonCpuUs, npmSmppCpuUs }: SubmitBench): Row[] {
  return [
    ['Carillon', `${carillon} /s, ${carillonCpuUs} us of CPU each`],
    ['npm smpp', `${npmSmpp} /s, ${npmSmppCpuUs} us of CPU each`],
    ['ratio', `${(carillon / npmSmpp).toFixed(1)} times as fast`],
  ];
}

function endToEndRows(e: EndToEnd): Row[] {
  const cpu = e.cpuMicrosecondsPerMessage;
  return [
    ['end to end', `${e.messagesPerSecond} messages/s (${e.messages} in ${e.seconds} s)`],
    [`accept ${e.acceptMs.numbers}`, `${e.acceptMs.idle} ms idle, ${e.acceptMs.median} ms while sending`],
    ['report', `p50 ${e.reportMs.p50} ms, p99 ${e.reportMs.p99} ms (${e.reportMs.requests} requests)`],
    [
      'CPU a message',
      `server ${cpu.server} us, simulator ${cpu.simulator} us, PostgreSQL ${cpu.postgres} us`,
    ],
    ['peak RSS', `server ${e.peakRssMb.server} MB, simulator ${e.peakRssMb.simulator} MB`],
  ];
}

function largeRows({ messagesPerSecond, seconds, rssMb, reportMs, countRowsMs }: Large): Row[] {
  const ratio = (countRowsMs.median / reportMs.p50).toFixed(0);
  return [
    ['end to end', `${messagesPerSecond} messages/s (in ${seconds} s)`],
    ['RSS of the server', `${rssMb.at10} MB at 10 %, ${rssMb.at50} MB at 50 %, ${rssMb.at100} MB at the end`],
    [
      'report',
      `p50 ${reportMs.p50} ms, p99 ${reportMs.p99} ms, worst ${reportMs.worst} ms (${reportMs.requests} requests)`,
    ],
    ['counting its rows', `${countRowsMs.median} ms: ${ratio} times the report`],
  ];
}

function scalingRows({ layouts, takeOver }: Scaling): Row[] {
  const { freedMs, uncertain, limit } = takeOver;
  return [
    ...layouts.map(({ name, messagesPerSecond, cpuMicrosecondsPerMessage: cpu }): Row => {
      return [
        name,
        `${messagesPerSecond} messages/s, CPU a message ${cpu.server} us, PostgreSQL ${cpu.postgres} us`,
      ];
    }),
    [
      'one of two killed',
      `its batches were free after ${freedMs} ms, ${uncertain} messages uncertain (limit ${limit})`,
    ],
  ];
}

function soakRows(s: Soak): Row[] {
  const { peakRssMb: rss } = s;
  return [
    ['upload', `${s.uploadSeconds} s`],
    ['ready to be sent', `${s.readySeconds} s from the first byte`],
    ['sent and delivered', `${s.messagesPerSecond} messages/s (in ${s.sendSeconds} s)`],
    [
      'export',
      `CSV ${s.exportSeconds.csv} s, downloaded in ${s.downloadSeconds} s; XLSX ${s.exportSeconds.xlsx} s`,
    ],
    [
      'peak RSS of the server',
      `${rss.start} MB before, import ${rss.import}, sending ${rss.send}, CSV ${rss.csv}, XLSX ${rss.xlsx}`,
    ],
  ];
}

const only = values.only?.split(',');
const wants = (part: string) => only === undefined || only.includes(part);
const result: Record<string, unknown> = {
  at: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
};
if (wants('submit')) {
  const submit = await benchSubmit(smoke ? { count: 10_000 } : {});
  result.submit = { ...submit, ratio: Number((submit.carillon / submit.npmSmpp).toFixed(1)) };
  table('submit_sm by the client alone, to an operator that does nothing', submitRows(submit));
}
if (wants('endToEnd')) {
  const runs: EndToEnd[] = [];
  for (const atOnce of concurrencies) {
    const run = await benchEndToEnd(messages, atOnce, progressOf(messages), profile);
    runs.push(run);
    table(`${messages} messages, ${atOnce} campaigns at once`, endToEndRows(run));
  }
  result.endToEnd = runs;
}
if (wants('scaling')) {
  const scaling = await benchScaling(messages, smoke);
  result.scaling = scaling;
  table(`${messages} messages in 4 campaigns, processes on one machine`, scalingRows(scaling));
}
if (wants('large')) {
  const large = await benchLarge(largeMessages, tableRows, progressOf(largeMessages));
  result.large = large;
  table(`${largeMessages} messages in one campaign, ${tableRows} others in the table`, largeRows(large));
}
if (wants('soak')) {
  const soak = await benchSoak(largeMessages);
  result.soak = soak;
  table(`A file of ${largeMessages} rows with texts of their own: imported, sent, exported`, soakRows(soak));
}
if (only === undefined && !smoke) {
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true });
  writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
}
if (values.json) console.log(JSON.stringify(result, null, 2));
