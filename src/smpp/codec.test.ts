// Proves that what encode.ts writes is what decode.ts reads, that limits are kept, and that garbage is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Command, Esme, esmeName } from './constants.ts';
import { readBind, readMessageId, ShortMessage } from './decode.ts';
import {
  buildSubmitTemplate,
  relativeTime,
  tlv,
  writeBind,
  writeDeliver,
  writeDigits,
  writeSubmit,
  writeWithText,
} from './encode.ts';
import { PduError } from './errors.ts';
import { Outbox } from './outbox.ts';

const octet = fc.integer({ min: 0, max: 255 });
const text = (maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength }).map((codes) => String.fromCharCode(...codes));
const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));
const address = fc.oneof(fc.integer({ min: 1, max: 999_999_999_999_999 }), text(20));

function written(write: (out: Outbox) => void): Buffer {
  const out = new Outbox();
  write(out);
  const bytes = out.take();
  assert.ok(bytes !== null);
  assert.equal(bytes.readUInt32BE(0), bytes.length);
  return bytes;
}

function read(pdu: Buffer): ShortMessage {
  const message = new ShortMessage();
  message.read(pdu, 16, pdu.length, pdu.readUInt32BE(12));
  return message;
}

test('a submit_sm is read as it was written', () => {
  fc.assert(
    fc.property(
      fc.record({
        source: fc.record({ ton: octet, npi: octet, addr: text(20) }),
        dest: fc.record({ ton: octet, npi: octet }),
        esmClass: octet,
        validityPeriod: fc.constantFrom('', '000002000000000R'),
        registeredDelivery: octet,
        dataCoding: octet,
        shortMessage: octets(600),
        serviceType: text(5),
      }),
      address,
      fc.integer({ min: 1, max: 0x7fff_ffff }),
      (fields, destination, sequence) => {
        const template = buildSubmitTemplate(fields);
        const pdu = written((out) => writeSubmit(out, template, destination, sequence));
        assert.equal(pdu.readInt32BE(4), Command.submitSm);
        const message = read(pdu);
        assert.equal(message.sequence, sequence);
        assert.equal(message.source, fields.source.addr);
        assert.equal(message.sourceTon, fields.source.ton);
        assert.equal(message.sourceNpi, fields.source.npi);
        assert.equal(message.destination, String(destination));
        assert.equal(message.destinationTon, fields.dest.ton);
        assert.equal(message.destinationNpi, fields.dest.npi);
        assert.equal(message.esmClass, fields.esmClass);
        assert.equal(message.validityPeriod, fields.validityPeriod);
        assert.equal(message.registeredDelivery, fields.registeredDelivery);
        assert.equal(message.dataCoding, fields.dataCoding);
        assert.deepEqual(message.shortMessage, fields.shortMessage);
        assert.ok(message.addressesFit);
        if (typeof destination === 'number') assert.equal(message.destinationNumber, destination);
      },
    ),
  );
});

test('a deliver_sm is read as it was written, optional parameters among unknown ones', () => {
  fc.assert(
    fc.property(
      fc.record({
        sourceTon: octet,
        sourceNpi: octet,
        source: address,
        destinationTon: octet,
        destinationNpi: octet,
        destination: address,
        esmClass: octet,
        dataCoding: octet,
        shortMessage: octets(254),
        optional: fc
          .array(fc.tuple(fc.integer({ min: 0x1400, max: 0x3fff }), octets(50)), { maxLength: 4 })
          .map((list) => Buffer.concat(list.map(([tag, value]) => tlv(tag, value)))),
      }),
      (fields) => {
        const message = read(written((out) => writeDeliver(out, fields, 7)));
        assert.equal(message.source, String(fields.source));
        assert.equal(message.destination, String(fields.destination));
        assert.equal(message.esmClass, fields.esmClass);
        assert.equal(message.dataCoding, fields.dataCoding);
        assert.deepEqual(message.shortMessage, fields.shortMessage);
      },
    ),
  );
});

test('a text of more than 254 octets travels in message_payload, one of 254 does not', () => {
  const template = (length: number) =>
    buildSubmitTemplate({
      source: { ton: 5, npi: 0, addr: 'Shop' },
      dest: { ton: 1, npi: 1 },
      esmClass: 0,
      validityPeriod: '',
      registeredDelivery: 1,
      dataCoding: 0,
      shortMessage: Buffer.alloc(length, 0x61),
    });
  assert.equal(template(255).tail.length - template(254).tail.length, 5);
  for (const length of [254, 255, 60_000]) {
    const pdu = written((out) => writeSubmit(out, template(length), 491700000000, 1));
    assert.equal(read(pdu).shortMessage.length, length);
  }
  assert.throws(() => template(65_500), RangeError);
});

