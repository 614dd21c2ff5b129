// Leases and fencing, statement by statement, on a real database.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type EngineBench, engineBench } from '../../test/support/index.ts';
import { newClient } from '../db/index.ts';
import {
  type Claim,
  claim,
  claimToCancel,
  complete,
  disown,
  mark,
  register,
  release,
  renew,
  sweepDead,
} from './leases.ts';
import { openLanes } from './schedule.ts';

const leaseSeconds = 60;

async function setUp(t: TestContext, phones = 2500) {
  const bench = await engineBench(t);
  const { pool } = bench.db;
  const id = await bench.send(await bench.buyer(), { phones });
  await pool.query(`update campaign set status = 'sending'`);
  const claimOne = async (dispatcher: number): Promise<Claim | undefined> =>
    (await claim(pool, [{ campaignId: id, route: '' }], dispatcher, leaseSeconds))[0];
  const expire = () =>
    pool.query(`update batch set lease_until = now() - interval '1 second' where lease_owner is not null`);
  return { bench, pool, id, claimOne, expire };
}

const at = (c: Claim, upto: number) => ({
  campaignId: c.campaignId,
  firstId: c.firstId,
  fence: c.fence,
  upto,
});
const marksOf = (bench: EngineBench, c: Claim) =>
  bench.value<number[]>(
    'select array[submitted_upto, uncertain_upto] from batch where first_id = $1',
    c.firstId,
  );

test('every batch is claimed once, in the order of the messages, by any number of dispatchers', async (t) => {
  const { claimOne, pool, id } = await setUp(t);
  const first = await claimOne(1);
  const [second, third, none] = [await claimOne(2), await claimOne(1), await claimOne(2)];
  assert.equal(none, undefined);
  assert.deepEqual(
    [first, second, third].map((c) => (c!.firstId - first!.firstId) / 1000),
    [0, 1, 2],
  );
  assert.equal(third!.lastId - third!.firstId, 499);
  assert.deepEqual([...(await renew(pool, 1, leaseSeconds))].sort(), [first!.firstId, third!.firstId]);
  const lanes = [id, 999].map((campaignId) => ({ campaignId, route: '' }));
  assert.deepEqual(await claim(pool, lanes, 3, leaseSeconds), []);
});

test('side by side, no batch goes to two', async (t) => {
  const { pool, id } = await setUp(t, 10_000);
  const claims = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      claim(pool, [{ campaignId: id, route: '' }], (i % 4) + 1, leaseSeconds),
    ),
  );
  const ids = claims.flat().map((c) => c.firstId);
  assert.equal(new Set(ids).size, ids.length);
});

test('who has lost a batch can neither mark, nor give back, nor complete it', async (t) => {
  const { bench, pool, claimOne, expire } = await setUp(t, 500);
  const old = (await claimOne(1))!;
  assert.deepEqual([...(await mark(pool, [at(old, old.firstId + 9)], 1, leaseSeconds))], [old.firstId]);
  await expire();
  const taken = (await claimOne(2))!;
  assert.equal(taken.uncertainUpto, old.firstId + 9);
  assert.equal(taken.fence, old.fence + 1);
  assert.equal((await renew(pool, 1, leaseSeconds)).size, 0);
  assert.equal((await mark(pool, [at(old, old.lastId)], 1, leaseSeconds)).size, 0);
  await release(pool, [at(old, old.firstId - 1)], 1);
  await complete(pool, [at(old, 0)], 60);
  await disown(pool, [old.firstId], 1);
  assert.deepEqual(await marksOf(bench, taken), [old.firstId + 9, old.firstId + 9]);
  assert.equal(await bench.value('select lease_owner from batch'), 2);
  assert.equal(await bench.value('select open_batches from campaign'), 1);
  assert.deepEqual([...(await mark(pool, [at(taken, old.firstId + 4)], 2, leaseSeconds))], [old.firstId]);
  // The highest message ever written stays known; what is uncertain is what this one wrote.
  assert.deepEqual(await marksOf(bench, taken), [old.firstId + 9, old.firstId + 4]);
});

