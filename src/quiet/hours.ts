// Quiet hours of accounts: set and removed by the command line and the admin API, asked for by the engine.

import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { type Identity, notFound } from '../http/index.ts';
import { callingCodes } from '../phones/index.ts';
import { refused } from './errors.ts';
import { openMinutes, type QuietSpan, quietUntil } from './quiet.ts';
import { formatSpan } from './span.ts';
import {
  deleteQuietHours,
  type Queryable,
  type QuietHours,
  selectQuietHours,
  upsertQuietHours,
} from './store.ts';
import { timeZonesOf } from './time-zones.ts';

/** Who changes them; null: the command line. */
export type Actor = Pick<Identity, 'accountId' | 'keyId' | 'userId'> | null;

/** What quiet hours must leave of a day in every country that they are for: enough to send something. */
const leastOpenMinutes = 60;

/**
 * Sets an account's quiet hours in a country (ISO 3166-1 alpha-2), or with null in all that have none of their own.
 * They count for what has not left yet of campaigns that respect them. Throws a Refusal where there is no such
 * country, or where the span leaves less than an hour of the day in it.
 */
export async function setQuietHours(
  db: Db,
  accountId: number,
  country: string | null,
  span: QuietSpan,
  by: Actor,
): Promise<void> {
  if (country !== null && timeZonesOf(country).length === 0) throw refused.noCountry(country);
  const known = await selectQuietHours(db.pool, [accountId]);
  const own = new Set(known.map((hours) => hours.country));
  const concerned = country === null ? everyCountry().filter((each) => !own.has(each)) : [country];
  const year = new Date().getUTCFullYear();
  const closed = concerned.filter((one) => openMinutes(span, timeZonesOf(one), year) < leastOpenMinutes);
  if (closed.length > 0) throw refused.nothingOpen(closed, country === null);
  await transaction(db, async (client) => {
    if (!(await upsertQuietHours(client, { accountId, country, span }))) throw notFound('account');
    await recordAudit(client, {
      identity: by,
      action: 'account.quiet_hours',
      subject: `account/${accountId}`,
      ownerId: accountId,
      details: { country, span: formatSpan(span) },
    });
  });
}

function everyCountry(): string[] {
  return [...new Set(callingCodes().map(({ country }) => country))].sort();
}

/** Removes an account's quiet hours of a country, or those of all others. @returns whether there were any */
export function clearQuietHours(
  db: Db,
  accountId: number,
  country: string | null,
  by: Actor,
): Promise<boolean> {
  return transaction(db, async (client) => {
    if (!(await deleteQuietHours(client, accountId, country))) return false;
    await recordAudit(client, {
      identity: by,
      action: 'account.quiet_hours',
      subject: `account/${accountId}`,
      ownerId: accountId,
      details: { country, span: null },
    });
    return true;
  });
}

/** An account's quiet hours, those for every country first. */
export function listQuietHours(db: Db, accountId: number): Promise<QuietHours[]> {
  return selectQuietHours(db.pool, [accountId]);
}

/** Until when an account's messages to a country are held; undefined: they may leave. */
export type Quietness = (accountId: number, country: string, at: Date) => Date | undefined;

/** The quiet hours of these accounts as they are now. */
export async function loadQuietness(sql: Queryable, accountIds: readonly number[]): Promise<Quietness> {
  const spans = new Map<string, QuietSpan>();
  for (const { accountId, country, span } of await selectQuietHours(sql, accountIds)) {
    spans.set(`${accountId} ${country ?? '*'}`, span);
  }
  return (accountId, country, at) => {
    const span = spans.get(`${accountId} ${country}`) ?? spans.get(`${accountId} *`);
    return span === undefined ? undefined : quietUntil(span, timeZonesOf(country), at);
  };
}
