// A database of its own for every test, cloned in milliseconds from a migrated template. Used by every test that
// needs PostgreSQL.
//
// `npm run test:run` (test/run.ts) starts one server for the whole run. A test file that is run alone starts, or
// joins, the same server by itself; who leaves last stops it.
import { randomBytes } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { type Db, type Embedded, openDatabase } from '../../src/db/index.ts';
import { atEnd } from './at-end.ts';
import { asAdmin, databaseOf, makeTemplate, startTestServer } from './server.ts';

/** Tests open few connections each, but several files run at once. */
const poolSize = 10;

let embedded: Embedded | undefined;
let prepared: Promise<{ server: string; template: string }> | undefined;

/** An empty, migrated database that is dropped when the test ends. */
export async function testDatabase(t: TestContext): Promise<Db> {
  const { connectionString, drop } = await createTestDatabase();
  const db = await openDatabase({ connectionString, max: poolSize });
  atEnd(t, drop);
  atEnd(t, db.close);
  return db;
}

/** The same for a test that hands the address to another process; `drop` ends whoever is still connected. */
export async function createTestDatabase(): Promise<{ connectionString: string; drop(): Promise<void> }> {
  prepared ??= prepare();
  const { server, template } = await prepared;
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, (client) => client.query(`create database ${name} template ${template}`));
  return {
    connectionString: databaseOf(server, name),
    drop: () => asAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

async function prepare(): Promise<{ server: string; template: string }> {
  let server = process.env.CARILLON_TEST_DATABASE;
  if (!server) {
    embedded = await startTestServer();
    server = embedded.connectionString;
  }
  return { server, template: await makeTemplate(server) };
}

after(async () => {
  await embedded?.stop();
});
