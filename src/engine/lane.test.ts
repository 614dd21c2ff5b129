import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaign } from '../../test/support/campaign.ts';
import { type Campaign, Lane, LeasedBatch, type Row } from './lane.ts';

const leased = (of: Campaign, firstId: number, lastId: number) =>
  new LeasedBatch(of, { firstId, lastId, route: '', fence: 1, uncertainUpto: firstId - 1, country: null });

const rowsOf = (batch: LeasedBatch, from: number, to: number): Row[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    id: from + i,
    phone: 380_500_000_000,
    sender: null,
    text: null,
    batch,
    templates: null,
  }));

test('a lane gives messages back in order, and forgets those of a batch that is lost', () => {
  const lane = new Lane(campaign(1, 1), '');
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
  const lane = new Lane(campaign(1, 1), '');
  const [taken, ahead] = [leased(lane.campaign, 1, 10), leased(lane.campaign, 11, 20)];
  for (const batch of [taken, ahead]) batch.readAll = true;
  ahead.ahead = 10;
  lane.append(rowsOf(ahead, 11, 20));
  lane.drop(taken);
  assert.deepEqual([taken.readAll, taken.allResolved], [true, true]);
  lane.clear();
  assert.deepEqual([ahead.readAll, ahead.ahead], [false, 0]);
});
