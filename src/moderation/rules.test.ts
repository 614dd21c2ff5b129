// Proves when a rule holds a campaign, which values rules take, and that no pattern stops the process.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findPatterns, maxPatternLength, patternProblem } from './patterns.ts';
import { type Candidate, metRules, type RuleKind, readRuleValue } from './rules.ts';

const harmless: Candidate = {
  text: 'Your order is ready',
  recipients: 10,
  sender: 'Shop',
  senderRegistered: true,
  unknownHosts: [],
};

function met(kind: RuleKind, value: string, candidate: Partial<Candidate>): string[] {
  return metRules([{ id: 7, kind, value }], { ...harmless, ...candidate });
}

test('each kind of rule holds what it is for, and names itself', () => {
  assert.deepEqual(met('word', 'casino', { text: 'Our CASINO' }), ['rule 7: the word "casino"']);
  assert.deepEqual(met('word', 'bank', { sender: 'BANK' }), ['rule 7: the word "bank"']);
  assert.deepEqual(met('pattern', 'win \\d+', { text: 'You WIN 100' }), ['rule 7: the pattern "win \\d+"']);
  assert.deepEqual(met('link', '', { unknownHosts: ['a.com', 'b.com'] }), [
    'rule 7: a link to the unknown domain a.com, b.com',
  ]);
  assert.deepEqual(met('recipients', '10', { recipients: 11 }), ['rule 7: 11 recipients, more than 10']);
  assert.deepEqual(met('sender', '', { senderRegistered: false }), [
    'rule 7: the sender Shop is not registered',
  ]);
});

test('a campaign that meets no rule is not held', () => {
  for (const [kind, value] of [
    ['word', 'casino'],
    ['pattern', 'win \\d+'],
    ['link', ''],
    ['recipients', '10'],
    ['sender', ''],
  ] as const) {
    assert.deepEqual(met(kind, value, {}), [], kind);
  }
});

test('a number of recipients holds exactly what exceeds it', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), (limit, recipients) => {
      assert.equal(met('recipients', `${limit}`, { recipients }).length, recipients > limit ? 1 : 0);
    }),
  );
});

test('a pattern that would never end holds the campaign and says so', () => {
  const text = `${'a'.repeat(60)}!`;
  assert.deepEqual(met('pattern', '(a+)+$', { text }), [
    'rule 7: the pattern "(a+)+$" takes too long: change it',
  ]);
  // Those before it are tried, those after it not.
  assert.deepEqual(findPatterns(['a!', '(a+)+$', 'a'], text), [
    { index: 0, tooSlow: false },
    { index: 1, tooSlow: true },
  ]);
  // And the next campaign is tried as ever.
  assert.deepEqual(findPatterns(['b', 'a!'], text), [{ index: 1, tooSlow: false }]);
});

test('patterns that hang, match everything or are none are refused', () => {
  for (const [pattern, problem] of [
    ['(a+)+$', /so long/],
    ['(?:\\d+)*x', /so long/],
    ['(', /regular expression/],
    ['\\p{Nonsense}', /regular expression/],
    ['', /every text/],
    ['a*', /every text/],
    ['a'.repeat(maxPatternLength + 1), /at most/],
  ] as const) {
    assert.match(patternProblem(pattern) ?? '', problem, pattern);
  }
  for (const pattern of ['win \\d+', '\\bбанк\\p{L}*', '^(?:free|gratis)\\b', '(\\w)\\1\\1', 'a{3,}']) {
    assert.equal(patternProblem(pattern), undefined, pattern);
  }
});

test('no pattern that is let in and no text makes the search throw', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'ab01.*+?()[]{}|^$\\dwsp,-'), maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 100 }),
      (pattern, text) => {
        if (patternProblem(pattern) === undefined) findPatterns([pattern], text);
      },
    ),
    { numRuns: 300 },
  );
});

test('values are stored as they are meant, and refused with what would be right', () => {
  assert.deepEqual(readRuleValue('word', ' casino '), { value: 'casino' });
  assert.deepEqual(readRuleValue('recipients', '0100'), { value: '100' });
  assert.deepEqual(readRuleValue('pattern', 'a b '), { value: 'a b ' });
  assert.deepEqual(readRuleValue('link', ' '), { value: '' });
  for (const [kind, value] of [
    ['word', '!?'],
    ['word', 'x'.repeat(101)],
    ['recipients', ''],
    ['recipients', '-1'],
    ['recipients', '10.5'],
    ['recipients', '9999999999'],
    ['link', 'x'],
    ['sender', 'x'],
  ] as const) {
    assert.ok('problem' in readRuleValue(kind, value), `${kind} ${value}`);
  }
});
