// Proves what the table of actions on campaigns promises; test/lifecycle.test.ts holds the statements to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CampaignAction,
  type CampaignStatus,
  campaignActions,
  campaignStatuses,
  cancelledStatuses,
  initialStatuses,
  statesFor,
  statusAfter,
  unconfirmedStatus,
} from './lifecycle.ts';

const actions = Object.keys(campaignActions) as CampaignAction[];
const anyAction = fc.constantFrom(...actions);
const nobody = '–';

// The whole table once more, as a person would draw it: rows are states, columns actions, of a campaign that has not
// begun and of one that has.
const drawn: Record<CampaignStatus, Partial<Record<CampaignAction, string>>> = {
  creation: { hold: 'moderation', schedule: 'scheduled', stop: 'stopped', abandon: 'stopped' },
  moderation: { approve: 'scheduled', reject: 'spam', stop: 'stopped' },
  spam: {},
  scheduled: { start: 'sending', pause: 'paused', stop: 'stopped' },
  sending: { pause: 'paused', finish: 'done', stop: 'stopped' },
  paused: { resume: 'scheduled or sending', finish: 'done', stop: 'stopped' },
  stopped: {},
  done: {},
};

test('every state and every action meet as drawn', () => {
  assert.deepEqual(Object.keys(drawn).sort(), [...campaignStatuses].sort());
  for (const status of campaignStatuses) {
    for (const action of actions) {
      const [fresh, begun] = [statusAfter(action, status, false), statusAfter(action, status, true)];
      const leads = fresh === begun ? (fresh ?? nobody) : `${fresh} or ${begun}`;
      assert.equal(leads, drawn[status][action] ?? nobody, `${action} of one that is ${status}`);
      assert.equal(statesFor(action).includes(status), leads !== nobody);
    }
  }
});

/** Where a campaign gets by these actions in turn, each done only where it is possible, and whether it has begun. */
function walk(wishes: readonly CampaignAction[], visit: (status: CampaignStatus) => void = () => {}) {
  let [status, begun]: [CampaignStatus, boolean] = ['creation', false];
  for (const wish of wishes) {
    status = statusAfter(wish, status, begun) ?? status;
    if (status === 'sending') begun = true;
    visit(status);
  }
  return { status, begun };
}

test('nothing is sent of an unconfirmed campaign before its author has resumed it', () => {
  fc.assert(
    fc.property(fc.array(anyAction), (wishes) => {
      let [status, unconfirmed]: [CampaignStatus, boolean] = ['creation', true];
      for (const wish of wishes) {
        const next = statusAfter(wish, status, false, unconfirmed);
        if (next !== undefined && wish === 'resume') unconfirmed = false;
        status = next ?? status;
        if (unconfirmed) assert.ok(status !== 'scheduled' && status !== 'sending', status);
      }
    }),
  );
  assert.equal(statusAfter('schedule', 'creation', false, true), unconfirmedStatus);
  assert.equal(statusAfter('approve', 'moderation', false, true), unconfirmedStatus);
});

test('a campaign can be stopped exactly while something of it could still be sent', () => {
  const open = campaignStatuses.filter((status) => !['done', 'stopped', 'spam'].includes(status));
  assert.deepEqual([...statesFor('stop')].sort(), open.sort());
});

test('whatever is asked for, a campaign that has ended stays as it ended', () => {
  fc.assert(
    fc.property(fc.array(anyAction), (wishes) => {
      let end: CampaignStatus | undefined;
      walk(wishes, (status) => {
        if (end !== undefined) assert.equal(status, end);
        if (status === 'done' || cancelledStatuses.some((one) => one === status)) end = status;
      });
    }),
  );
});

test('nothing is sent of a campaign that was held before it was approved', () => {
  fc.assert(
    fc.property(fc.array(anyAction), (wishes) => {
      let approved = false;
      let status: CampaignStatus = 'moderation';
      for (const wish of wishes) {
        const next = statusAfter(wish, status, false);
        if (next !== undefined && wish === 'approve') approved = true;
        status = next ?? status;
        assert.ok(status !== 'sending' || approved);
      }
    }),
  );
});

test('a campaign that is resumed is where it was when it was paused', () => {
  fc.assert(
    fc.property(fc.array(anyAction), (wishes) => {
      const { status, begun } = walk(wishes);
      const paused = statusAfter('pause', status, begun);
      if (paused !== undefined) assert.equal(statusAfter('resume', paused, begun), status);
    }),
  );
});

test('every state can be reached, and no action leads from a state to itself', () => {
  const reached = new Set<CampaignStatus>(initialStatuses);
  for (const action of actions) {
    for (const status of statesFor(action)) {
      for (const begun of [false, true]) {
        const next = statusAfter(action, status, begun)!;
        assert.notEqual(next, status);
        reached.add(next);
      }
    }
  }
  assert.deepEqual([...reached, 'creation'].sort(), [...campaignStatuses].sort());
});
