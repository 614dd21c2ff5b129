import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Router } from './router.ts';

const target = (id: number, up = true, simulator = false) => ({ id, up, simulator });

const roomy = () => true;

test('the longest prefix that has routes decides', () => {
  const [a, b, c] = [target(1), target(2), target(3)];
  const router = new Router(
    [
      { prefix: '', operatorId: 1, priority: 0, weight: 1 },
      { prefix: '380', operatorId: 2, priority: 0, weight: 1 },
      { prefix: '38067', operatorId: 3, priority: 0, weight: 1 },
    ],
    [a, b, c],
  );
  assert.equal(router.choose(380671112233, false, roomy), c);
  assert.equal(router.choose(380501112233, false, roomy), b);
  assert.equal(router.choose(491701112233, false, roomy), a);
});

test('a message that is meant for one operator goes there, whatever the routes say', () => {
  const [a, b, sim] = [target(1), target(2, false), target(3, true, true)];
  const router = new Router([{ prefix: '', operatorId: 1, priority: 0, weight: 1 }], [a, b, sim]);
  const choose = (only: number, test = false) => router.choose(491701112233, test, roomy, only);
  assert.equal(choose(1), a);
  assert.equal(choose(2), 'wait', 'it is down, and no other takes over');
  assert.equal(choose(4), 'none');
  assert.equal(choose(3, true), sim);
  assert.equal(choose(1, true), 'none', 'a test_ key reaches simulators only');
});

test('a number without a route has none, and one whose operators are down waits', () => {
  const router = new Router([{ prefix: '49', operatorId: 1, priority: 0, weight: 1 }], [target(1, false)]);
  assert.equal(router.choose(380501112233, false, roomy), 'none');
  assert.equal(router.choose(491701112233, false, roomy), 'wait');
});

test('a disconnected operator fails over to the next priority and back', () => {
  const first = { id: 1, up: false, simulator: false };
  const second = target(2);
  const routes = [
    { prefix: '', operatorId: 2, priority: 1, weight: 1 },
    { prefix: '', operatorId: 1, priority: 0, weight: 1 },
  ];
  const router = new Router(routes, [first, second]);
  assert.equal(router.choose(491701112233, false, roomy), second);
  first.up = true;
  assert.equal(router.choose(491701112233, false, roomy), first);
});

test('weights share the numbers of one priority, and a disconnected operator leaves its share', () => {
  const [a, b] = [target(1), { id: 2, up: true, simulator: false }];
  const routes = [
    { prefix: '', operatorId: 1, priority: 0, weight: 1 },
    { prefix: '', operatorId: 2, priority: 0, weight: 3 },
  ];
  let x = 0;
  const router = new Router(routes, [a, b], () => (x = (x + 0.01) % 1));
  let toB = 0;
  for (let i = 0; i < 100; i++) if (router.choose(491701112233, false, roomy) === b) toB++;
  assert.ok(toB >= 74 && toB <= 76, `${toB}`);
  b.up = false;
  for (let i = 0; i < 100; i++) assert.equal(router.choose(491701112233, false, roomy), a);
});

test('a test campaign reaches simulators only, whatever the routes say', () => {
  const sim = target(9, true, true);
  const router = new Router([{ prefix: '', operatorId: 1, priority: 0, weight: 1 }], [target(1), sim]);
  assert.equal(router.choose(491701112233, true, roomy), sim);
  assert.equal(new Router([], [target(1)]).choose(491701112233, true, roomy), 'none');
});

test('an operator without room leaves its share to those of its priority, and never to the next', () => {
  const [light, heavy, spare] = [target(1), target(2), target(3)];
  const routes = [
    { prefix: '', operatorId: 1, priority: 0, weight: 1 },
    { prefix: '', operatorId: 2, priority: 0, weight: 9 },
    { prefix: '', operatorId: 3, priority: 1, weight: 1 },
  ];
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (x) => {
      const router = new Router(routes, [light, heavy, spare], () => x);
      const choose = (...full: unknown[]) =>
        router.choose(491701112233, false, (operator) => !full.includes(operator));
      assert.equal(choose(), x < 0.1 ? light : heavy);
      assert.equal(choose(heavy), light);
      assert.equal(choose(light), heavy);
      assert.equal(choose(light, heavy), 'wait');
    }),
  );
});

test('a single operator without room is waited for', () => {
  const router = new Router([{ prefix: '49', operatorId: 1, priority: 0, weight: 1 }], [target(1)]);
  assert.equal(
    router.choose(491701112233, false, () => false),
    'wait',
  );
});