test('a truncated or mangled body is a PduError and nothing else', () => {
  const template = buildSubmitTemplate({
    source: { ton: 5, npi: 0, addr: 'Shop' },
    dest: { ton: 1, npi: 1 },
    esmClass: 0,
    validityPeriod: '',
    registeredDelivery: 1,
    dataCoding: 0,
    shortMessage: Buffer.alloc(300, 0x61),
  });
  const whole = written((out) => writeSubmit(out, template, 491700000000, 1));
  for (let length = 16; length < whole.length; length++) {
    const cutAtText = length === whole.length - 304;
    if (cutAtText) read(whole.subarray(0, length));
    else assert.throws(() => read(whole.subarray(0, length)), PduError, `cut at ${length}`);
  }
  fc.assert(
    fc.property(octets(200), (body) => {
      try {
        read(Buffer.concat([Buffer.alloc(16), body]));
      } catch (error) {
        assert.ok(error instanceof PduError);
      }
    }),
  );
});

test('a bind is read as it was written, and too long a password is refused without being shown', () => {
  const fields = { systemId: 'user', password: 'secret', systemType: 'VMA' };
  const pdu = written((out) => writeBind(out, Command.bindTransceiver, fields, 1));
  assert.deepEqual(readBind(pdu, 16, pdu.length), { ...fields, interfaceVersion: 0x34 });
  assert.throws(
    () => writeBind(new Outbox(), Command.bindTransceiver, { ...fields, password: 'hush'.repeat(20) }, 1),
    (error: Error) => error instanceof RangeError && !error.message.includes('hush'),
  );
});

test('whole numbers are written as String writes them', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.nat({ max: 200_000_000 })), (number) => {
      const bytes = Buffer.alloc(20);
      assert.equal(bytes.toString('latin1', 0, writeDigits(bytes, 0, number)), String(number));
    }),
  );
  assert.throws(() => writeDigits(Buffer.alloc(20), 0, -1), RangeError);
  assert.throws(() => writeDigits(Buffer.alloc(20), 0, 1.5), RangeError);
});

test('a message id is read with and without its NUL, and from an empty body', () => {
  const pdu = written((out) => writeWithText(out, Command.submitSmResp, 0, 1, 1734567890123456));
  assert.equal(readMessageId(pdu, 16, pdu.length), '1734567890123456');
  assert.equal(readMessageId(pdu, 16, pdu.length - 1), '1734567890123456');
  assert.equal(readMessageId(pdu, 16, 16), '');
});

test('an impossible destination writes nothing', () => {
  const template = buildSubmitTemplate({
    source: { ton: 5, npi: 0, addr: 'Shop' },
    dest: { ton: 1, npi: 1 },
    esmClass: 0,
    validityPeriod: '',
    registeredDelivery: 1,
    dataCoding: 0,
    shortMessage: Buffer.from('x'),
  });
  const out = new Outbox();
  for (const bad of ['1'.repeat(21), 'a\0b', '漢', -1, 1.5, Number.NaN]) {
    assert.throws(() => writeSubmit(out, template, bad, 1), RangeError);
  }
  assert.equal(out.take(), null);
});

test('fields that do not fit are refused when the template is built', () => {
  const good = {
    source: { ton: 5, npi: 0, addr: 'Shop' },
    dest: { ton: 1, npi: 1 },
    esmClass: 0,
    validityPeriod: '',
    registeredDelivery: 1,
    dataCoding: 0,
    shortMessage: Buffer.from('x'),
  };
  assert.throws(
    () => buildSubmitTemplate({ ...good, source: { ton: 5, npi: 0, addr: 'x'.repeat(21) } }),
    RangeError,
  );
  assert.throws(() => buildSubmitTemplate({ ...good, validityPeriod: '2 days' }), RangeError);
  assert.throws(() => buildSubmitTemplate({ ...good, serviceType: 'longer' }), RangeError);
});

test('a relative time is days, hours, minutes and seconds in the format of SMPP', () => {
  assert.equal(relativeTime(3600), '000000010000000R');
  assert.equal(relativeTime(48 * 3600), '000002000000000R');
  assert.equal(relativeTime(71 * 3600), '000002230000000R');
  assert.equal(relativeTime(30), '000000000030000R');
  assert.equal(relativeTime(86_399), '000000235959000R');
  assert.throws(() => relativeTime(0), RangeError);
  assert.throws(() => relativeTime(30 * 86_400 + 1), RangeError);
});

test('an outbox keeps what waits when it grows, and never touches what it gave away', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 40_000 }), fc.boolean()), { maxLength: 40 }), (writes) => {
      const out = new Outbox();
      const taken: Buffer[] = [];
      const expected: Buffer[] = [];
      for (const [i, [length, take]] of writes.entries()) {
        const at = out.room(length);
        out.bytes.fill(i, at, at + length);
        out.end = at + length;
        expected.push(Buffer.alloc(length, i));
        if (take) taken.push(out.take() ?? Buffer.alloc(0));
      }
      taken.push(out.take() ?? Buffer.alloc(0));
      assert.ok(Buffer.concat(taken).equals(Buffer.concat(expected)));
    }),
    { numRuns: 30 },
  );
});

test('statuses have names, and unknown ones their number', () => {
  assert.equal(esmeName(Esme.ESME_RTHROTTLED), 'ESME_RTHROTTLED');
  assert.equal(esmeName(0x400), '0x00000400');
});
