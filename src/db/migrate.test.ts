import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { type Migration, migrate, readMigrations } from './index.ts';

const existing = await readMigrations();
const next = (sql: string): Migration => ({ version: 9000, name: '9000_next.sql', checksum: sql, sql });

test('a database that has every migration is left alone', async (t) => {
  const db = await testDatabase(t);
  assert.deepEqual(await migrate(db), []);
});

test('a new migration runs once, even when several processes start at once', async (t) => {
  const db = await testDatabase(t);
  const migrations = [...existing, next('create table thing (n int)')];
  const applied = await Promise.all([
    migrate(db, migrations),
    migrate(db, migrations),
    migrate(db, migrations),
  ]);
  assert.deepEqual(applied.flat(), ['9000_next.sql']);
});

test('a migration that fails leaves the database as it was and is named', async (t) => {
  const db = await testDatabase(t);
  const migrations = [...existing, next('create table thing (n int); select 1 / 0')];
  await assert.rejects(migrate(db, migrations), /9000_next\.sql failed: division by zero/);
  assert.deepEqual((await db.pool.query("select to_regclass('thing') as thing")).rows, [{ thing: null }]);
});

test('a migration changed afterwards and a database of a newer version are refused', async (t) => {
  const db = await testDatabase(t);
  await migrate(db, [...existing, next('select 1')]);
  await assert.rejects(migrate(db, [...existing, next('select 2')]), /9000_next\.sql was changed after/);
  await assert.rejects(migrate(db, existing), /upgraded by a newer Carillon/);
});
