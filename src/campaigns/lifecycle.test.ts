// Proves what the table of campaign states promises.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CampaignStatus,
  campaignStatuses,
  campaignTransitions,
  canTransition,
  statesBefore,
} from './lifecycle.ts';

const anyStatus = fc.constantFrom(...campaignStatuses);

/** Where a campaign gets by asking for these states in turn, each granted only when it may follow. */
function walk(start: CampaignStatus, wishes: CampaignStatus[]): CampaignStatus {
  return wishes.reduce((at, wish) => (canTransition(at, wish) ? wish : at), start);
}

test('every state of the One-API has its place in the table', () => {
  assert.deepEqual(Object.keys(campaignTransitions).sort(), [...campaignStatuses].sort());
});

test('a campaign can be stopped exactly while something of it could still be sent', () => {
  assert.deepEqual(statesBefore('stopped').sort(), [
    'creation',
    'moderation',
    'paused',
    'scheduled',
    'sending',
  ]);
});

test('whatever is asked for, a campaign that has ended stays as it ended', () => {
  const ended = fc.constantFrom<CampaignStatus>('done', 'stopped', 'spam');
  fc.assert(fc.property(ended, fc.array(anyStatus), (end, wishes) => walk(end, wishes) === end));
});

test('nothing is sent of a campaign in moderation before it was approved', () => {
  fc.assert(
    fc.property(fc.array(anyStatus), (wishes) => {
      let at: CampaignStatus = 'creation';
      let approved = false;
      for (const wish of wishes) {
        if (canTransition(at, wish)) at = wish;
        if (at === 'scheduled') approved = true;
        assert.ok(at !== 'sending' || approved);
      }
    }),
  );
});

test('no state follows itself, and statesBefore is the table read backwards', () => {
  fc.assert(
    fc.property(anyStatus, anyStatus, (from, to) => {
      assert.equal(canTransition(from, from), false);
      assert.equal(statesBefore(to).includes(from), campaignTransitions[from].includes(to));
    }),
  );
});
