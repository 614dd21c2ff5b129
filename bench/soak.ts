// A file of a million rows with texts of their own: uploaded, ready to be sent, sent, and exported; how long each takes
// and what the server's memory does meanwhile. Called by bench.ts.

import { Readable } from 'node:stream';
import { rssMb } from './processes.ts';
import { ordinaryNumbers, round, startWorld, type World } from './world.ts';

const timeoutMs = 30 * 60_000;
const rssEveryMs = 250;
const pollMs = 50;
/** Rows of the file that are made at once. */
const rowsPerPiece = 10_000;
const text = 'Hello {name|friend}, your order {order} is ready in {city}.';

export type Soak = {
  rows: number;
  /** From the first byte of the upload: until the whole file was taken in, and until its messages were ready to be sent. */
  uploadSeconds: number;
  readySeconds: number;
  /** From then on until every message was delivered, while the last ones of the import were written. */
  sendSeconds: number;
  messagesPerSecond: number;
  /** From the request until the file was done, and until it was downloaded. */
  exportSeconds: { csv: number; xlsx: number };
  downloadSeconds: number;
  /** The most of the server during each phase. */
  peakRssMb: { start: number; import: number; send: number; csv: number; xlsx: number };
};

/** Does it all and checks the counts: of messages delivered, and of lines exported. */
export async function benchSoak(rows: number): Promise<Soak> {
  const world = await startWorld();
  const watch = watchRss(world.server.pid);
  try {
    const { call, urls } = world;
    const start = watch.peak();
    const begun = performance.now();
    const sent = await call(`${urls[0]}/api/campaigns/sms/import`, upload(rows));
    const { id } = (sent as { data: { id: number } }).data;
    const uploaded = performance.now();
    const report = () => world.api.report(id);
    await until(async () => !['creation'].includes((await report()).status));
    const ready = performance.now();
    const importPeak = watch.peak();
    await until(async () => ((await report()).statistics.delivered ?? 0) === rows);
    const delivered = performance.now();
    const sendPeak = watch.peak();

    const csv = await exportAs(world, id, 'csv');
    const csvPeak = watch.peak();
    const before = performance.now();
    const lines = await countLines(world, csv.url);
    if (lines !== rows + 1) throw new Error(`the export has ${lines} lines for ${rows} messages`);
    const downloadSeconds = round((performance.now() - before) / 1000, 1);
    watch.peak();
    const xlsx = await exportAs(world, id, 'xlsx');
    const seconds = (from: number, to: number) => round((to - from) / 1000, 1);
    return {
      rows,
      uploadSeconds: seconds(begun, uploaded),
      readySeconds: seconds(begun, ready),
      sendSeconds: seconds(ready, delivered),
      messagesPerSecond: Math.round(rows / ((delivered - ready) / 1000)),
      exportSeconds: { csv: csv.seconds, xlsx: xlsx.seconds },
      downloadSeconds,
      peakRssMb: { start, import: importPeak, send: sendPeak, csv: csvPeak, xlsx: watch.peak() },
    };
  } finally {
    watch.stop();
    await world.stop();
  }
}

/** The form with the file, which is made while it is sent. */
function upload(rows: number): RequestInit {
  const boundary = 'carillon-bench';
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  function* body() {
    yield field('sender', 'Carillon');
    yield field('text', text);
    yield `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="rows.csv"\r\n\r\nphone,name,order,city\n`;
    for (let first = 0; first < rows; first += rowsPerPiece) {
      let piece = '';
      for (const [i, phone] of ordinaryNumbers(first, Math.min(rowsPerPiece, rows - first)).entries()) {
        piece += `${phone},Name ${first + i},A-${first + i},City ${(first + i) % 500}\n`;
      }
      yield piece;
    }
    yield `\r\n--${boundary}--\r\n`;
  }
  return {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Readable.toWeb(Readable.from(body())) as ReadableStream,
    duplex: 'half',
  } as RequestInit;
}

async function exportAs({ call, urls }: World, campaignId: number, format: 'csv' | 'xlsx') {
  const begun = performance.now();
  const made = await call(`${urls[0]}/api/stat/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'params', campaign_id: campaignId, format }),
  });
  const url = `${urls[0]}/api/stat/jobs/${(made as { key: string }).key}`;
  await until(async () => {
    const { status } = ((await call(url)) as { data: { status: string } }).data;
    if (status === 'failed') throw new Error('the export failed');
    return status === 'done';
  });
  return { url: `${url}/file`, seconds: round((performance.now() - begun) / 1000, 1) };
}

async function countLines({ key }: World, url: string): Promise<number> {
  const answer = await fetch(url, { headers: { 'x-api-key': key } });
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
  let lines = 0;
  for await (const chunk of answer.body!) for (const byte of chunk) if (byte === 10) lines += 1;
  return lines;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('not done in time');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Looks at a process's memory now and then; `peak` gives the most since it was last asked. */
function watchRss(pid: number) {
  let most = rssMb(pid);
  const timer = setInterval(() => {
    most = Math.max(most, rssMb(pid));
  }, rssEveryMs);
  return {
    peak() {
      const peak = most;
      most = rssMb(pid);
      return peak;
    },
    stop: () => clearInterval(timer),
  };
}
