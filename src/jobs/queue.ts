// Asks for a job. Called by features, usually in the transaction that makes what the job is about.

import type pg from 'pg';

/**
 * Adds a job that runs as soon as the transaction is committed, or never if it is not.
 *
 * @param name of the task, as in src/tasks.ts
 * @param payload what the task is given; JSON
 * @param options `key`: a job of the same key that has not begun is replaced by this one
 */
export async function addJob(
  sql: Pick<pg.ClientBase, 'query'>,
  name: string,
  payload: object,
  options: { key?: string; tries?: number } = {},
): Promise<void> {
  await sql.query(
    'select graphile_worker.add_job($1, payload := $2::json, max_attempts := $3, job_key := $4)',
    [name, JSON.stringify(payload), options.tries ?? 10, options.key ?? null],
  );
}
