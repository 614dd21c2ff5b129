// What one step takes, of lanes and operators that are only numbers: no socket, no database, no time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Connector, Router } from '../operators/index.ts';
import { templatesFor } from './content.ts';
import { type Campaign, Lane, LeasedBatch } from './lane.ts';
import type { Part } from './part.ts';
import { Rotation } from './rotation.ts';
import { takeStep } from './step.ts';

const validitySeconds = 3600;
const short = 'Hello';
const long = 'A long word. '.repeat(25);

/** As much of a connector as a step looks at. */
function operator(id: number, limit: number, up = true) {
  const fake = { id, simulator: false, up, unresolved: 0, wanted: () => (up ? limit - fake.unresolved : 0) };
  return fake as unknown as Connector<Part>;
}

/** Operator 1 has the numbers that begin with 1, and so on. */
function world(...operators: Connector<Part>[]) {
  const routes = operators.map(({ id }) => ({ prefix: `${id}`, operatorId: id, priority: 0, weight: 1 }));
  const router = new Router(routes, operators);
  const rotation = new Rotation();
  let firstId = 1;
  return {
    rotation,
    /** A lane with so many messages to an operator. */
    lane(campaignId: number, to: number, count: number, text = short): Lane {
      const campaign: Campaign = {
        id: campaignId,
        accountId: campaignId,
        sender: 'Shop',
        text,
        test: false,
        validitySeconds,
        uncertain: 'resend',
        operatorId: null,
        templates: templatesFor('Shop', text, validitySeconds, campaignId),
      };
      const known = rotation.lanesOf(campaignId)[0]?.campaign ?? campaign;
      const lane = new Lane(known, `${to}`);
      const lastId = firstId + count - 1;
      const claim = { firstId, lastId, route: `${to}`, fence: 1, uncertainUpto: firstId - 1, country: null };
      const batch = new LeasedBatch(known, claim);
      batch.ahead = count;
      lane.append(
        Array.from({ length: count }, (_, i) => ({
          id: firstId + i,
          phone: to * 1e10 + i,
          sender: null,
          text: null,
          batch,
          templates: null,
        })),
      );
      firstId = lastId + 1;
      rotation.add(lane);
      return lane;
    },
    step: () => takeStep(rotation, router, operators, 0).step,
  };
}

/** How many parts of each campaign a step took. */
function perCampaign(parts: readonly Part[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { batch } of parts) counts.set(batch.campaign.id, (counts.get(batch.campaign.id) ?? 0) + 1);
  return counts;
}

test('what an operator has room for is shared evenly, however many lanes of others wait', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 3000 }),
      (able, waiting, room) => {
        const { lane, step } = world(operator(1, room), operator(2, 100, false));
        // Those who wait stand between the others.
        for (let i = 0; i < Math.max(able, waiting); i++) {
          if (i < able) lane(i + 1, 1, 3000);
          if (i < waiting) lane(100 + i, 2, 10);
        }
        const { parts } = step();
        assert.equal(parts.length, room, 'no room is left');
        const shares = perCampaign(parts);
        const counts = Array.from({ length: able }, (_, i) => shares.get(i + 1) ?? 0);
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(' '));
      },
    ),
  );
});

test('a lane that waits costs its campaign nothing', () => {
  const { lane, step } = world(operator(1, 1000), operator(2, 100, false));
  lane(1, 1, 3000);
  lane(1, 2, 3000);
  lane(2, 1, 3000);
  const counts = perCampaign(step().parts);
  assert.deepEqual([...counts].sort(), [
    [1, 500],
    [2, 500],
  ]);
});

test('no step takes more than an operator wants, in the order of each lane, and all of it in the end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 2 }),
      fc.array(fc.record({ to: fc.constantFrom(1, 2), count: fc.integer({ min: 1, max: 80 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      ([first = 1, second = 1], lanes) => {
        const operators = [operator(1, first), operator(2, second)];
        const { lane, step } = world(...operators);
        lanes.forEach(({ to, count }, i) => {
          lane(i + 1, to, count);
        });
        let left = lanes.reduce((sum, { count }) => sum + count, 0);
        const last = new Map<LeasedBatch, number>();
        while (left > 0) {
          const { parts } = step();
          assert.ok(parts.length > 0, 'nobody stalls');
          for (const { batch, messageId } of parts) {
            assert.ok(messageId > (last.get(batch) ?? 0));
            last.set(batch, messageId);
          }
          for (const each of operators) {
            assert.ok(each.unresolved <= (each.id === 1 ? first : second));
            each.unresolved = 0;
          }
          left -= parts.length;
        }
        assert.equal(left, 0);
      },
    ),
  );
});

test('a long message gets its turn although short ones would fill every place that comes free', () => {
  const places = 4;
  const only = operator(1, places);
  const { lane, step } = world(only);
  lane(1, 1, 1000);
  assert.equal(step().parts.length, places);
  const its = lane(2, 1, 1, long);
  let steps = 0;
  // One answer at a time: there is never room for three parts unless it is kept.
  for (; its.length > 0 && steps < 50; steps++) {
    only.unresolved--;
    step();
  }
  assert.ok(steps <= 10, `${steps} steps`);
});

test('a message that is longer than the limit of its operator goes alone', () => {
  const only = operator(1, 2);
  const { lane, step } = world(only);
  lane(1, 1, 2, long);
  lane(2, 1, 10);
  const sizes: number[] = [];
  for (let i = 0; i < 20 && sizes.filter((size) => size === 3).length < 2; i++) {
    const { parts } = step();
    sizes.push(parts.length);
    only.unresolved = 0;
  }
  assert.equal(sizes.filter((size) => size === 3).length, 2, sizes.join(' '));
});
