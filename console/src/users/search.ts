// What the address of the list of users keeps. Read by the router and by UsersPage.
import type { Role } from '../api/types.ts';
import { defined, oneOf, text, whole } from '../components/listSearch.ts';

export const roles: readonly Role[] = ['customer', 'moderator', 'administrator'];

export type UserSearch = { offset?: number; text?: string; role?: Role };

/** Reads it from what the address says. */
export function userSearch(given: Record<string, unknown>): UserSearch {
  return defined({ offset: whole(given.offset, 1), text: text(given.text), role: oneOf(roles, given.role) });
}
