// Proves the one-time codes against the vectors of RFC 6238, and what is stored of secrets and recovery codes.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Secret } from 'otpauth';
import { decrypt, encrypt, enrolmentUri, hashRecovery, newRecoveryCodes, newSecret, stepOf } from './totp.ts';

test('codes are those of RFC 6238, in their period and the ones beside it', () => {
  const secret = Secret.fromLatin1('12345678901234567890').base32;
  // The last six digits of its vectors for SHA-1.
  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [2000000000, '279037'],
  ] as const) {
    const step = Math.floor(seconds / 30);
    assert.equal(stepOf(secret, code, seconds * 1000), step);
    assert.equal(stepOf(secret, `${code.slice(0, 3)} ${code.slice(3)}`, (seconds + 30) * 1000), step);
    assert.equal(stepOf(secret, code, (seconds + 90) * 1000), undefined);
  }
  for (const code of ['', '28708', '2870822', 'abcdef', '287083'])
    assert.equal(stepOf(secret, code, 59_000), undefined);
});

test('an authenticator learns the secret from the address', () => {
  const secret = newSecret();
  const uri = new URL(enrolmentUri(secret, 'ann@example.org'));
  assert.equal(uri.protocol, 'otpauth:');
  assert.equal(uri.searchParams.get('secret'), secret);
  assert.match(decodeURIComponent(uri.pathname), /Carillon:ann@example\.org$/);
});

test('recovery codes are all different and recognised however they are typed', () => {
  const codes = newRecoveryCodes();
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  const [code = ''] = codes;
  assert.deepEqual(hashRecovery(code.toUpperCase().replaceAll('-', ' ')), hashRecovery(code));
});

test('a stored secret is read with its key alone', () => {
  const key = randomBytes(32);
  const stored = encrypt('JBSWY3DPEHPK3PXP', key);
  assert.equal(decrypt(stored, key), 'JBSWY3DPEHPK3PXP');
  assert.ok(!stored.includes('JBSWY3DPEHPK3PXP'));
  assert.throws(() => decrypt(stored, randomBytes(32)));
});
