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

test('a campaign from before there were lanes has one, with all its batches', async (t) => {
  const db = await testDatabase(t);
  const { pool } = db;
  await pool.query('drop schema public cascade; create schema public');
  await migrate(
    db,
    existing.filter(({ version }) => version < 4),
  );
  await pool.query(`
    insert into tariff (code, name, currency) values (0, 'test', 'EUR');
    insert into account (name, currency, tariff_id) values ('acme', 'EUR', 1);
    insert into campaign (account_id, first_message_id, message_count, phone_count, name, sender, text, status,
      start_at, tariff_id, currency, calculated_e7, open_batches)
      values (1, 1, 1500, 1500, 'c', 's', 't', 'sending', now(), 1, 'EUR', 0, 2);
    insert into batch (campaign_id, first_id, last_id, submitted_upto, uncertain_upto)
      values (1, 1, 1000, 10, 10), (1, 1001, 1500, 1000, 1000)`);
  assert.ok((await migrate(db)).includes('0009_lanes.sql'));
  const { rows } = await pool.query(
    'select c.routes, b.route, b.uncertain_upto from batch b join campaign c on c.id = b.campaign_id order by first_id',
  );
  assert.deepEqual(rows, [
    { routes: [''], route: '', uncertain_upto: 10 },
    { routes: [''], route: '', uncertain_upto: 1000 },
  ]);
});
