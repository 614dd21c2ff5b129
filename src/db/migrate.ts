// Brings a database to the schema of this version: runs the numbered files of migrations/ that it has not seen,
// forward only. Called at every start, so two processes that start at once must be safe: the second one waits.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Logger, runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { advisoryLocks } from './advisory-locks.ts';
import type { Db } from './connection.ts';
import { DatabaseFailure } from './failure.ts';
import { transaction } from './transaction.ts';

/** Resolves the same from src/db and from dist/db. */
const folder = new URL('../../migrations/', import.meta.url);

export type Migration = { version: number; name: string; checksum: string; sql: string };

/** The migrations that came with this version, in order. `from` is for tests. */
export async function readMigrations(from: URL = folder): Promise<Migration[]> {
  const names = (await readdir(from)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(fileURLToPath(new URL(name, from)), 'utf8');
      return {
        version: Number(name.slice(0, 4)),
        name,
        checksum: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex'),
        sql,
      };
    }),
  );
}

/**
 * Applies what is missing, all in one transaction: a failed migration leaves the database as it was.
 * Returns the names of the migrations that were applied now.
 */
export async function migrate(db: Db, migrations?: Migration[]): Promise<string[]> {
  const known = migrations ?? (await readMigrations());
  const applied = await transaction(db, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, $2)', advisoryLocks.migration);
    await client.query(`
      create table if not exists schema_migration (
        version    integer primary key,
        name       text not null,
        checksum   text not null,
        applied_at timestamptz not null default now()
      )`);
    const pending = await pendingOf(client, known);
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.name);
  });
  // The queue of background jobs keeps its own schema, graphile_worker, and brings that up to date itself.
  await runMigrations({ pgPool: db.pool, logger: new Logger(() => () => {}) });
  return applied;
}

/**
 * Whether the database still has the schema of this version; asked again and again while it runs, since another version
 * may have been started meanwhile, or a backup restored. Throws what the database says when it does not answer.
 */
export async function schemaState(db: Db, known: Migration[]): Promise<'current' | 'older' | 'newer'> {
  try {
    return (await pendingOf(db.pool, known)).length === 0 ? 'current' : 'older';
  } catch (error) {
    if (error instanceof DatabaseFailure) return 'newer';
    throw error;
  }
}

async function pendingOf(client: Pick<pg.ClientBase, 'query'>, known: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    'select version, name, checksum from schema_migration order by version',
  );
  const byVersion = new Map(known.map((migration) => [migration.version, migration]));
  for (const row of rows) {
    const migration = byVersion.get(row.version);
    if (migration === undefined) {
      throw new DatabaseFailure(
        'database_newer',
        `this database was upgraded by a newer Carillon (it has migration ${row.name}): start that version`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new DatabaseFailure(
        'migration_changed',
        `migration ${row.name} was changed after this database had run it: bring back the file as it was and put ` +
          'the change into a new migration',
      );
    }
  }
  const applied = new Set(rows.map((row) => row.version));
  return known.filter((migration) => !applied.has(migration.version));
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (error) {
    const reason = (error as Error).message;
    throw new DatabaseFailure('migration_failed', `migration ${migration.name} failed: ${reason}`, error);
  }
  await client.query('insert into schema_migration (version, name, checksum) values ($1, $2, $3)', [
    migration.version,
    migration.name,
    migration.checksum,
  ]);
}
