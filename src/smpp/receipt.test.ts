// Proves that receipts are understood in the forms that operators send them, and messages are not taken for receipts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { receiptStates, Tag } from './constants.ts';
import { ShortMessage } from './decode.ts';
import { tlv, writeDeliver } from './encode.ts';
import { Outbox } from './outbox.ts';
import { parseReceiptText, readReceipt } from './receipt.ts';

function receiptOf(text: string, optional: Buffer[] = [], esmClass = 0x04) {
  const out = new Outbox();
  const fields = {
    sourceTon: 1,
    sourceNpi: 1,
    source: 491700000000,
    destinationTon: 5,
    destinationNpi: 0,
    destination: 'Shop',
    esmClass,
    dataCoding: 0,
    shortMessage: Buffer.from(text, 'latin1'),
    optional: Buffer.concat(optional),
  };
  writeDeliver(out, fields, 1);
  const pdu = out.take()!;
  const message = new ShortMessage();
  message.read(pdu, 16, pdu.length, 1);
  return readReceipt(message);
}

const parse = (text: string) => parseReceiptText(Buffer.from(text, 'latin1'), 0, text.length);
const idTlv = (id: string) => tlv(Tag.receiptedMessageId, Buffer.from(id));
const stateTlv = (state: number) => tlv(Tag.messageState, Buffer.from([state]));
const errorTlv = (error: number) => tlv(Tag.networkErrorCode, Buffer.from([3, error >> 8, error & 0xff]));

const appendixB =
  'id:0123456789 sub:001 dlvrd:001 submit date:2601311200 done date:2601311201 stat:DELIVRD err:000 text:Hello';

test('the text form of the specification is understood', () => {
  assert.deepEqual(receiptOf(appendixB), { id: '0123456789', state: 'DELIVRD', error: 0, fromTlv: false });
});

test('the text form is understood for every id, state, error and date, with any spacing, case and order', () => {
  const blanks = fc
    .array(fc.constantFrom(' ', '\t', '\r\n'), { minLength: 1, maxLength: 3 })
    .map((b) => b.join(''));
  const gap = fc.constantFrom('', ' ', '  ');
  const word = (text: string) =>
    fc
      .infiniteStream(fc.boolean())
      .map((upper) =>
        [...text].map((c) => (upper.next().value === true ? c.toUpperCase() : c.toLowerCase())).join(''),
      );
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9A-Za-z-]{1,40}$/),
      fc.constantFrom(...receiptStates).chain((state) => fc.tuple(fc.constant(state), word(state))),
      fc.nat({ max: 999 }),
      fc.tuple(word('id'), word('stat'), word('err')),
      blanks,
      gap,
      fc.nat(),
      (id, [state, stateWord], error, [idKey, statKey, errKey], blank, after, order) => {
        const fields = [
          `${idKey}:${after}${id}`,
          'sub:001',
          'dlvrd:001',
          'submit date:2601311200',
          'done date:2601311201',
          `${statKey}:${after}${stateWord}`,
          `${errKey}:${after}${String(error).padStart(3, '0')}`,
        ];
        const turned = [...fields.slice(order % 7), ...fields.slice(0, order % 7)];
        const text = `${turned.join(blank)}${blank}Text:id:WRONG stat:EXPIRED err:123`;
        assert.deepEqual(parse(text), { id, state, error });
      },
    ),
  );
});

for (const [word, state] of [
  ['DELIVERED', 'DELIVRD'],
  ['Undeliverable', 'UNDELIV'],
  ['undelivered', 'UNDELIV'],
  ['FAILED', 'UNDELIV'],
  ['Accepted', 'ACCEPTD'],
  ['REJECTED', 'REJECTD'],
  ['EN_ROUTE', 'ENROUTE'],
  ['BUFFERED', 'ENROUTE'],
  ['DELETED', 'DELETED'],
  ['Nonsense', 'UNKNOWN'],
] as const) {
  test(`the state ${word} is ${state}`, () => {
    assert.equal(parse(`id:1 stat:${word}`).state, state);
  });
}

test('fields of other widths than the usual are found as well', () => {
  for (const [sub, date] of [
    ['1', '2601311200'],
    ['001', '260131120000'],
    ['0001', ''],
  ]) {
    assert.deepEqual(
      parse(
        `id:7 sub:${sub} dlvrd:${sub} submit date:${date} done date:${date} stat:REJECTD err:9 text:stat:x`,
      ),
      { id: '7', state: 'REJECTD', error: 9 },
    );
  }
});

test('missing fields are null, and an empty one does not take the next key for its value', () => {
  assert.deepEqual(parse('id:7 stat:EXPIRED'), { id: '7', state: 'EXPIRED', error: null });
  assert.deepEqual(parse('id: sub:001 stat:EXPIRED err: text:x'), {
    id: null,
    state: 'EXPIRED',
    error: null,
  });
  assert.deepEqual(parse('id:7 stat:DELIVRD err:'), { id: '7', state: 'DELIVRD', error: null });
  assert.deepEqual(parse('id:a:b stat:DELIVRD err:0x1'), { id: 'a:b', state: 'DELIVRD', error: null });
  assert.equal(receiptOf('stat:DELIVRD err:000'), null);
  assert.equal(receiptOf('id:7 err:000'), null);
  assert.equal(receiptOf(''), null);
});

test('a letter in err makes it no number', () => {
  assert.equal(parse('id:1 stat:UNDELIV err:00B text:').error, null);
});

test('any octets are parsed without an error', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parse(text)));
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('id', 'stat', 'err', 'text', ':', ' ', '1', 'DELIVRD', '\0'), {
        maxLength: 30,
      }),
      (pieces) => void parse(pieces.join('')),
    ),
  );
});

test('optional parameters alone make a receipt, whatever esm_class says', () => {
  for (const esmClass of [0, 0x04]) {
    assert.deepEqual(receiptOf('', [idTlv('abc\0'), stateTlv(5), errorTlv(300)], esmClass), {
      id: 'abc',
      state: 'UNDELIV',
      error: 300,
      fromTlv: true,
    });
  }
});

test('every message_state has its word', () => {
  for (const [number, state] of receiptStates.entries()) {
    assert.equal(receiptOf('', [idTlv('1'), stateTlv(number)])?.state, state);
  }
  assert.equal(receiptOf('', [idTlv('1'), stateTlv(9)]), null);
});

test('optional parameters go before the text, field by field', () => {
  assert.deepEqual(receiptOf(appendixB, [idTlv('ff\0')]), {
    id: 'ff',
    state: 'DELIVRD',
    error: 0,
    fromTlv: true,
  });
  assert.deepEqual(receiptOf(appendixB, [stateTlv(3)]), {
    id: '0123456789',
    state: 'EXPIRED',
    error: 0,
    fromTlv: false,
  });
  assert.equal(receiptOf(appendixB, [errorTlv(9)])?.error, 9);
});

test('an intermediate notification is a receipt, a subscriber that writes like one is not', () => {
  assert.equal(receiptOf(appendixB, [], 0x20)?.state, 'DELIVRD');
  assert.equal(receiptOf(appendixB, [], 0), null);
  assert.equal(receiptOf(appendixB, [], 0x08), null);
});
