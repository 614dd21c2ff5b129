import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import type pg from 'pg';
import { atEnd, testDatabase } from '../../test/support/index.ts';
import { copyIn, newClient, openDatabase, transaction, withoutPassword } from './index.ts';

test('bigint columns and arrays are numbers, and one beyond 2^53 is an error instead of a wrong number', async (t) => {
  const db = await testDatabase(t);
  const { rows } = await db.pool.query(
    'select 9007199254740991::bigint as id, array[1, null, 3]::bigint[] as ids, array[]::bigint[] as none',
  );
  assert.deepEqual(rows, [{ id: 9007199254740991, ids: [1, null, 3], none: [] }]);
  await assert.rejects(db.pool.query('select 9007199254740992::bigint'), /select it as text/);
});

test('a connection outside of the pool has the same parsers', async (t) => {
  const db = await testDatabase(t);
  const client = await newClient(db, { application_name: 'journal' });
  atEnd(t, () => client.end());
  const { rows } = await client.query("select 7::bigint as n, current_setting('application_name') as name");
  assert.deepEqual(rows, [{ n: 7, name: 'journal' }]);
});

test('processes of PostgreSQL that serve a connection of lower priority have it', async (t) => {
  const { pool, connection } = await testDatabase(t);
  const connectionString = connection.connectionString!;
  const db = await openDatabase({ connectionString, priority: 7 });
  atEnd(t, () => db.close());
  const client = await newClient(db);
  atEnd(t, () => client.end());
  const backend = async (sql: pg.Pool | pg.Client) =>
    getPriority((await sql.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid);
  const lowered = process.platform === 'linux' ? 7 : 0;
  assert.deepEqual(
    [await backend(db.pool), await backend(client), await backend(pool)],
    [lowered, lowered, 0],
  );
});

test('a transaction is committed whole or rolled back whole', async (t) => {
  const db = await testDatabase(t);
  await db.pool.query('create table thing (n int)');
  assert.equal(
    await transaction(db, async (c) => (await c.query('insert into thing values (1)')).rowCount),
    1,
  );
  await assert.rejects(
    transaction(db, async (c) => {
      await c.query('insert into thing values (2)');
      throw new Error('changed my mind');
    }),
    /changed my mind/,
  );
  assert.deepEqual((await db.pool.query('select n from thing')).rows, [{ n: 1 }]);
});

test('a connection that breaks between two queries of a transaction is the error of the next one', async (t) => {
  const db = await testDatabase(t);
  await db.pool.query('create table thing (n int)');
  await assert.rejects(
    transaction(db, async (c) => {
      await c.query('insert into thing values (1)');
      const { rows } = await c.query<{ pid: number }>('select pg_backend_pid() as pid');
      const gone = new Promise((done) => c.once('end', done));
      await db.pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
      await gone;
      await c.query('insert into thing values (2)');
    }),
    /not queryable/,
  );
  assert.deepEqual((await db.pool.query('select n from thing')).rows, []);
});

test('COPY takes rows in chunks cut anywhere, and says how many there were', async (t) => {
  const db = await testDatabase(t);
  await db.pool.query('create table thing (n int, word text)');
  const rows = Array.from({ length: 20_000 }, (_, n) => `${n}\tword ${n}\n`).join('');
  const chunks = function* () {
    for (let at = 0; at < rows.length; at += 777) yield rows.slice(at, at + 777);
  };
  assert.equal(await transaction(db, (c) => copyIn(c, 'copy thing from stdin', chunks())), 20_000);
  const { rows: sums } = await db.pool.query('select count(*) as n, sum(n) as sum from thing');
  assert.deepEqual(sums, [{ n: 20_000, sum: 199_990_000 }]);
});

test('COPY that the server or the source breaks off leaves no row and a connection that works', async (t) => {
  const db = await testDatabase(t);
  await db.pool.query('create table thing (n int)');
  await assert.rejects(
    transaction(db, (c) => copyIn(c, 'copy thing from stdin', ['1\n', 'two\n'])),
    /invalid input/,
  );
  const broken = function* () {
    yield '1\n';
    throw new Error('source failed');
  };
  await assert.rejects(
    transaction(db, (c) => copyIn(c, 'copy thing from stdin', broken())),
    /source failed/,
  );
  assert.deepEqual((await db.pool.query('select count(*) as n from thing')).rows, [{ n: 0 }]);
});

test('no server at that address is an error that says what to do and hides the password', async () => {
  await assert.rejects(
    openDatabase({ connectionString: 'postgresql://u:secret@127.0.0.1:1/x' }),
    (error: Error) => {
      assert.match(
        error.message,
        /cannot open the database postgresql:\/\/u:\*\*\*@127\.0\.0\.1:1\/x: .*ECONNREFUSED/,
      );
      assert.match(error.message, /DATABASE_URL/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
  assert.equal(withoutPassword('postgresql://h/x?password=a&b=1'), 'postgresql://h/x?password=***&b=1');
  assert.equal(withoutPassword('postgresql://u:a:b@c@h:5432/x'), 'postgresql://u:***@h:5432/x');
});
