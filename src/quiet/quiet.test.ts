// Proves when it is quiet, against a clock that is read minute by minute, over zones and the changes of their clocks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countryPrefixes } from '../phones/index.ts';
import { horizonHours, openMinutes, type QuietSpan, quietUntil } from './quiet.ts';
import { formatSpan, parseSpan } from './span.ts';
import { timeZonesOf } from './time-zones.ts';

const minuteMs = 60_000;
const night = parseSpan('22:00-08:00');

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The local time of a zone in minutes since midnight, by another way than the code under test. */
function localMinutes(zone: string, at: number): number {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
    clocks.set(zone, clock);
  }
  const [hours = 0, minutes = 0] = clock.format(at).split(':').map(Number);
  return hours * 60 + minutes;
}

function quietAt({ from, to }: QuietSpan, zones: readonly string[], at: number): boolean {
  return zones.some((zone) => {
    const minute = localMinutes(zone, at);
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  });
}

function until(country: string, at: string, span = night): string | undefined {
  return quietUntil(span, timeZonesOf(country), new Date(at))?.toISOString().slice(0, 16);
}

test('every country that has numbers has time zones', () => {
  const without = countryPrefixes().filter(({ country }) => timeZonesOf(country).length === 0);
  assert.deepEqual(without, []);
  assert.deepEqual(timeZonesOf('ZZ'), []);
  assert.deepEqual(timeZonesOf('nonsense'), []);
});

// Each country late in its evening, in the northern winter and summer, and when its night is over everywhere in it.
const nights: readonly [country: string, evening: string, end: string][] = [
  ['FR', '2026-01-15T22:30Z', '2026-01-16T07:00'], // +1
  ['FR', '2026-07-15T22:30Z', '2026-07-16T06:00'], // +2
  ['GB', '2026-01-15T22:30Z', '2026-01-16T08:00'], // 0
  ['GB', '2026-07-15T22:30Z', '2026-07-16T07:00'], // +1
  ['ES', '2026-01-15T21:30Z', '2026-01-16T08:00'], // Madrid +1, the Canaries 0
  ['PT', '2026-07-15T21:30Z', '2026-07-16T08:00'], // Lisbon +1, the Azores 0
  ['PL', '2026-07-15T21:00Z', '2026-07-16T06:00'], // +2
  ['IN', '2026-01-15T17:00Z', '2026-01-16T02:30'], // +5:30
  ['NP', '2026-01-15T17:00Z', '2026-01-16T02:15'], // +5:45
  ['JP', '2026-07-15T14:00Z', '2026-07-15T23:00'], // +9
  ['AE', '2026-07-15T19:00Z', '2026-07-16T04:00'], // +4
  ['ZA', '2026-01-15T21:00Z', '2026-01-16T06:00'], // +2
  ['EG', '2026-01-15T21:00Z', '2026-01-16T06:00'], // +2
  ['EG', '2026-07-15T21:00Z', '2026-07-16T05:00'], // +3
  ['NZ', '2026-01-15T09:00Z', '2026-01-15T19:00'], // +13, Chatham +13:45
  ['US', '2026-01-16T03:00Z', '2026-01-16T18:00'], // New York −5 … Honolulu and Adak −10
  ['US', '2026-07-16T02:00Z', '2026-07-16T18:00'], // New York −4 … Honolulu −10, which keeps its clock
  ['BR', '2026-07-16T00:30Z', '2026-07-16T13:00'], // Noronha −2 … Rio Branco −5
  ['AU', '2026-01-15T11:30Z', '2026-01-16T00:00'], // Sydney +11 … Perth +8
  ['RU', '2026-07-15T10:30Z', '2026-07-16T06:00'], // Kamchatka +12 … Kaliningrad +2
  ['XK', '2026-01-15T22:30Z', '2026-01-16T07:00'], // Kosovo: the zone that ICU does not name
];

