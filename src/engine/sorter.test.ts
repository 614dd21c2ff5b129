// Proves that the sorter leaves a busy database alone, goes on afterwards, and stops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineBench, ordinary, waitFor } from '../../test/support/index.ts';
import { createLog } from '../log.ts';
import { Sorter } from './sorter.ts';

test('nothing is sorted while the journals are behind, and everything afterwards', async (t) => {
  const bench = await engineBench(t);
  await bench.send(await bench.buyer(), { phones: ordinary(3000) });
  const waiting = () => bench.value<number>('select count(*) from unsorted_batch');
  let backlog = 5000;
  let asked = 0;
  const options = {
    pool: bench.db.pool,
    backlog: () => {
      asked += 1;
      return backlog;
    },
    log: createLog('silent'),
  };
  const sorter = new Sorter(options);
  sorter.wake();
  sorter.wake();
  await waitFor(() => asked >= 3, { what: 'the sorter to look again' });
  assert.equal(await waiting(), 3);
  const stopped = new Sorter(options);
  stopped.wake();
  await stopped.stop();
  backlog = 10;
  await waitFor(async () => (await waiting()) === 0, { what: 'the batches to be sorted' });
  await sorter.stop();
  await bench.send(await bench.buyer(), { phones: ordinary(10) });
  sorter.wake();
  await sorter.stop();
  assert.equal(await waiting(), 1, 'a stopped one does nothing');
  await bench.sound();
});
