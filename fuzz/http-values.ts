// Values for the HTTP fuzz: those that a schema allows, and those that break what is careless. Pure.

import type { Json, Schema } from './http-request.ts';
import type { Random } from './random.ts';

/** A value that a schema allows, at least by what it says itself. */
export function schemaValue(random: Random, schema: Schema, depth = 0): Json {
  const { examples, anyOf } = schema;
  if (schema.enum !== undefined) return random.pick(schema.enum);
  if (schema.const !== undefined) return schema.const;
  if (examples !== undefined && random.oneIn(2)) return random.pick(examples);
  if (anyOf !== undefined) return schemaValue(random, random.pick(anyOf), depth);
  switch (schema.type) {
    case 'integer':
    case 'number': {
      const from = schema.minimum ?? -1000;
      const to = schema.maximum ?? from + 10 ** random.between(1, 12);
      return random.pick([from, to, random.between(from, to)]);
    }
    case 'boolean':
      return random.oneIn(2);
    case 'null':
      return null;
    case 'array': {
      const least = schema.minItems ?? 0;
      const length = Math.min(schema.maxItems ?? 3, least + random.below(3));
      return Array.from({ length }, () => schemaValue(random, schema.items ?? {}, depth + 1));
    }
    case 'object': {
      const fields: [string, Json][] = [];
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        if (schema.required?.includes(name) || random.oneIn(2)) {
          fields.push([name, schemaValue(random, field, depth + 1)]);
        }
      }
      return Object.fromEntries(fields);
    }
    case 'string':
      return textOf(random, schema);
    default:
      return depth > 3 ? null : hostileValue(random);
  }
}

/** Texts that patterns of ours ask for. */
const forms = ['7', '38067', 'ES', 'EUR', '22:00', 'north', 'a1', '12', '214', '2026-01-31 09:30:00', '100'];

function textOf(random: Random, { pattern, minLength = 0, maxLength = 60 }: Schema): string {
  if (pattern !== undefined) {
    const form = new RegExp(pattern, 'u');
    const fitting = forms.filter((each) => form.test(each));
    if (fitting.length > 0) return random.pick(fitting);
  }
  const length = random.pick([minLength, maxLength, random.between(minLength, Math.min(maxLength, 60))]);
  return random.text(Math.max(length, minLength), random.pick(alphabets));
}

const alphabets = [
  'abcXYZ019 ',
  '\'";--%_\\/*',
  'äß€ñ漢字ї',
  '\u202e\u200b\ufeff\u0301x',
  '<script>&"\'',
  '\r\n\t ',
];

const NUL = '\0';

/** Texts that have broken other programs. */
const texts = [
  '',
  ' ',
  NUL,
  `a${NUL}b`,
  '\ud800',
  'a\udc00b',
  '\udbff\udfff',
  '\ufeff',
  '\u202e',
  '\u2028',
  "' or 1=1 --",
  "'; drop table message; --",
  '%',
  '_%\\',
  '\\',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  'x\r\nSet-Cookie: a=b',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '0x10',
  '１２３',
  '٣',
  '9'.repeat(400),
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '2026-02-30 00:00:00',
  '9999-12-31T23:59:59+99:99',
  '0000-00-00 00:00:00',
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  '::ffff:1.2.3.4/129',
  '(a+)+$',
  '[',
  'ﷺ'.repeat(200),
  'a'.repeat(5000),
  '🦄'.repeat(500),
];

const numbers = [
  0,
  -0,
  -1,
  1,
  2,
  0.1,
  -0.5,
  1e-7,
  1.00000001,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  1e15,
  1e21,
  1e300,
  -1e300,
  5e-324,
  922_337_203_685,
  500_000_000_000,
  34_600_000_000,
];

/** Names that mean something to JavaScript. */
export const fatefulNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  NUL,
];

/** A value of any type, seldom a good one. */
export function hostileValue(random: Random): Json {
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return random.pick(texts);
    case 3:
    case 4:
      return random.pick(numbers);
    case 5:
      return random.pick([null, true, false, [], {}]);
    case 6:
      return random.pick([[null], [[]], [1, 'x', {}], { a: 1 }, Array.from({ length: 50 }, () => 'x')]);
    default: {
      const name = random.pick(fatefulNames);
      // An own property of that name, as JSON.parse makes one.
      return JSON.parse(`{${JSON.stringify(name)}: {"isAdmin": true, "length": -1}}`) as Json;
    }
  }
}

/** A hostile text in the form of a query or path. */
export function hostileText(random: Random): string {
  const encoded = [
    '%00',
    '%ff',
    '%',
    '%zz',
    '%2e%2e%2f',
    '%c0%af',
    '%E2%80%AE',
    '%0d%0aSet-Cookie:%20a=b',
    '+',
  ];
  if (random.oneIn(4)) return random.pick(encoded);
  if (random.oneIn(3)) return String(random.pick(numbers));
  const text = random.pick(texts);
  return encodeURIComponent(text.toWellFormed().slice(0, 900));
}