for (const [country, evening, end] of nights) {
  test(`a night in ${country} that is on at ${evening} ends at ${end}`, () => {
    assert.equal(until(country, evening), end);
    assert.equal(until(country, `${end}:00Z`), undefined, 'and then it is day');
  });
}

test('by day it is not quiet', () => {
  assert.equal(until('FR', '2026-01-15T12:00Z'), undefined);
  assert.equal(until('FR', '2026-01-15T20:59Z'), undefined);
  assert.equal(until('FR', '2026-01-15T21:00Z'), '2026-01-16T07:00');
});

test('a night in which the clock is changed is an hour shorter or longer', () => {
  // France: on 29 March 2026 at 01:00 UTC from +1 to +2, on 25 October at 01:00 UTC back.
  assert.equal(until('FR', '2026-03-28T21:00Z'), '2026-03-29T06:00');
  assert.equal(until('FR', '2026-10-24T20:00Z'), '2026-10-25T07:00');
});

test('quiet hours that end in the hour that is left out end where the clock goes on', () => {
  assert.equal(until('FR', '2026-03-28T22:00Z', parseSpan('22:00-02:30')), '2026-03-29T01:00');
});

test('the end of the quiet time is the first minute at which it is quiet nowhere', () => {
  const country = fc.constantFrom('FR', 'US', 'BR', 'NZ', 'AU', 'CL', 'EG', 'IR', 'GL', 'IN', 'PT', 'MA');
  const minute = fc.integer({ min: 0, max: 1439 });
  const span = fc.record({ from: minute, to: minute }).filter(({ from, to }) => from !== to);
  // Moments near the changes of clocks in 2026 are as likely as all others together.
  const change = fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05');
  const moment = fc.oneof(
    fc.integer({ min: 0, max: 365 * 1440 }).map((m) => Date.UTC(2026, 0, 1) + m * minuteMs),
    fc
      .tuple(change, fc.integer({ min: -1440, max: 1440 }))
      .map(([day, m]) => Date.parse(`${day}T01:00Z`) + m * minuteMs),
  );
  fc.assert(
    fc.property(country, span, moment, (where, hours, at) => {
      const zones = timeZonesOf(where);
      const end = quietUntil(hours, zones, new Date(at));
      let expected = at;
      const horizon = at + horizonHours * 60 * minuteMs;
      while (expected < horizon && quietAt(hours, zones, expected)) expected += minuteMs;
      assert.equal(end?.getTime(), expected === at ? undefined : expected);
    }),
    { numRuns: 60 },
  );
});

test('a span that leaves nothing of a wide country is known before, and holds for no longer than the horizon', () => {
  assert.equal(openMinutes(night, timeZonesOf('FR'), 2026), 14 * 60);
  assert.equal(openMinutes(night, timeZonesOf('RU'), 2026), 4 * 60);
  const long = parseSpan('18:00-09:00');
  assert.equal(openMinutes(long, timeZonesOf('RU'), 2026), 0);
  const at = new Date('2026-07-15T10:30Z');
  assert.equal(quietUntil(long, timeZonesOf('RU'), at)!.getTime() - at.getTime(), horizonHours * 3_600_000);
});

test('spans are read as they are written, and nonsense is refused', () => {
  assert.deepEqual(parseSpan('22:00-08:00'), { from: 1320, to: 480 });
  const minute = fc.integer({ min: 0, max: 1439 });
  fc.assert(
    fc.property(minute, minute, (from, to) => {
      fc.pre(from !== to);
      assert.deepEqual(parseSpan(formatSpan({ from, to })), { from, to });
    }),
  );
  for (const wrong of [
    '',
    '22:00',
    '22:00-22:00',
    '24:00-08:00',
    '22:00-08:60',
    '22-8',
    'a-b',
    '1:00-2:00-3:00',
  ]) {
    assert.throws(() => parseSpan(wrong), /two different times of a day/, wrong);
  }
});
