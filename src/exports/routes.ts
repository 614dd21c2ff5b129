// HTTP of exports: /api/stat/jobs. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, formatMaybe, formatMoment, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import { addJob } from '../jobs/index.ts';
import { sendFile } from './file.ts';
import { type ExportBody, readRequest } from './request.ts';
import * as schemas from './schemas.ts';
import { createJob, deleteJob, type ExportJob, findJob, listJobs } from './store.ts';

const tags = ['Exports'];
/** A file holds what may be read anyway, so a key that reads may have it made, and deleted. */
const config = { scope: 'read' } as const;

/** Adds the routes to the server. */
export async function exportRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.post(
    '/api/stat/jobs',
    {
      config,
      schema: {
        operationId: 'stat_jobs_create',
        tags,
        summary: 'Have messages written to a file',
        description: 'At most 3 of an account are unfinished at once, and 50 are kept, for 7 days.',
        body: schemas.NewJob,
        response: { 200: schemas.JobAnswer, ...refusals(400, 401, 422, 429) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const asked = readRequest(request.body as ExportBody);
      const id = await createJob(db, accountId, asked, (client, job) => addJob(client, exportTask, { job }));
      return answered(id);
    },
  );

  app.get(
    '/api/stat/jobs',
    {
      schema: {
        operationId: 'stat_jobs_list',
        tags,
        summary: 'The exports of the account, the newest first',
        querystring: schemas.JobQuery,
        response: { 200: schemas.JobList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const page = pageOf(request.query);
      const { jobs, total } = await listJobs(db, identityOf(request).accountId, page);
      return { data: jobs.map(jobResource), meta: metaOf(page, total) };
    },
  );

  app.get(
    '/api/stat/jobs/:id',
    {
      schema: {
        operationId: 'stat_jobs_show',
        tags,
        summary: 'How far an export is; its file with `download=1` or `Accept: text/csv`',
        params: schemas.JobPath,
        querystring: schemas.ShowQuery,
        response: { 200: schemas.OneJob, ...refusals(401, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const job = await findJob(db, identityOf(request).accountId, request.params.id);
      const csv = job.format === 'csv' && /\btext\/csv\b/.test(request.headers.accept ?? '');
      if (request.query.download === 1 || csv) return sendFile(db, job, request, reply);
      return { data: jobResource(job) };
    },
  );

  app.get(
    '/api/stat/jobs/:id/file',
    {
      schema: {
        operationId: 'stat_jobs_file',
        tags,
        summary: 'The file of a finished export',
        params: schemas.JobPath,
        response: refusals(401, 404, 409),
      },
    },
    async (request, reply) => {
      const job = await findJob(db, identityOf(request).accountId, request.params.id);
      return sendFile(db, job, request, reply);
    },
  );

  app.delete(
    '/api/stat/jobs/:id',
    {
      config,
      schema: {
        operationId: 'stat_jobs_delete',
        tags,
        summary: 'Delete an export with its file; one that runs is stopped',
        params: schemas.JobPath,
        response: { 200: schemas.JobAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => {
      await deleteJob(db, identityOf(request).accountId, request.params.id);
      return answered(request.params.id);
    },
  );
}

/** The name of the task in src/tasks.ts. */
const exportTask = 'export';

const answered = (id: number) => ({ error: 0, key: String(id), errorDescription: '' });

function jobResource(job: ExportJob) {
  const { id, request, format, status, total, seen, rows, size, error } = job;
  const part = total === 0 ? 0 : Math.min(99, Math.floor((seen / total) * 100));
  return {
    ...{ id, key: String(id), type: request.ids === undefined ? ('params' as const) : ('message' as const) },
    ...{ format, status, progress: status === 'done' ? 100 : part, rows, size, error },
    url: status === 'done' ? `/api/stat/jobs/${id}/file` : null,
    created_at: formatMoment(job.createdAt),
    started_at: formatMaybe(job.startedAt),
    finished_at: formatMaybe(job.finishedAt),
    expires_at: formatMaybe(job.expiresAt),
  };
}
