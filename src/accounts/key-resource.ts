// API keys in the words of HTTP. Called by the routes of administrators and by those of the console.

import type { Static } from 'typebox';
import { formatMaybe, formatMoment } from '../http/index.ts';
import type { NewKey } from './admin-schemas.ts';
import type { KeyInfo } from './key-store.ts';
import type { KeyOptions } from './keys.ts';

/** A key as lists show it. */
export function keyResource(key: KeyInfo) {
  return {
    id: key.id,
    hint: key.hint,
    account_id: key.accountId,
    kind: key.kind,
    name: key.name,
    scopes: key.scopes,
    addresses: key.addresses,
    requests_per_minute: key.requestsPerMinute,
    created_at: formatMoment(key.createdAt),
    last_used_at: formatMaybe(key.lastUsedAt),
    revoked_at: formatMaybe(key.revokedAt),
  };
}

/** What a request gives a new key. */
export function keyOptions(
  body: Pick<Static<typeof NewKey>, 'name' | 'scopes' | 'addresses' | 'requests_per_minute'>,
): KeyOptions {
  const { name, scopes, addresses, requests_per_minute: requestsPerMinute } = body;
  return {
    ...(name === undefined ? {} : { name }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
  };
}
