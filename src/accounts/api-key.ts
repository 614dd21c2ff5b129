// The text of an API key: how it is made, recognised and stored. Pure; used by key-store.ts and key-source.ts.

import { createHash, randomBytes } from 'node:crypto';

export type KeyKind = 'live' | 'test';

/** 24 random bytes are 32 characters of base64url: 192 bits, beyond guessing. */
const randomLength = 24;

/** How much of a key lists show: its kind and four characters, which leaves 168 secret bits. */
const hintLength = 'live_'.length + 4;

/** A new key, such as `live_` and 32 random characters. It is shown once and never stored. */
export function generateKey(kind: KeyKind): { key: string; hint: string; hash: Buffer } {
  const key = `${kind}_${randomBytes(randomLength).toString('base64url')}`;
  return { key, hint: key.slice(0, hintLength), hash: hashOf(key) };
}

/** Whether a text can be a key at all, so that garbage is not looked up. */
export function looksLikeKey(text: string): boolean {
  return /^(live|test)_[A-Za-z0-9_-]{32,100}$/.test(text);
}

/** What is stored of a key. A key is random, so a plain SHA-256 needs neither salt nor stretching. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
