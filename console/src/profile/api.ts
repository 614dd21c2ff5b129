// What a user does with the own profile, and an administrator with users. Described in docs/reference/console-api.md.
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import type { Permission } from '../api/types.ts';

export type OwnSession = {
  id: number;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  ip: string | null;
  user_agent: string | null;
  current: boolean;
};

/** Where the user is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ['profile', 'sessions'],
  queryFn: async ({ signal }) =>
    (await api.get<{ data: OwnSession[] }>('/console/api/me/sessions', { signal })).data,
});

export type Key = {
  id: number;
  hint: string;
  kind: 'live' | 'test';
  name: string | null;
  scopes: Permission[];
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
};

/** The keys of the account, those in use first as the server gives them. */
export function keysQuery(offset: number, limit: number) {
  const query = { 'page[offset]': offset, 'page[limit]': limit };
  return queryOptions({
    queryKey: ['profile', 'keys', query],
    queryFn: ({ signal }) => api.get<Page<Key>>('/console/api/keys', { query, signal }),
  });
}
