// Proves how events are counted in spans of time, by several processes together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { Window } from './window.ts';
import { deleteEndedCounts } from './window-store.ts';

const spanMs = 60_000;

test('as many events as the limit pass in a span, and more wait for its end', async (t) => {
  const db = await testDatabase(t);
  let now = 5000;
  const window = new Window(db, { purpose: 'a', spanMs, now: () => now });
  const end = () => db.pool.query(`update request_count set until = now() where name = 'a/x'`);
  const three = async () => [await window.take('x', 2), await window.take('x', 2), await window.take('x', 2)];
  const [first, second, wait] = await three();
  assert.deepEqual([first, second], [0, 0]);
  assert.ok(wait! > 30 && wait! <= 60, String(wait));
  assert.equal(await window.take('y', 2), 0, 'other names are not concerned');
  assert.equal(await new Window(db, { purpose: 'b', spanMs }).take('x', 2), 0, 'nor are other purposes');
  await end();
  assert.ok((await window.take('x', 2)) > 0, 'believed without asking the database again');
  now += spanMs;
  assert.deepEqual((await three()).slice(0, 2), [0, 0], 'a new span');
});

test('looking counts nothing', async (t) => {
  const db = await testDatabase(t);
  const window = new Window(db, { purpose: 'a', spanMs });
  assert.equal(await window.wait('x', 1), 0);
  assert.equal(await window.take('x', 1), 0);
  assert.ok((await new Window(db, { purpose: 'a', spanMs }).wait('x', 1)) > 0);
  assert.equal(await window.wait('x', 2), 0);
});

test('three processes at once let no more through than one', async (t) => {
  const db = await testDatabase(t);
  const processes = [1, 2, 3].map(() => new Window(db, { purpose: 'key', spanMs }));
  const waits = await Promise.all(Array.from({ length: 90 }, (_, i) => processes[i % 3]!.take('1', 20)));
  assert.equal(waits.filter((wait) => wait === 0).length, 20);
  assert.ok(waits.every((wait) => wait >= 0 && wait <= 60));
});

test('the spans that have ended are deleted, and no other', async (t) => {
  const db = await testDatabase(t);
  const window = new Window(db, { purpose: 'a', spanMs });
  await window.take('old', 1);
  await window.take('new', 1);
  await db.pool.query(`update request_count set until = now() - interval '1 ms' where name = 'a/old'`);
  await deleteEndedCounts(db.pool);
  const { rows } = await db.pool.query('select name from request_count');
  assert.deepEqual(rows, [{ name: 'a/new' }]);
});
