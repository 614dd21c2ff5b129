// What the roles of users may do, in the scopes of API keys. Pure; used by everything of this folder.

import { adminScopes, type Scope } from '../http/index.ts';

export const userRoles = ['customer', 'moderator', 'administrator'] as const;
export type UserRole = (typeof userRoles)[number];

export const permissionsOf: Record<UserRole, readonly Scope[]> = {
  customer: ['send', 'read'],
  moderator: ['send', 'read', 'moderate'],
  administrator: ['send', 'read', 'moderate', 'admin'],
};

/** Whether a role reaches things of every account: then its users belong to an account of administrators, as its keys do. */
export function reachesAll(role: UserRole): boolean {
  return permissionsOf[role].some((scope) => adminScopes.includes(scope));
}
