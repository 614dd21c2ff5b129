import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineBench, ordinary } from '../../test/support/index.ts';
import { takeMessageBlock } from './insert.ts';

test('new partitions wait for nobody who reads or writes messages, and hold what comes', async (t) => {
  const bench = await engineBench(t);
  const buyer = await bench.buyer();
  await bench.send(buyer, { phones: 10 });
  const busy = await bench.db.pool.connect();
  try {
    await busy.query('begin');
    await busy.query('select count(*) from message_by_phone');
    await busy.query('select count(*) from delivery_group');
    await busy.query('update message set error = error');
    await busy.query('update submission set state = state');
    const other = await bench.db.pool.connect();
    try {
      await other.query('set lock_timeout = 100'); // fails instead of waiting
      await other.query('select take_message_block(9999990)');
      await other.query(`select make_submission_partition(now() + interval '9 days')`);
    } finally {
      other.release();
    }
    await busy.query('commit');
  } finally {
    busy.release();
  }
  assert.equal(await takeMessageBlock(bench.db, 1), 10_000_001);
  await bench.simulator();
  await bench.engine();
  const id = await bench.send(buyer, { phones: ordinary(2000, 380_670_000_000) });
  await bench.settled(id);
  assert.equal(await bench.value('select count(*) from message_p1'), 2000);
  await bench.stopEngines();
});
