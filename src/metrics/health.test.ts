import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from '../tally/index.ts';
import { stuckParts, unreadyParts } from './health.ts';

const nothing = new Histogram(1, 1).snapshot();
const journal = (name: string) => ({
  ...{ name, backlog: 0, failures: 3, failing: false, tryingSeconds: 1 },
  ...{ entries: nothing, commitSeconds: nothing },
});
const well = {
  stopping: false,
  listening: true,
  leases: { held: 1, lost: 0, renewalsFailed: 2, ageSeconds: 3, hold: true },
  journals: [journal('submissions'), journal('receipts')],
  loops: { refresh: 1, cancel: 60, feed: 0, renew: 0, keep: 100 },
};

test('an engine that works, and has had its troubles, is alive and ready', () => {
  assert.deepEqual(stuckParts(well), []);
  assert.deepEqual(unreadyParts(well), []);
});

test('a loop or a commit that does not end is named', () => {
  const { journals, loops } = well;
  assert.deepEqual(stuckParts({ journals, loops: { ...loops, feed: 121 } }), [
    'The loop feed of the engine is stuck.',
  ]);
  assert.deepEqual(stuckParts({ loops, journals: [{ ...journal('receipts'), tryingSeconds: 121 }] }), [
    'The journal of receipts is stuck.',
  ]);
});

test('each reason why an engine cannot send is named', () => {
  const reasons = [
    { stopping: true },
    { leases: { ...well.leases, hold: false } },
    { listening: false },
    { journals: [{ ...journal('receipts'), failing: true }] },
  ].map((wrong) => unreadyParts({ ...well, ...wrong }));
  assert.deepEqual(reasons, [
    ['The engine is stopping.'],
    ['Leases are not renewed in time: nothing is sent.'],
    ['The engine has lost its connection to the database.'],
    ['The journal of receipts cannot be written.'],
  ]);
});
