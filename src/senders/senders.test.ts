// Proves what may be a sender, what a policy makes of one that is not registered, and the life of a request.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSenderName } from './name.ts';
import { openStatuses, requestStatuses, requestTransitions, statesBefore } from './request-status.ts';
import { judge } from './standing.ts';

test('a sender is 1 to 11 letters and digits, or 3 to 15 digits', () => {
  for (const name of ['A', 'Carillon', '1Shop', 'ABCDEFGHIJK', '123', '123456789012345']) {
    assert.ok(isSenderName(name), name);
  }
  for (const name of ['', 'ABCDEFGHIJKL', '12', '1234567890123456', 'A B', 'Ä', 'A\n', '+123']) {
    assert.ok(!isSenderName(name), name);
  }
});

const country = fc.constantFrom('ES', 'UA', 'DE', undefined);
const known = fc.array(
  fc.record({
    country: fc.constantFrom('ES', 'UA', 'DE', null),
    status: fc.constantFrom('active', 'blocked'),
  }),
  { maxLength: 4 },
);

test('a sender is registered when a row covers every country of the campaign, and none of them blocks it', () => {
  fc.assert(
    fc.property(
      known,
      fc.uniqueArray(country, { minLength: 1 }),
      fc.constantFrom('refuse', 'moderate', 'allow'),
      (rows, countries, policy) => {
        const has = (status: string, where: string | undefined) =>
          rows.some((row) => row.status === status && (row.country === null || row.country === where));
        const blocked = countries.some((each) => has('blocked', each));
        const registered = !blocked && countries.every((each) => has('active', each));
        const standing = judge('Shop', policy, rows, () => new Set(countries));
        assert.equal(standing.registered, registered);
        assert.equal(standing.hold, !registered && policy === 'moderate');
        assert.equal(standing.refusal !== undefined, blocked || (!registered && policy === 'refuse'));
      },
    ),
  );
});

test('countries are looked up only where some row names one', () => {
  const never = () => assert.fail('looked up');
  assert.ok(!judge('Shop', 'allow', [], never).registered);
  assert.ok(judge('Shop', 'refuse', [{ country: null, status: 'active' }], never).registered);
});

test('a request moves forward only, and what is decided stays decided', () => {
  for (const from of requestStatuses) {
    for (const to of requestStatuses) {
      const forward = requestStatuses.indexOf(to) > requestStatuses.indexOf(from);
      const expected = openStatuses.includes(from) && forward;
      assert.equal(requestTransitions[from].includes(to), expected, `${from} to ${to}`);
      assert.equal(statesBefore(to).includes(from), expected);
    }
  }
});
