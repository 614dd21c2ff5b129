// Finds the key behind a request, with a cache so short that a revoked key dies within a second. One per process,
// made by app.ts and asked by the HTTP server's authentication.

import type { Db } from '../db/index.ts';
import type { KeyIdentity, KeySource } from '../http/index.ts';
import { hashOf, looksLikeKey } from './api-key.ts';
import { selectIdentity } from './key-store.ts';

/** How long an answer of the database is believed: the time in which a revoked key may still work. */
const believedMs = 1000;

/** More keys than one process serves within a second; beyond it the cache starts anew. */
const cacheSize = 10_000;

/** Valid keys of the database, unknown ones included in the cache. */
export function keySource(db: Db): KeySource {
  const cache = new Map<string, { until: number; answer: Promise<KeyIdentity | undefined> }>();

  function remembered(
    name: string,
    look: () => Promise<KeyIdentity | undefined>,
  ): Promise<KeyIdentity | undefined> {
    const now = performance.now();
    const known = cache.get(name);
    if (known !== undefined && known.until > now) return known.answer;
    if (cache.size >= cacheSize) cache.clear();
    const answer = look();
    cache.set(name, { until: now + believedMs, answer });
    answer.catch(() => cache.delete(name));
    return answer;
  }

  return {
    async byKey(key) {
      if (!looksLikeKey(key)) return undefined;
      const hash = hashOf(key);
      return remembered(hash.toString('base64'), () => selectIdentity(db.pool, { hash }));
    },
    byId: (id) => remembered(`#${id}`, () => selectIdentity(db.pool, { id })),
  };
}
