// Proves the country table against libphonenumber's own parser, which is slow but reads its patterns directly.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { callingCodes, countryOf, countryPrefixes } from './index.ts';

/** Where the parser is sure: the number is valid as it is written, national prefix and all. */
function parsedCountry(digits: string): string | undefined {
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return parsed?.isValid() && parsed.number === `+${digits}` ? parsed.country : undefined;
}

test('the example number of every country belongs to the country libphonenumber says', () => {
  let compared = 0;
  for (const { country } of callingCodes()) {
    const example = getExampleNumber(country as Parameters<typeof getExampleNumber>[0], examples);
    if (example === undefined) continue;
    const digits = example.number.slice(1);
    assert.equal(countryOf(Number(digits)), parsedCountry(digits), digits);
    compared += 1;
  }
  assert.ok(compared > 240, `${compared} countries compared`);
});

test('any valid number belongs to the country libphonenumber says', () => {
  const prefix = fc.constantFrom(...countryPrefixes().map((entry) => entry.prefix));
  const tail = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 10 });
  let compared = 0;
  fc.assert(
    fc.property(prefix, tail, (start, digits) => {
      const number = `${start}${digits.join('')}`;
      const expected = parsedCountry(number);
      if (expected === undefined) return;
      compared += 1;
      assert.equal(countryOf(Number(number)), expected, number);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(compared > 1000, `${compared} valid numbers compared`);
});

test('every area code of the shared calling codes is the country libphonenumber says', () => {
  const shared = new Map<string, number>();
  for (const { prefix } of callingCodes()) shared.set(prefix, (shared.get(prefix) ?? 0) + 1);
  for (const [code, countries] of shared) {
    if (countries === 1) continue;
    for (let area = 0; area < 10_000; area += code === '1' ? 1 : 7) {
      for (const length of code === '1' ? [10] : [8, 9, 10]) {
        const number = `${code}${String(area).padStart(4, '0')}${'5550123'.slice(0, length - 4)}`;
        const expected = parsedCountry(number);
        if (expected !== undefined) assert.equal(countryOf(Number(number)), expected, number);
      }
    }
  }
});

test('countries that share a calling code are told apart', () => {
  assert.equal(countryOf(12025550123), 'US');
  assert.equal(countryOf(14165550123), 'CA');
  assert.equal(countryOf(18095550123), 'DO');
  assert.equal(countryOf(79161234567), 'RU');
  assert.equal(countryOf(77011234567), 'KZ');
  assert.equal(countryOf(447781123456), 'GG');
  assert.equal(countryOf(447400123456), 'GB');
});

test('a number nobody was given counts to the main country of its calling code, and without one to none', () => {
  assert.equal(countryOf(12115550123), 'US');
  assert.equal(countryOf(80012345678), undefined);
  assert.equal(countryOf(21012345678), undefined);
});
