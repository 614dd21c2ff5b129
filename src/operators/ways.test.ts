import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineBench } from '../../test/support/index.ts';
import { updateOperator } from './store.ts';
import { loadWays, waysOf } from './ways.ts';

const route = (prefix: string, operatorId: number, priority = 0) => ({ prefix, operatorId, priority });

test('a way is named by its operators, in the order in which they are used', () => {
  const ways = waysOf([
    route('380', 7, 1),
    route('380', 4),
    route('380', 2),
    route('48', 2),
    route('48', 4),
    route('48', 7, 9),
    route('', 7),
  ])!;
  assert.equal(ways.find(380_501_112_233), '2+4/7');
  assert.equal(ways.find(48_501_112_233), '2+4/7', 'the same operators are the same way');
  assert.equal(ways.find(34_600_000_000), '7');
});

test('what goes one way whatever the number has none to tell apart', () => {
  assert.equal(waysOf([]), null);
  assert.equal(waysOf([route('', 1), route('', 2, 1)]), null);
  assert.equal(waysOf([route('380', 1), route('48', 1)]), null);
});

test('routes to operators that are disabled do not count', async (t) => {
  const bench = await engineBench(t);
  await bench.operator({ port: 1, name: 'north' }, { prefix: '380' });
  await bench.operator({ port: 1, name: 'south' }, { prefix: '48' });
  assert.notEqual(await loadWays(bench.db), null);
  await updateOperator(bench.db, 'south', { enabled: false });
  assert.equal(await loadWays(bench.db), null);
});
