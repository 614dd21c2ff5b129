// The SQL of imports: their rows, as their authors see them and as the job changes them. Called by everything here.

import type pg from 'pg';
import { conditions, type Db } from '../db/index.ts';
import { notFound, type Page } from '../http/index.ts';
import type { Delimiter, Encoding, TableFormat } from '../tables/index.ts';
import { limits } from './limits.ts';
import type { ImportKind, ImportOptions } from './options.ts';

/** A pool or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export const importStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type ImportState = (typeof importStates)[number];

/** How a file is written, as it was found out. */
export type FileFormat = {
  format: TableFormat;
  gzip: boolean;
  encoding: Encoding;
  delimiter: Delimiter | null;
  header: boolean;
  columns: string[];
};

export type ImportRow = {
  id: number;
  accountId: number;
  kind: ImportKind;
  state: ImportState;
  fileName: string | null;
  campaignId: number | null;
  options: ImportOptions;
  format: FileFormat;
  bytes: number;
  lines: number;
  bytesRead: number;
  rowsRead: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  stopped: number;
  created: number;
  error: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

const columns = `id, account_id as "accountId", kind, state, file_name as "fileName", campaign_id as "campaignId",
  options, format, bytes, lines, bytes_read as "bytesRead", rows_read as "rowsRead", accepted, rejected, duplicates,
  stopped, created, error, created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`;

/** One import of an account; 404 where there is none. Uploads that have not ended are nobody's yet. */
export async function findImport(sql: Queryable, accountId: number, id: number): Promise<ImportRow> {
  const { rows } = await sql.query<ImportRow>(
    `select ${columns} from import where id = $1 and account_id = $2 and state <> 'uploading'`,
    [id, accountId],
  );
  if (rows[0] === undefined) throw notFound('import');
  return rows[0];
}

/** A page of an account's imports, the newest first, and how many there are. */
export async function selectImports(
  db: Db,
  accountId: number,
  filter: { kind: ImportKind | undefined; state: ImportState | undefined; campaignId: number | undefined },
  page: Page,
): Promise<{ rows: ImportRow[]; total: number }> {
  const chosen = conditions();
  chosen.where((p) => `account_id = ${p}`, accountId);
  chosen.where((p) => `kind = ${p}`, filter.kind);
  chosen.where((p) => `state = ${p}`, filter.state);
  chosen.where((p) => `campaign_id = ${p}`, filter.campaignId);
  const from = `from import where ${chosen.sql} and state <> 'uploading'`;
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<ImportRow>(
      `select ${columns} ${from} order by id desc limit ${page.limit} offset ${page.offset}`,
      chosen.values,
    ),
    db.pool.query<{ total: number }>(`select count(*) as total ${from}`, chosen.values),
  ]);
  return { rows, total: totals.rows[0]!.total };
}

/** Takes an import for a job: it runs from now on. Undefined where it is over. */
export async function startImport(sql: Queryable, id: number): Promise<ImportRow | undefined> {
  const { rows } = await sql.query<ImportRow>(
    `update import set state = 'running', started_at = coalesce(started_at, now())
     where id = $1 and state in ('waiting', 'running') returning ${columns}`,
    [id],
  );
  return rows[0];
}

/** What a job has done so far. */
export type Progress = Pick<
  ImportRow,
  'bytesRead' | 'rowsRead' | 'accepted' | 'rejected' | 'duplicates' | 'stopped' | 'created'
>;

export const noProgress = (): Progress => ({
  ...{ bytesRead: 0, rowsRead: 0, accepted: 0, rejected: 0, duplicates: 0, stopped: 0, created: 0 },
});

/** Writes down how far a job is; false where the import has been cancelled. */
export async function updateProgress(sql: Queryable, id: number, progress: Progress): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'update-import',
    text: `update import set bytes_read = $2, rows_read = $3, accepted = $4, rejected = $5, duplicates = $6,
        stopped = $7, created = $8
      where id = $1 and state = 'running'`,
    values: [
      ...[
        id,
        progress.bytesRead,
        progress.rowsRead,
        progress.accepted,
        progress.rejected,
        progress.duplicates,
      ],
      ...[progress.stopped, progress.created],
    ],
  });
  return rowCount === 1;
}

/** Ends an import and deletes its file. False where it had ended before. */
export async function finishImport(
  sql: Queryable,
  id: number,
  state: 'done' | 'failed' | 'cancelled',
  error: string | null = null,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `with over as (
       update import set state = $2, error = $3, finished_at = now()
       where id = $1 and state in ('waiting', 'running') returning id
     ), emptied as (delete from import_chunk where import_id in (select id from over))
     select from over`,
    [id, state, error],
  );
  return rowCount === 1;
}

/** Deletes uploads that were given up, and rejected rows that nobody will look at any more. Run by the clean-up. */
export async function deleteStale(db: Db): Promise<void> {
  await db.pool.query(
    `delete from import where state = 'uploading' and touched_at < now() - make_interval(mins => $1)`,
    [limits.uploadMinutes],
  );
  await db.pool.query(
    `delete from import_rejection where import_id in
       (select id from import where finished_at < now() - make_interval(days => $1))`,
    [limits.rejectionDays],
  );
}
