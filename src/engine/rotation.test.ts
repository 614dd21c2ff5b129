import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { campaign } from '../../test/support/campaign.ts';
import { Lane } from './lane.ts';
import { Rotation } from './rotation.ts';

/** Whose turn it is, of those that can use it. */
function next(rotation: Rotation, able: (lane: Lane) => boolean = () => true): Lane | undefined {
  let used: Lane | undefined;
  rotation.turn((lane) => {
    if (!able(lane)) return 0;
    used = lane;
    return 1;
  });
  return used;
}

test('accounts take turns, and the campaigns of an account take turns within its turns', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      const rotation = new Rotation();
      let id = 0;
      sizes.forEach((size, account) => {
        for (let i = 0; i < size; i++) rotation.add(new Lane(campaign(++id, account), ''));
      });
      const rounds = 60; // a multiple of every size
      const turns = new Map<number, number>();
      for (let round = 0; round < rounds; round++) {
        const seen = new Set<number>();
        for (let i = 0; i < sizes.length; i++) {
          const lane = next(rotation)!;
          seen.add(lane.campaign.accountId);
          turns.set(lane.campaign.id, (turns.get(lane.campaign.id) ?? 0) + 1);
        }
        assert.equal(seen.size, sizes.length, 'every account once a round');
      }
      id = 0;
      for (const size of sizes) for (let i = 0; i < size; i++) assert.equal(turns.get(++id), rounds / size);
    }),
  );
});

type Step = { do: 'add'; account: number } | { do: 'remove'; nth: number } | { do: 'next' };

const steps = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.record({ do: fc.constant('add' as const), account: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), nth: fc.nat(20) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('next' as const) }) },
  ),
  { maxLength: 120 },
);

test('whoever is there gets a turn before anybody of the same account has a third, whatever comes and goes', () => {
  fc.assert(
    fc.property(steps, (random: Step[]) => {
      const rotation = new Rotation();
      const present: Lane[] = [];
      /** Turns that others of its account had since a lane's own last turn. */
      const waited = new Map<Lane, Map<Lane, number>>();
      let id = 0;
      for (const step of random) {
        if (step.do === 'add') {
          const lane = new Lane(campaign(++id, step.account), '');
          rotation.add(lane);
          present.push(lane);
          waited.set(lane, new Map());
        } else if (step.do === 'remove') {
          const [lane] = present.splice(step.nth % Math.max(1, present.length), 1);
          if (lane === undefined) continue;
          rotation.remove(lane);
          waited.delete(lane);
        } else {
          const lane = next(rotation);
          assert.equal(lane === undefined, present.length === 0);
          if (lane === undefined) continue;
          assert.ok(present.includes(lane), 'what was removed has no turn');
          waited.set(lane, new Map());
          for (const [other, turns] of waited) {
            if (other === lane || other.campaign.accountId !== lane.campaign.accountId) continue;
            const n = (turns.get(lane) ?? 0) + 1;
            turns.set(lane, n);
            assert.ok(
              n <= 2,
              `campaign ${lane.campaign.id} had ${n} turns before ${other.campaign.id} had one`,
            );
          }
        }
        assert.equal(rotation.size, present.length);
        assert.deepEqual(new Set(rotation.lanes()), new Set(present));
      }
    }),
  );
});

test('a new campaign has the next turn', () => {
  const rotation = new Rotation();
  for (let i = 1; i <= 6; i++) rotation.add(new Lane(campaign(i, i % 3), ''));
  for (let i = 0; i < 4; i++) next(rotation);
  const fresh = new Lane(campaign(100, 7), '');
  rotation.add(fresh);
  assert.equal(next(rotation), fresh);
});

test('an account may take what its limit allows over all its campaigns, and others as much as they like', () => {
  const rotation = new Rotation();
  const lanes = [
    new Lane(campaign(1, 1), ''),
    new Lane(campaign(2, 1), ''),
    new Lane(campaign(3, 2), ''),
  ] as const;
  for (const lane of lanes) rotation.add(lane);
  rotation.limit([{ accountId: 1, perSecond: 100 }]);
  const start = rotation.allowed(lanes[0], 0);
  assert.ok(start >= 10 && start <= 11, 'a tenth of a second');
  rotation.spend(lanes[0], start);
  assert.equal(rotation.allowed(lanes[1], 0), 0);
  assert.equal(rotation.allowed(lanes[2], 0), Number.POSITIVE_INFINITY);
  rotation.limit([{ accountId: 1, perSecond: 100 }]);
  assert.equal(rotation.allowed(lanes[0], 50), 5, 'the bucket is kept');
  rotation.limit([]);
  assert.equal(rotation.allowed(lanes[0], 50), Number.POSITIVE_INFINITY);
});

/** How many routes each campaign of each account has, and which lanes can send. */
const crowd = fc.array(
  fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 4 },
);

test('a campaign with many routes has no more turns than another, and lanes that wait cost nobody a turn', () => {
  fc.assert(
    fc.property(crowd, (accounts) => {
      const rotation = new Rotation();
      const able = new Set<Lane>();
      const turns = new Map<Lane, number>();
      let id = 0;
      accounts.forEach((campaigns, account) => {
        for (const routes of campaigns) {
          const its = campaign(++id, account);
          routes.forEach((can, route) => {
            const lane = new Lane(its, `${route}`);
            rotation.add(lane);
            if (can) able.add(lane);
          });
        }
      });
      const rounds = 36; // a multiple of every number of campaigns, and that by every number of routes
      const those = accounts.filter((campaigns) => campaigns.some((routes) => routes.includes(true)));
      for (let i = 0; i < rounds * those.length; i++) {
        const lane = next(rotation, (each) => able.has(each))!;
        turns.set(lane, (turns.get(lane) ?? 0) + 1);
      }
      for (const lane of able) {
        const { accountId } = lane.campaign;
        const shares = accounts[accountId]!.map((routes) => routes.filter((can) => can).length).filter(
          (n) => n > 0,
        );
        const its = rotation.lanesOf(lane.campaign.id).filter((other) => able.has(other)).length;
        const share = rounds / shares.length / its;
        assert.ok(Math.abs(turns.get(lane)! - share) < 1, `${turns.get(lane)} turns instead of ${share}`);
      }
      if (able.size === 0)
        assert.equal(
          next(rotation, () => false),
          undefined,
        );
    }),
  );
});

test('lanes are found by campaign and route, and come and go one by one', () => {
  const rotation = new Rotation();
  const [first, second] = [campaign(1, 1), campaign(2, 1)];
  const lanes = [new Lane(first, ''), new Lane(first, '7/8'), new Lane(second, '')] as const;
  for (const lane of lanes) rotation.add(lane);
  assert.equal(rotation.get(1, '7/8'), lanes[1]);
  assert.equal(rotation.get(2, '7/8'), undefined);
  assert.deepEqual(new Set(rotation.lanesOf(1)), new Set(lanes.slice(0, 2)));
  rotation.remove(lanes[0]);
  rotation.remove(lanes[0]);
  assert.deepEqual([rotation.size, rotation.get(1, ''), rotation.get(1, '7/8')], [2, undefined, lanes[1]]);
  rotation.remove(lanes[1]);
  assert.deepEqual([rotation.size, rotation.lanesOf(1)], [1, []]);
  assert.equal(next(rotation), lanes[2]);
});
