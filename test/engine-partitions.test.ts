// A long-running engine always has the partition of tomorrow before tomorrow comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineBench, waitFor } from './support/index.ts';

const hourMs = 60 * 60 * 1000;

test('partitions are made at the start, and looked after once an hour', async (t) => {
  const bench = await engineBench(t);
  const tomorrow = `'submission_' || to_char((now() at time zone 'UTC')::date + 1, 'YYYYMMDD')`;
  const exists = () => bench.value<boolean>(`select to_regclass(${tomorrow}) is not null`);
  const drop = () => bench.db.pool.query(`do $$ begin execute 'drop table ' || ${tomorrow}; end $$`);
  await drop();
  await bench.engine();
  assert.equal(await exists(), true);
  await drop();
  const now = Date.now;
  t.mock.method(Date, 'now', () => now() + hourMs);
  await waitFor(exists, { what: 'the partition to be made again' });
});
