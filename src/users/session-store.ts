// The SQL of the console's sessions. Called by sessions.ts.

import type { Identity } from '../http/index.ts';
import type { UserRole } from './roles.ts';
import type { Queryable } from './user-store.ts';

/** A session as its user sees it. */
export type Session = {
  id: number;
  userId: number;
  createdAt: Date;
  /** To the minute. */
  lastSeenAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
};

/** After its last request, and after signing in, whatever comes first. */
export const idleHours = 12;
export const lifeDays = 7;

const alive = (s: string) =>
  `${s}.expires_at > now() and ${s}.last_seen_at > now() - interval '${idleHours} hours'`;

/** More sessions than one person's browsers hold; beyond it the oldest end. */
const maxSessions = 20;

const columns = `id, user_id as "userId", created_at as "createdAt", last_seen_at as "lastSeenAt",
  expires_at as "expiresAt", ip, user_agent as "userAgent"`;

/** Begins a session, and forgets those that have ended. */
export async function insertSession(
  sql: Queryable,
  session: { tokenHash: Buffer; userId: number; ip: string; userAgent: string | null },
): Promise<Session> {
  await sql.query('delete from session where expires_at < now()');
  await sql.query(
    `delete from session where user_id = $1 and id in
       (select id from session where user_id = $1 order by id desc offset $2)`,
    [session.userId, maxSessions - 1],
  );
  const { rows } = await sql.query<Session>(
    `insert into session (token_hash, user_id, ip, user_agent, expires_at)
     values ($1, $2, $3, $4, now() + interval '${lifeDays} days') returning ${columns}`,
    [session.tokenHash, session.userId, session.ip, session.userAgent],
  );
  return rows[0]!;
}

/** Who a live session belongs to. The time of its last use is kept to the minute, so that reads stay reads. */
export async function selectIdentity(
  sql: Queryable,
  tokenHash: Buffer,
): Promise<(Identity & { userRole: UserRole }) | undefined> {
  const { rows } = await sql.query<Identity & { userRole: UserRole; stale: boolean }>({
    name: 'select-session',
    text: `select s.id as "sessionId", u.id as "userId", u.account_id as "accountId", null as "keyId", 'live' as kind,
       a.role, a.currency, a.tariff_id as "tariffId", u.role as "userRole",
       u.must_change_password as "mustChangePassword",
       s.last_seen_at < now() - interval '1 minute' as stale
     from session s join app_user u on u.id = s.user_id join account a on a.id = u.account_id
     where s.token_hash = $1 and u.disabled_at is null and ${alive('s')}`,
    values: [tokenHash],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { stale, ...identity } = row;
  if (stale) await sql.query('update session set last_seen_at = now() where id = $1', [identity.sessionId]);
  return identity;
}

/** The live sessions of a user, the newest first. */
export async function selectSessions(sql: Queryable, userId: number): Promise<Session[]> {
  const { rows } = await sql.query<Session>(
    `select ${columns} from session s where user_id = $1 and ${alive('s')} order by id desc`,
    [userId],
  );
  return rows;
}

/** Which of these sessions are live. */
export async function selectLive(sql: Queryable, sessionIds: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql.query<{ id: number }>(
    `select s.id from session s join app_user u on u.id = s.user_id
     where s.id = any ($1) and u.disabled_at is null and ${alive('s')}`,
    [sessionIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Ends sessions: one of a user, all of them, or all but one. Gives how many there were. */
export async function deleteSessions(
  sql: Queryable,
  userId: number,
  which: { only?: number; except?: number | undefined } = {},
): Promise<number> {
  const { rowCount } = await sql.query(
    `delete from session where user_id = $1 and ($2::bigint is null or id = $2) and ($3::bigint is null or id <> $3)`,
    [userId, which.only ?? null, which.except ?? null],
  );
  return rowCount ?? 0;
}

/** Ends the session of a token, whoever's it is. */
export async function deleteByToken(sql: Queryable, tokenHash: Buffer): Promise<void> {
  await sql.query('delete from session where token_hash = $1', [tokenHash]);
}
