// Passwords: how they are made, stored and compared. Pure but for the work; used by sign-in.ts and users.ts.

import { randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import pLimit from 'p-limit';

/** N=2^15, r=8, p=3 is one of the settings of the OWASP cheat sheet: 32 MiB and a tenth of a second and more. */
const cost = { N: 2 ** 15, r: 8, p: 3 };

/** scrypt takes 128·N·r bytes, and a little; Node's limit is 32 MiB unless told. */
const maxmem = 64 * 1024 * 1024;

/** At once: each takes its memory and a thread of Node's four, which files and names need too. */
const atOnce = pLimit(2);

export const shortestPassword = 10;
export const longestPassword = 256;

/** What is stored of a password: `scrypt$N$r$p$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether a password is the one that was stored. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = stored.split('$');
  const right = Buffer.from(hash, 'base64url');
  const options = { N: Number(N), r: Number(r), p: Number(p) };
  const given = await derive(password, Buffer.from(salt, 'base64url'), right.length, options);
  return timingSafeEqual(given, right);
}

let nobody: Promise<string> | undefined;

/** Takes as long as `isPassword` does: for a user that does not exist. */
export async function pretendPassword(password: string): Promise<false> {
  nobody ??= hashPassword(randomBytes(16).toString('hex'));
  await isPassword(password, await nobody);
  return false;
}

/** The letters and digits that nobody takes for another. */
const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A new password of 20 characters in four groups: 115 bits. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}

// The same characters, however a keyboard composes them.
function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return atOnce(
    () =>
      new Promise<Buffer>((done, fail) => {
        scrypt(password.normalize('NFKC'), salt, length, { ...options, maxmem }, (error, key) =>
          error === null ? done(key) : fail(error),
        );
      }),
  );
}
