import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLog } from './log.ts';
import { maskLine, maskPhone } from './mask.ts';

/** What a logger of this level writes while `log` runs, as text and as objects. */
function written(log: (to: ReturnType<typeof createLog>) => void, level: 'info' | 'debug' = 'info') {
  const lines: string[] = [];
  log(createLog(level, { write: (line) => void lines.push(line) }));
  return { text: lines.join(''), objects: lines.map((line) => JSON.parse(line)) };
}

test('a phone number is masked wherever it stands, and the line stays JSON', () => {
  const places: ((phone: number) => [object, string])[] = [
    (phone) => [{}, `to ${phone}`],
    (phone) => [{}, `to +${phone}, "${phone}" and /api/messages?phone=${phone}`],
    (phone) => [{ number: phone }, 'a number'],
    (phone) => [{ numbers: [phone, 5, phone], deep: { er: [phone] } }, 'numbers'],
    (phone) => [{ note: `{"number":${phone},"numbers":[${phone},${phone}]}` }, 'JSON in JSON'],
    (phone) => [{ err: new Error(`invalid input syntax for type bigint: "${phone}"`) }, 'an error'],
    (phone) => [
      { err: Object.assign(new Error('COPY'), { where: `COPY message, line 3: "${phone}"` }) },
      'x',
    ],
    (phone) => [{ err: Object.assign(new Error('x'), { hint: `Key (phone)=(${phone})` }) }, 'x'],
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.integer({ min: 1_000_000_000, max: 999_999_999_999_999 }),
      (place, phone) => {
        const { text, objects } = written((log) => log.info(...place(phone)));
        assert.ok(!text.includes(String(phone)), text);
        assert.equal(objects.length, 1);
      },
    ),
  );
  assert.equal(maskPhone(380_501_234_567), '3805•••4567');
  assert.equal(maskPhone('+380501234567'), '+3805•••4567');
  assert.match(written((log) => log.info('to 380501231234')).text, /to 3805•••1234/);
});

test('times and our own ids are not phone numbers', () => {
  const fields = {
    campaign: 12_345_678_901,
    batch: 12_345_678_901,
    messages: 1000,
    nextTryMs: 123.4567890123,
  };
  const { objects } = written((log) => log.warn({ ...fields, example: '12345678901' }, 'lost'));
  assert.deepEqual({ ...objects[0], ...fields, example: '12345678901' }, objects[0]);
  assert.ok(Math.abs(objects[0].time - Date.now()) < 3_600_000);
});

test('passwords, keys and tokens are not written, at any level and in any place', () => {
  const secrets = [
    's3cr:et@pw',
    'live_abcdefgh12345678',
    'test_ABCDEFGH_abc-def',
    'eyJhbGciOi.eyJzdWIiOi.c2ln',
  ];
  const [password = '', ...others] = secrets;
  for (const secret of others) {
    assert.ok(!maskLine(`it was ${secret}.`).includes(secret.slice(6)), secret);
  }
  const { text } = written((log) => {
    log.debug({ config: { databaseUrl: `postgresql://me:${password}@db/x`, password } }, 'configured');
    log.debug({ operator: { systemId: 'me', password } }, 'operator');
    log.debug({ req: { headers: { authorization: others[2], 'x-api-key': others[0] } } }, 'asked');
    log.info({ err: new Error(`cannot open postgresql://me:${password}@db:5432/x`) }, 'gone');
    log.info({ api_key: others[1], text: 'Dear customer' }, 'body');
  }, 'debug');
  for (const secret of [...secrets, 'Dear customer']) assert.ok(!text.includes(secret), text);
  assert.match(text, /postgresql:\/\/me:•••@db:5432/);
});