test('a batch that was given back and claimed again by the same dispatcher has another fence', async (t) => {
  const { pool, claimOne } = await setUp(t, 100);
  const first = (await claimOne(1))!;
  await release(pool, [at(first, first.firstId - 1)], 1);
  const second = (await claimOne(1))!;
  assert.equal(second.firstId, first.firstId);
  assert.equal((await mark(pool, [at(first, first.lastId)], 1, leaseSeconds)).size, 0);
  assert.equal((await mark(pool, [at(second, first.lastId)], 1, leaseSeconds)).size, 1);
});

test('whoever slept past its lease does not claim its own batch, but may renew it', async (t) => {
  const { pool, claimOne, expire } = await setUp(t, 100);
  const mine = (await claimOne(1))!;
  await expire();
  assert.equal(await claimOne(1), undefined);
  assert.deepEqual([...(await renew(pool, 1, leaseSeconds))], [mine.firstId]);
  assert.equal(await claimOne(2), undefined);
});

test('the last batch that is completed makes the campaign done, once, even if the answer is lost', async (t) => {
  const { bench, pool, id, claimOne } = await setUp(t, 1500);
  const [first, second] = [(await claimOne(1))!, (await claimOne(1))!];
  assert.deepEqual(await complete(pool, [at(first, 0)], 60), []);
  assert.deepEqual(await complete(pool, [at(first, 0)], 60), []);
  assert.equal(await bench.value('select open_batches from campaign'), 1);
  assert.deepEqual(await complete(pool, [at(second, 0)], 60), [id]);
  assert.deepEqual(await complete(pool, [at(second, 0)], 60), []);
  assert.equal(await bench.value('select open_batches from campaign'), 0);
  assert.equal(await bench.value('select status from campaign'), 'done');
  const hours = await bench.value<number>(
    'select (extract(epoch from max(deadline) - now()) / 3600)::float from batch',
  );
  assert.ok(hours > 72.9 && hours <= 73, 'validity and an hour of grace');
});

test('the batches of a dispatcher whose connection is gone are free at once; those of the living are not', async (t) => {
  const { bench, pool, claimOne } = await setUp(t, 2500);
  const dying = await newClient(bench.db);
  const living = await newClient(bench.db);
  bench.later(() => living.end());
  const [one, two] = [await register(dying, 'host', 1), await register(living, 'host', 2)];
  const its = (await claimOne(one))!;
  await claimOne(two);
  assert.equal(await sweepDead(pool), 0);
  await dying.end();
  assert.equal(await sweepDead(pool), 1);
  assert.equal(await sweepDead(pool), 0);
  assert.equal((await claimOne(two))!.firstId, its.firstId);
  assert.deepEqual(await bench.value('select array_agg(id) from dispatcher'), [two]);
});

test('a lane claims the batches of its route only, and of whatever route what is cancelled', async (t) => {
  const { bench, pool, id } = await setUp(t, 3500);
  await pool.query(
    `update batch set route = case (first_id - (select min(first_id) from batch)) / 1000 when 1 then '7' when 3 then '7'
       else '8' end`,
  );
  await pool.query(`update campaign set routes = '{7,8}'`);
  const first = await bench.value<number>('select min(first_id) from batch');
  const claimed = async (...routes: string[]) =>
    (
      await claim(
        pool,
        routes.map((route) => ({ campaignId: id, route })),
        1,
        leaseSeconds,
      )
    ).map(({ route, firstId }) => [route, (firstId - first) / 1000]);
  const open = async () => (await openLanes(pool)).map(({ campaignId, route }) => [campaignId, route]);
  assert.deepEqual(await open(), [
    [id, '7'],
    [id, '8'],
  ]);
  assert.deepEqual(await claimed('', '7'), [['7', 1]]);
  assert.deepEqual((await claimed('7', '8')).sort(), [
    ['7', 3],
    ['8', 0],
  ]);
  assert.deepEqual(await open(), [[id, '8']]);
  assert.deepEqual(await claimed('7'), []);
  await pool.query(`update batch set not_before = now() + interval '1 hour' where route = '8'`);
  assert.deepEqual(await open(), []);
  assert.deepEqual(await claimed('8'), []);
  const [last] = await claimToCancel(pool, [id], 2, leaseSeconds);
  assert.deepEqual([last?.route, last?.firstId], ['8', first + 2000]);
});
