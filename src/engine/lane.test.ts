import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Campaign, Lane, LeasedBatch, Rotation, type Row } from './lane.ts';

const campaign = (id: number, accountId: number): Campaign => ({
  id,
  accountId,
  sender: 'Shop',
  text: 'Hello',
  test: false,
  validitySeconds: 72 * 3600,
  uncertain: 'resend',
  templates: [],
});

const leased = (of: Campaign, firstId: number, lastId: number) =>
  new LeasedBatch(of, { firstId, lastId, fence: 1, uncertainUpto: firstId - 1, country: null });

test('accounts take turns, and the campaigns of an account take turns within its turns', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      const rotation = new Rotation();
      let id = 0;
      sizes.forEach((size, account) => {
        for (let i = 0; i < size; i++) rotation.add(new Lane(campaign(++id, account)));
      });
      const rounds = 60; // a multiple of every size
      const turns = new Map<number, number>();
      for (let round = 0; round < rounds; round++) {
        const seen = new Set<number>();
        for (let i = 0; i < sizes.length; i++) {
          const lane = rotation.next()!;
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
          const lane = new Lane(campaign(++id, step.account));
          rotation.add(lane);
          present.push(lane);
          waited.set(lane, new Map());
        } else if (step.do === 'remove') {
          const [lane] = present.splice(step.nth % Math.max(1, present.length), 1);
          if (lane === undefined) continue;
          rotation.remove(lane);
          waited.delete(lane);
        } else {
          const lane = rotation.next();
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
  for (let i = 1; i <= 6; i++) rotation.add(new Lane(campaign(i, i % 3)));
  for (let i = 0; i < 4; i++) rotation.next();
  const fresh = new Lane(campaign(100, 7));
  rotation.add(fresh);
  assert.equal(rotation.next(), fresh);
});

const rowsOf = (batch: LeasedBatch, from: number, to: number): Row[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    id: from + i,
    phone: 380_500_000_000,
    sender: null,
    text: null,
    batch,
  }));

test('a lane gives messages back in order, and forgets those of a batch that is lost', () => {
  const lane = new Lane(campaign(1, 1));
  const first = leased(lane.campaign, 1, 5000);
  const second = leased(lane.campaign, 5001, 6000);
  first.ahead = 5000;
  second.ahead = 1000;
  lane.append(rowsOf(first, 1, 5000));
  lane.append(rowsOf(second, 5001, 6000));
  for (let id = 1; id <= 4500; id++) {
    assert.equal(lane.peek()?.id, id);
    lane.shift();
    first.ahead--;
  }
  lane.drop(first);
  assert.deepEqual([lane.length, lane.peek()?.id, first.ahead, second.ahead], [1000, 5001, 0, 1000]);
  lane.shift();
  second.ahead--;
  lane.clear();
  assert.deepEqual([lane.length, lane.peek(), second.ahead], [0, undefined, 0]);
});

test('a batch is given back with a mark that covers what was perhaps sent and, where it can, nothing else', () => {
  const batch = leased(campaign(1, 1), 1, 1000);
  batch.mark = 500;
  assert.equal(batch.markToRelease, 500);
  batch.unsent = 301;
  assert.equal(batch.markToRelease, 300);
  batch.perhapsSent = 400;
  assert.equal(batch.markToRelease, 400);
});

test('what is forgotten of a batch that was read to its end is not done', () => {
  const lane = new Lane(campaign(1, 1));
  const [taken, ahead] = [leased(lane.campaign, 1, 10), leased(lane.campaign, 11, 20)];
  for (const batch of [taken, ahead]) batch.readAll = true;
  ahead.ahead = 10;
  lane.append(rowsOf(ahead, 11, 20));
  lane.drop(taken);
  assert.deepEqual([taken.readAll, taken.allResolved], [true, true]);
  lane.clear();
  assert.deepEqual([ahead.readAll, ahead.ahead], [false, 0]);
});

test('an account may take what its limit allows over all its campaigns, and others as much as they like', () => {
  const rotation = new Rotation();
  const lanes = [new Lane(campaign(1, 1)), new Lane(campaign(2, 1)), new Lane(campaign(3, 2))] as const;
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
