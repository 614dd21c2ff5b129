// Proves which requests become orders, and that everything wrong with the others is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMoment } from '../http/index.ts';
import { readPriceOrder, readSendOrder } from './order.ts';

const now = new Date('2026-03-01T12:00:00Z');
const good = { phones: [{ number: 34600000001 }], sender: 'Carillon', text: 'Hello' };

const read = (changes: Record<string, unknown>) => readSendOrder({ ...good, ...changes }, now);
const errorsOf = (changes: Record<string, unknown>) => Object.keys(read(changes).errors);

test('a plain request is an order that starts now and is valid for 72 hours', () => {
  const { order, errors } = read({});
  assert.deepEqual(errors, {});
  assert.deepEqual(order, {
    text: 'Hello',
    parts: 1,
    sender: 'Carillon',
    tariffCode: undefined,
    recipients: { numbers: [34600000001], references: [undefined], positions: [0], hasReferences: false },
    validityHours: 72,
    validitySeconds: undefined,
    startAt: undefined,
    callbackUrl: undefined,
    respectCurfew: false,
    uncertain: 'resend',
  });
});

test('a sender is 1 to 11 letters and digits, or 3 to 15 digits', () => {
  for (const sender of ['A', 'Carillon123', '1a', '123', '123456789012345']) {
    assert.deepEqual(errorsOf({ sender }), [], sender);
  }
  for (const sender of [
    '',
    '12',
    '1234567890123456',
    'Carillon1234',
    'a b',
    'a-b',
    '+34600',
    'Ñu',
    'a\n',
    7,
    null,
  ]) {
    assert.deepEqual(errorsOf({ sender }), ['sender'], String(sender));
  }
});

test('a number has 9 to 15 digits, as an integer or a string of digits', () => {
  for (const number of [100000000, 999999999999999, '346000000', '999999999999999']) {
    const { order, errors } = read({ phones: [{ number }] });
    assert.deepEqual(errors, {});
    assert.deepEqual(order.recipients.numbers, [Number(number)]);
  }
  const wrong = [
    99999999,
    1e15,
    -346000000,
    3460000000.5,
    '+34600000001',
    '034600000001',
    '34 600000001',
    '',
    true,
    {},
  ];
  for (const number of wrong) {
    assert.deepEqual(
      errorsOf({ phones: [{ number: 34600000009 }, { number }] }),
      ['phones.1.number'],
      String(number),
    );
  }
  assert.deepEqual(errorsOf({ phones: [{}, 7, null] }), ['phones.0.number', 'phones.1', 'phones.2']);
});

test('1 to 10,000 numbers fit in a request', () => {
  const phones = (n: number) => Array.from({ length: n }, (_, i) => ({ number: 34600000000 + i }));
  assert.deepEqual(errorsOf({ phones: phones(10_000) }), []);
  assert.deepEqual(errorsOf({ phones: phones(10_001) }), ['phones']);
  assert.deepEqual(errorsOf({ phones: [] }), ['phones']);
  assert.deepEqual(errorsOf({ phones: '34600000001' }), ['phones']);
  assert.deepEqual(errorsOf({ phones: undefined }), ['phones']);
});

test('of many wrong numbers twenty are named, and the rest is counted', () => {
  const { errors } = read({ phones: Array.from({ length: 500 }, (_, i) => ({ number: i })) });
  assert.equal(Object.keys(errors).length, 21);
  assert.deepEqual(errors.phones, ['There are 480 more errors in this list.']);
});

test('duplicates are merged, and each number keeps its first reference', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ number: fc.integer({ min: 600000000, max: 600000020 }), reference: fc.nat(3) })),
      (items) => {
        fc.pre(items.length > 0);
        const phones = items.map(({ number, reference }, i) =>
          reference === 0 ? { number } : { number, reference_id: `r${i}` },
        );
        const { order, errors } = read({ phones });
        assert.deepEqual(errors, {});
        const { numbers, references } = order.recipients;
        assert.deepEqual(numbers, [...new Set(items.map(({ number }) => number))]);
        numbers.forEach((number, i) => {
          const first = phones.find((phone) => phone.number === number && phone.reference_id !== undefined);
          assert.equal(references[i], first?.reference_id);
        });
      },
    ),
  );
});

