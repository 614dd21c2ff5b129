// Seeing that somebody waits for a lock. Used by tests that stop others at a certain statement.

import type pg from 'pg';
import type { Db } from '../../src/db/index.ts';
import { waitFor } from './wait-for.ts';

/**
 * Waits until another connection waits for a lock of `holder`. It is asked on a third one: within a transaction,
 * pg_stat_activity goes on showing the connections that were there when it was first read.
 */
export async function waitedFor(db: Db, holder: pg.ClientBase, what: string): Promise<void> {
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  await waitFor(
    async () =>
      (
        await db.pool.query('select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [
          rows[0]!.pid,
        ])
      ).rowCount! > 0,
    { what },
  );
}
