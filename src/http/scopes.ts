// What an API key may do. Every route below /api and /admin/api demands one scope; authentication.ts checks it before
// the body is read.

/** `send` creates and changes campaigns, `read` looks at them; `moderate` and `admin` are for administrators' keys. */
export const scopes = ['send', 'read', 'moderate', 'admin'] as const;

export type Scope = (typeof scopes)[number];

/** The scopes that only keys of accounts with the role `admin` may have: they reach things of every account. */
export const adminScopes: readonly Scope[] = ['moderate', 'admin'];

/** Which scope a route demands: what its config names, or by its path and method; `any` key may use `any`. */
export function scopeOf(route: {
  url: string;
  method: string | readonly string[];
  scope: Scope | 'any' | undefined;
}): Scope | 'any' {
  if (route.scope !== undefined) return route.scope;
  if (route.url.startsWith(adminPrefix)) return 'admin';
  if (route.url.startsWith(consolePrefix)) return 'any';
  const methods = typeof route.method === 'string' ? [route.method] : route.method;
  return methods.every((method) => method === 'GET' || method === 'HEAD') ? 'read' : 'send';
}

/** Where the API of customers and the one of administrators begin. */
export const apiPrefix = '/api/';
export const adminPrefix = '/admin/api/';
/** Where the API begins that serves the console alone: a session is needed, a key does not count. */
export const consolePrefix = '/console/api/';
