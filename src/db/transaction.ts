// A transaction on a connection of the pool. Called by every feature that writes more than one row.
import type pg from 'pg';
import type { Db } from './connection.ts';

/**
 * Runs `fn` in one transaction and returns what it returns; any error rolls everything back and is thrown on.
 * Never retried: whoever needs that knows what may be done twice.
 */
export async function transaction<T>(db: Db, fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await fn(client);
    await client.query('commit');
    return result;
  } catch (error) {
    try {
      await client.query('rollback');
    } catch (rollbackError) {
      broken = rollbackError as Error;
    }
    throw error;
  } finally {
    client.release(broken);
  }
}
