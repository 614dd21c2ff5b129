// Writes the file of an export job: messages in slices, lines, gzip, pieces in the database; at no moment more than a
// few of each in memory. The task that src/tasks.ts lists. A job whose process died begins anew, and only a whole file
// is offered.

import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Db, newClient } from '../db/index.ts';
import { byteOrderMark, csvLine } from './csv.ts';
import { header, type Line, linesOf } from './line.ts';
import { countMessages, readSlice, slicesOf } from './select.ts';
import { addChunk, beginJob, type ExportJob, failJob, finishJob, JobGone, noteProgress } from './store.ts';
import { xlsxStream } from './xlsx.ts';

/** A piece of a file: read whole by whoever serves it. */
const chunkOctets = 512 * 1024;
/** The quickest: files are read once or twice, and are a fifth of their size all the same. */
const gzipLevel = 1;

/** What a task is given: see src/jobs/task.ts. */
export type Work = { db: Db; signal: AbortSignal; last: boolean };

/** Writes the file of a job, unless the job is finished or deleted. May be run again after any failure. */
export async function writeExport(id: number, { db, signal, last }: Work): Promise<void> {
  const job = await beginJob(db, id);
  if (job === undefined) return;
  try {
    await writeFile(db, job, signal);
  } catch (error) {
    if (error instanceof JobGone) return;
    if (last && !signal.aborted) await failJob(db, job, 'The file could not be written: try again.');
    throw error;
  }
}

async function writeFile(db: Db, job: ExportJob, signal: AbortSignal): Promise<void> {
  const client = await newClient(db, { application_name: 'carillon export' });
  client.on('error', () => {}); // the query in work says it as well
  const progress = { total: 0, seen: 0, rows: 0 };
  try {
    progress.total = await countMessages(client, job.accountId, job.request);

    async function* batches(): AsyncGenerator<Line[]> {
      for await (const slice of slicesOf(client, job.accountId, job.request)) {
        await noteProgress(db, job, progress);
        for await (const batch of readSlice(client, slice, job.request)) {
          const lines = [...linesOf(batch, slice.campaigns, job.request)];
          progress.rows += lines.length;
          yield lines;
        }
        progress.seen += slice.size;
      }
    }

    let size = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _, done) {
        size += chunk.length;
        done(null, chunk);
      },
    });
    const keep = (chunks: AsyncIterable<Buffer>) => keepChunks(db, job, chunks);
    if (job.format === 'csv') {
      const text = Readable.from(csvTexts(batches(), job.request.bom), {
        objectMode: false,
        highWaterMark: 1 << 18,
      });
      await pipeline(text, counted, createGzip({ level: gzipLevel }), keep, { signal });
    } else {
      await pipeline(xlsxStream(batches()), counted, new PassThrough(), keep, { signal });
    }
    await finishJob(db, job, progress.rows, size);
  } finally {
    await client.end().catch(() => {});
  }
}

async function* csvTexts(batches: AsyncIterable<readonly Line[]>, bom: boolean): AsyncGenerator<string> {
  yield (bom ? byteOrderMark : '') + csvLine(header.map(({ name }) => name));
  for await (const lines of batches) {
    if (lines.length > 0) yield lines.map(csvLine).join('');
  }
}

async function keepChunks(db: Db, job: ExportJob, chunks: AsyncIterable<Buffer>): Promise<void> {
  let waiting: Buffer[] = [];
  let octets = 0;
  let seq = 0;
  const flush = async () => {
    await addChunk(db, job, seq++, Buffer.concat(waiting));
    waiting = [];
    octets = 0;
  };
  for await (const chunk of chunks) {
    waiting.push(chunk);
    octets += chunk.length;
    if (octets >= chunkOctets) await flush();
  }
  if (octets > 0) await flush();
}
