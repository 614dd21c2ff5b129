// One-time codes of an authenticator (RFC 6238) and the recovery codes for who lost it. Pure; used by sign-in.ts and
// totp-enrolment.ts. The secret lies encrypted in the database under a key of the installation, so that a query or an
// export of the table does not show it.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const issuer = 'Carillon';
const periodSeconds = 30;

/** Clocks may differ by one period. */
const tolerance = 1;

/** A new secret of 160 bits, in base32. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

function generator(secret: string, email: string): TOTP {
  return new TOTP({
    issuer,
    label: email,
    secret: Secret.fromBase32(secret),
    period: periodSeconds,
    digits: 6,
  });
}

/** The address that an authenticator reads from a QR code. */
export function enrolmentUri(secret: string, email: string): string {
  return generator(secret, email).toString();
}

/** The period whose code this is, counted from 1970; undefined: no code of now. */
export function stepOf(secret: string, code: string, now: number = Date.now()): number | undefined {
  const token = code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = generator(secret, '').validate({ token, timestamp: now, window: tolerance });
  return delta === null ? undefined : Math.floor(now / 1000 / periodSeconds) + delta;
}

const recoveryCount = 10;
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** New recovery codes, each of 80 bits in four groups. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCount }, () =>
    [...randomBytes(16)].map((byte, i) => (i > 0 && i % 4 === 0 ? '-' : '') + base32[byte & 31]).join(''),
  );
}

/** What is stored of a recovery code. It is random, so a plain SHA-256 needs neither salt nor stretching. */
export function hashRecovery(code: string): Buffer {
  return createHash('sha256')
    .update(code.toLowerCase().replaceAll(/[^a-z2-7]/g, ''))
    .digest();
}

const algorithm = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];

/** A secret as it is stored: nonce, tag and cipher text. */
export function encrypt(secret: string, key: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv);
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** The secret again; throws where it was encrypted with another key. */
export function decrypt(stored: Buffer, key: Uint8Array): string {
  const decipher = createDecipheriv(algorithm, key, stored.subarray(0, ivBytes));
  decipher.setAuthTag(stored.subarray(ivBytes, ivBytes + tagBytes));
  return decipher.update(stored.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
}
