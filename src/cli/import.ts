// Uploads a file and watches its import to the end. Called by `campaign send --csv` and `contacts import`.

import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import { type ApiAccess, answerOf, callApi } from './api.ts';
import { say } from './output.ts';

/** An import as the command line reads it. */
type Import = {
  id: number;
  state: string;
  campaign_id: number | null;
  progress: number;
  rows_read: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  stopped: number;
  created: number;
  error: string | null;
};

const pollMs = 500;

/** Sends a form with a file, with a bar while it goes; the server's answer. */
export async function uploadFile(
  access: ApiAccess,
  path: string,
  fields: Record<string, string | undefined>,
  file: string,
): Promise<{ text: string; body: unknown }> {
  const { size } = await stat(file);
  const bar = meter('sent', size);
  const boundary = `carillon-${process.pid}-${Date.now()}`;
  async function* form(): AsyncGenerator<Uint8Array> {
    const part = (head: string, body: string) =>
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}`);
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) yield part(`name="${name}"`, `${value}\r\n`);
    }
    const name = basename(file).replace(/["\r\n]/g, '_');
    yield part(`name="file"; filename="${name}"`, '');
    let sent = 0;
    for await (const bytes of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
      yield bytes as Buffer;
      sent += (bytes as Buffer).length;
      bar.show(sent);
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  try {
    return await answerOf(access, () =>
      fetch(new URL(path, access.url), {
        method: 'POST',
        headers: { 'x-api-key': access.key, 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: Readable.toWeb(Readable.from(form())) as ReadableStream,
        duplex: 'half',
      } as RequestInit),
    );
  } finally {
    bar.end();
  }
}

/** Watches an import to its end, says what became of it, and saves the rejected rows where asked to. */
export async function watchImport(
  access: ApiAccess,
  id: number,
  { json, rejected }: { json: boolean; rejected: string | undefined },
): Promise<boolean> {
  const bar = meter('read', 1000);
  let made: Import;
  let text: string;
  for (;;) {
    const answer = await callApi(access, 'GET', `/api/imports/${id}`);
    text = answer.text;
    made = (answer.body as { data: Import }).data;
    bar.show(Math.round(made.progress * 1000));
    if (!['waiting', 'running'].includes(made.state)) break;
    await delay(pollMs);
  }
  bar.end();
  const { state, error } = made;
  if (json) say(text);
  else {
    say(`import ${id} is ${state}${error === null ? '' : `: ${error}`}`);
    for (const [name, count] of [
      ['rows read', made.rows_read],
      ['accepted', made.accepted],
      ['rejected', made.rejected],
      ['of them repeated numbers', made.duplicates],
      ['of them on the stop list', made.stopped],
    ] as const) {
      if (count > 0 || name === 'rows read') say(`  ${String(count).padStart(10)}  ${name}`);
    }
  }
  if (rejected !== undefined) await saveRejected(access, id, rejected);
  else if (made.rejected > 0 && !json)
    say(`the rejected rows, with their lines: GET /api/imports/${id}/rejected, or --rejected FILE next time`);
  return state === 'done';
}

async function saveRejected({ url, key }: ApiAccess, id: number, file: string): Promise<void> {
  const response = await fetch(new URL(`/api/imports/${id}/rejected`, url), {
    headers: { 'x-api-key': key },
  });
  if (!response.ok || response.body === null)
    throw new Error(`the rejected rows cannot be read: ${response.status}`);
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file));
}

/** A bar on a terminal; elsewhere nothing but the result is written. */
function meter(word: string, total: number) {
  if (!process.stderr.isTTY) return { show(_value: number) {}, end() {} };
  const single = new SingleBar(
    { format: `{bar} {percentage}% ${word}`, stream: process.stderr, hideCursor: true, barsize: 30 },
    Presets.shades_classic,
  );
  single.start(total, 0);
  return { show: (value: number) => single.update(value), end: () => single.stop() };
}