test('a reference is 1 to 32 letters and digits and names one message', () => {
  const phones = (...references: unknown[]) =>
    references.map((reference_id, i) => ({ number: 34600000000 + i, reference_id }));
  assert.deepEqual(errorsOf({ phones: phones('a', 'A', '0', 'NULL', 'x'.repeat(32), null, undefined) }), []);
  for (const reference of ['', 'x'.repeat(33), 'a-b', 'é', 'a b', 17, 'a\n']) {
    assert.deepEqual(
      errorsOf({ phones: phones('ok', reference) }),
      ['phones.1.reference_id'],
      String(reference),
    );
  }
  const { errors } = read({ phones: phones('same', 'other', 'same') });
  assert.deepEqual(errors, {
    'phones.2.reference_id': ['The reference_id must be unique: phones.0 has the same.'],
  });
});

test('a text has up to 765 units of GSM, or 335 of UCS-2', () => {
  assert.deepEqual(errorsOf({ text: 'a'.repeat(765) }), []);
  assert.deepEqual(errorsOf({ text: 'a'.repeat(766) }), ['text']);
  assert.deepEqual(errorsOf({ text: '€'.repeat(382) }), []);
  assert.deepEqual(errorsOf({ text: '€'.repeat(383) }), ['text']);
  assert.deepEqual(errorsOf({ text: 'ж'.repeat(335) }), []);
  assert.deepEqual(errorsOf({ text: 'ж'.repeat(336) }), ['text']);
  assert.deepEqual(errorsOf({ text: 'ж'.repeat(336), transliterate: true }), []);
  for (const text of [undefined, null, '', '  \n', 7, 'a\0b', 'a\ud800b']) {
    assert.deepEqual(errorsOf({ text }), ['text'], String(text));
  }
  assert.equal(read({ text: 'Привет', transliterate: true }).order.text, 'Privet');
  assert.equal(read({ text: 'a'.repeat(161) }).order.parts, 2);
});

test('a start lies at most 30 days ahead, and up to an hour late means now', () => {
  const at = (ms: number) => formatMoment(new Date(now.getTime() + ms));
  const day = 86_400_000;
  assert.deepEqual(read({ start_at: at(day) }).order.startAt, new Date(now.getTime() + day));
  assert.deepEqual(errorsOf({ start_at: at(30 * day) }), []);
  assert.deepEqual(errorsOf({ start_at: at(30 * day + 1000) }), ['start_at']);
  const late = read({ start_at: at(-3_600_000) });
  assert.deepEqual(late.errors, {});
  assert.equal(late.order.startAt, undefined);
  assert.deepEqual(errorsOf({ start_at: at(-3_601_000) }), ['start_at']);
  assert.deepEqual(
    read({ start_at: '2026-03-02T12:00:00+03:00' }).order.startAt,
    new Date('2026-03-02T09:00:00Z'),
  );
  for (const start of ['tomorrow', '2026-03-32 00:00:00', '2026-03-02T12:00:00', 1772452800, {}]) {
    assert.deepEqual(errorsOf({ start_at: start }), ['start_at'], String(start));
  }
});

test('the other fields are checked too, and all that is wrong is said at once', () => {
  assert.deepEqual(
    errorsOf({ validity: 1, callback_url: 'https://example.org/a?b=c', uncertain: 'unknown' }),
    [],
  );
  assert.deepEqual(errorsOf({ short_links: [], transliterate: false, tariff_code: 0, unheard_of: 1 }), []);
  const wrong = {
    phones: [{ number: 1 }],
    sender: '!',
    text: '',
    tariff_code: 10,
    validity: 73,
    start_at: 'x',
    callback_url: 'ftp://example.org',
    uncertain: 'maybe',
    transliterate: 'yes',
    short_links: [{ link: 'https://example.org' }],
  };
  const named = Object.keys(wrong).map((field) => (field === 'phones' ? 'phones.0.number' : field));
  assert.deepEqual(errorsOf(wrong).sort(), named.sort());
  for (const validity of [0, 1.5, '5']) assert.deepEqual(errorsOf({ validity }), ['validity']);
  for (const callback_url of ['https://', 'http://a b', `https://example.org/${'x'.repeat(100)}`, 7]) {
    assert.deepEqual(errorsOf({ callback_url }), ['callback_url']);
  }
});

test('no body whatsoever makes the reader throw', () => {
  const field = fc.constantFrom(
    ...Object.keys(good),
    'validity',
    'start_at',
    'callback_url',
    'messages',
    'groups',
  );
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(field, fc.anything())), (body) => {
      readSendOrder(body, now);
      readPriceOrder(body);
    }),
  );
});

test('respect_curfew is true or false', () => {
  const { order, errors } = read({ respect_curfew: true });
  assert.deepEqual(errors, {});
  assert.equal(order.respectCurfew, true);
  assert.equal(read({}).order.respectCurfew, false);
  assert.deepEqual(errorsOf({ respect_curfew: 'yes' }), ['respect_curfew']);
});
