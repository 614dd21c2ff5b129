// The sessions of the console: the token in the cookie, and who it stands for. Called by the routes, and for every
// request with a cookie by the HTTP server's authentication.

import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../db/index.ts';
import type { SessionSource } from '../http/index.ts';
import { permissionsOf } from './roles.ts';
import { insertSession, type Session, selectIdentity, selectLive } from './session-store.ts';
import type { Queryable } from './user-store.ts';

/** 32 random bytes, beyond guessing. */
const tokenBytes = 32;
const longestAgent = 300;

/** From where a user comes. */
export type Visitor = { ip: string; userAgent: string | undefined };

/** Begins a session with a token that nobody has seen before. */
export async function beginSession(
  sql: Queryable,
  userId: number,
  { ip, userAgent }: Visitor,
): Promise<{ token: string; session: Session }> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const agent = userAgent?.slice(0, longestAgent) ?? null;
  const session = await insertSession(sql, { tokenHash: hashToken(token), userId, ip, userAgent: agent });
  return { token, session };
}

/** What is stored of a token. It is random, so a plain SHA-256 needs neither salt nor stretching. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Finds live sessions. Nothing is remembered: a session that is ended works no more. */
export function sessionSource(db: Db): SessionSource {
  return async (token) => {
    const found = await selectIdentity(db.pool, hashToken(token));
    if (found === undefined) return undefined;
    const { userRole, ...identity } = found;
    return { ...identity, scopes: permissionsOf[userRole], addresses: [], requestsPerMinute: null };
  };
}

/** Which of these sessions are live still, for what goes on for longer than a request. */
export function liveSessions(db: Db, sessionIds: readonly number[]): Promise<Set<number>> {
  return selectLive(db.pool, sessionIds);
}
