// Proves how dates are written and which are read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMoment, parseMoment } from './moment.ts';

const anyMoment = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });

test('a moment survives writing and reading, to the second', () => {
  fc.assert(
    fc.property(anyMoment, (moment) => {
      const text = formatMoment(moment);
      assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      assert.equal(parseMoment(text)?.getTime(), Math.floor(moment.getTime() / 1000) * 1000);
      assert.equal(parseMoment(moment.toISOString())?.getTime(), moment.getTime());
    }),
  );
});

test('an offset is honoured', () => {
  const noon = Date.UTC(2026, 0, 31, 12);
  for (const text of [
    '2026-01-31 12:00:00',
    '2026-01-31T12:00:00Z',
    '2026-01-31 12:00:00+00:00',
    '2026-01-31T15:00:00+03:00',
    '2026-01-31T15:00+0300',
    '2026-01-31T04:00:00.000000-08:00',
  ]) {
    assert.equal(parseMoment(text)?.getTime(), noon, text);
  }
});

test('what is no moment, or not clear, is not read', () => {
  for (const text of [
    '',
    'now',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-02-30 12:00:00',
    '2026-13-01 12:00:00',
    '2026-01-31 24:30:00',
    '2026-01-31 12:60:00',
    '31.01.2026 12:00:00',
    ' 2026-01-31 12:00:00',
    '2026-01-31T12:00:00+25:99',
    '1769860800',
  ]) {
    assert.equal(parseMoment(text), undefined, text);
  }
});
