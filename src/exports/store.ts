// The rows of export jobs and the pieces of their files. Called by the routes and by write.ts.

import { type Db, transaction } from '../db/index.ts';
import { notFound, type Page, tooMany } from '../http/index.ts';
import type { ExportRequest, Format } from './request.ts';

export type JobStatus = 'waiting' | 'running' | 'done' | 'failed';

export type ExportJob = {
  id: number;
  accountId: number;
  request: ExportRequest;
  format: Format;
  status: JobStatus;
  attempt: number;
  total: number;
  seen: number;
  rows: number;
  size: number;
  error: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  expiresAt: Date | null;
};

/** Of one account: jobs that wait or run, and jobs in all. An older finished one makes room for a new one. */
export const mostUnfinished = 3;
export const mostKept = 50;
/** How long a finished job is kept. */
const keptFor = `interval '7 days'`;
const retrySeconds = 10;

const jobColumns = `id, account_id as "accountId", request, format, status, attempt, total, seen, rows, size, error,
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", expires_at as "expiresAt"`;

/** Files a job; `enqueue` asks for its work in the same transaction. 429 where too many are not finished yet. */
export async function createJob(
  db: Db,
  accountId: number,
  { request, format }: { request: ExportRequest; format: Format },
  enqueue: (client: Parameters<Parameters<typeof transaction>[1]>[0], id: number) => Promise<void>,
): Promise<number> {
  return transaction(db, async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtext('export_job'), $1::bigint::integer)", [
      accountId,
    ]);
    const { rows } = await client.query<{ open: number }>(
      `select count(*) filter (where status in ('waiting', 'running'))::integer as open
       from export_job where account_id = $1`,
      [accountId],
    );
    if (rows[0]!.open >= mostUnfinished) {
      throw tooMany(
        'too_many_exports',
        `At most ${mostUnfinished} exports may be unfinished at once: wait for one, or delete it.`,
        retrySeconds,
      );
    }
    await client.query(
      `delete from export_job where id in (
         select id from export_job where account_id = $1 and status in ('done', 'failed')
         order by id desc offset ${mostKept - mostUnfinished})`,
      [accountId],
    );
    const { rows: made } = await client.query<{ id: number }>(
      'insert into export_job (account_id, request, format) values ($1, $2, $3) returning id',
      [accountId, JSON.stringify(request), format],
    );
    await enqueue(client, made[0]!.id);
    return made[0]!.id;
  });
}

/** A page of an account's jobs, the newest first. */
export async function listJobs(
  db: Db,
  accountId: number,
  page: Page,
): Promise<{ jobs: ExportJob[]; total: number }> {
  const [{ rows }, counted] = await Promise.all([
    db.pool.query<ExportJob>(
      `select ${jobColumns} from export_job where account_id = $1 order by id desc limit $2 offset $3`,
      [accountId, page.limit, page.offset],
    ),
    db.pool.query<{ n: number }>('select count(*)::integer as n from export_job where account_id = $1', [
      accountId,
    ]),
  ]);
  return { jobs: rows, total: counted.rows[0]!.n };
}

/** One job of an account; 404 where it has none of this id. */
export async function findJob(db: Db, accountId: number, id: number): Promise<ExportJob> {
  const { rows } = await db.pool.query<ExportJob>(
    `select ${jobColumns} from export_job where account_id = $1 and id = $2`,
    [accountId, id],
  );
  if (rows[0] === undefined) throw notFound('job');
  return rows[0];
}

/** Deletes a job with its file; one that runs notices, and stops. 404 where there is none. */
export async function deleteJob(db: Db, accountId: number, id: number): Promise<void> {
  const { rowCount } = await db.pool.query('delete from export_job where account_id = $1 and id = $2', [
    ...[accountId, id],
  ]);
  if (rowCount === 0) throw notFound('job');
}

/** Deletes the jobs whose time is over. Returns how many. */
export async function deleteExpired(db: Db): Promise<number> {
  return (await db.pool.query('delete from export_job where expires_at < now()')).rowCount ?? 0;
}

/** Begins a job, anew where somebody had begun it, without what was written of it; undefined where it is not to do. */
export async function beginJob(db: Db, id: number): Promise<ExportJob | undefined> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<ExportJob>(
      `update export_job set status = 'running', started_at = coalesce(started_at, now()), attempt = attempt + 1,
         seen = 0, rows = 0, size = 0, stored = 0
       where id = $1 and status in ('waiting', 'running') returning ${jobColumns}`,
      [id],
    );
    if (rows[0] !== undefined) await client.query('delete from export_chunk where job_id = $1', [id]);
    return rows[0];
  });
}

/** The job was deleted, or somebody else has begun it anew. */
export class JobGone extends Error {}

/** Keeps a piece of a file. Throws JobGone where the job is no longer ours. */
export async function addChunk(db: Db, { id, attempt }: ExportJob, seq: number, data: Buffer): Promise<void> {
  const { rowCount } = await db.pool.query({
    name: 'add-export-chunk',
    text: `
with job as (
  update export_job set stored = stored + octet_length($4::bytea)
  where id = $1 and attempt = $2 and status = 'running' returning id
)
insert into export_chunk (job_id, seq, data) select id, $3, $4 from job`,
    values: [id, attempt, seq, data],
  });
  if (rowCount === 0) throw new JobGone();
}

/** Says how far a job is. Throws JobGone where the job is no longer ours. */
export async function noteProgress(
  db: Db,
  { id, attempt }: ExportJob,
  { total, seen, rows }: { total: number; seen: number; rows: number },
): Promise<void> {
  const { rowCount } = await db.pool.query(
    `update export_job set total = $3, seen = $4, rows = $5 where id = $1 and attempt = $2 and status = 'running'`,
    [id, attempt, total, seen, rows],
  );
  if (rowCount === 0) throw new JobGone();
}

/** Offers the file. */
export async function finishJob(
  db: Db,
  { id, attempt }: ExportJob,
  rows: number,
  size: number,
): Promise<void> {
  await db.pool.query(
    `update export_job set status = 'done', finished_at = now(), expires_at = now() + ${keptFor}, rows = $3, size = $4,
       seen = total
     where id = $1 and attempt = $2 and status = 'running'`,
    [id, attempt, rows, size],
  );
}

/** Gives a job up, and what was written of it. */
export async function failJob(db: Db, { id, attempt }: ExportJob, error: string): Promise<void> {
  await transaction(db, async (client) => {
    const { rowCount } = await client.query(
      `update export_job set status = 'failed', finished_at = now(), expires_at = now() + ${keptFor}, error = $3
       where id = $1 and attempt = $2`,
      [id, attempt, error],
    );
    if (rowCount === 1) await client.query('delete from export_chunk where job_id = $1', [id]);
  });
}

/** The pieces of a file, one at a time. */
export async function* chunksOf(db: Db, id: number): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq++) {
    const { rows } = await db.pool.query<{ data: Buffer }>({
      name: 'export-chunk',
      text: 'select data from export_chunk where job_id = $1 and seq = $2',
      values: [id, seq],
    });
    if (rows[0] === undefined) return;
    yield rows[0].data;
  }
}
