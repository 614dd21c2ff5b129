// Serves the file of a finished job, as it is kept: piece by piece, unpacked only for who does not take gzip. Called by
// the routes.

import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../db/index.ts';
import { Refusal } from '../http/index.ts';
import { chunksOf, type ExportJob } from './store.ts';

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Answers with the file; 409 where it is not finished. */
export function sendFile(db: Db, job: ExportJob, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (job.status !== 'done') {
    throw new Refusal(409, 'export_not_done', `The file is not there: the job is ${job.status}.`);
  }
  reply
    .type(types[job.format])
    .header('content-disposition', `attachment; filename="messages-${job.id}.${job.format}"`)
    .header('cache-control', 'private, no-store');
  const chunks = Readable.from(chunksOf(db, job.id), { objectMode: false });
  if (job.format === 'xlsx') return reply.header('content-length', job.size).send(chunks);
  reply.header('vary', 'accept-encoding');
  if (takesGzip(request.headers['accept-encoding']))
    return reply.header('content-encoding', 'gzip').send(chunks);
  const unpacked = createGunzip();
  chunks.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => chunks.destroy());
  return reply.header('content-length', job.size).send(chunks.pipe(unpacked));
}

function takesGzip(accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '')
    .split(',')
    .some((each) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(each));
}
