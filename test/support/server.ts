// The PostgreSQL server of a test run and the template that its databases are cloned from. Used by database.ts and by
// test/run.ts, which is no test itself and so must not load node:test.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Embedded, migrate, openDatabase, readMigrations, startEmbedded } from '../../src/db/index.ts';

/** Lock key for making the template; two-part keys below 1000 belong to Carillon itself. */
const templateLock = [1000, 0];

/** The server of this test run. Nothing in it needs to survive, so it does not wait for the disk. */
export function startTestServer(): Promise<Embedded> {
  return startEmbedded({
    dataDir: join(tmpdir(), `carillon-test-${process.getuid?.() ?? 0}`),
    log: { info() {}, warn() {} },
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      shared_buffers: '128MB',
    },
  });
}

/** The queue of background jobs migrates itself: its version counts like a migration of ours. */
const queuePackage = new URL('../../node_modules/graphile-worker/package.json', import.meta.url);

/** The template of the present migrations; another state of them has another name. */
export async function makeTemplate(server: string): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(queuePackage));
  for (const { checksum } of await readMigrations()) hash.update(checksum);
  const template = `carillon_template_${hash.digest('hex').slice(0, 16)}`;
  await asAdmin(server, async (client) => {
    await client.query('select pg_advisory_lock($1, $2)', templateLock);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (rowCount) return;
    const unfinished = `${template}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished}`);
    const db = await openDatabase({ connectionString: databaseOf(server, unfinished), max: 1 });
    try {
      await migrate(db);
    } finally {
      await db.close();
    }
    await client.query(`alter database ${unfinished} rename to ${template}`);
  });
  return template;
}

/** Runs statements that concern the whole server. */
export async function asAdmin(server: string, fn: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseOf(server, 'postgres') });
  await client.connect();
  try {
    await fn(client);
  } finally {
    await client.end();
  }
}

/** The address of another database of the same server. */
export function databaseOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
