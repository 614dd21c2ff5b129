// Lists and searches of the stop list. Called by the routes.

import { conditions, type Db } from '../db/index.ts';
import { type FieldErrors, invalid, type Page } from '../http/index.ts';
import { type Criterion, type Kind, testOf } from './criteria.ts';
import type { Queryable } from './sql.ts';
import { type Channel, channels } from './stop-list.ts';

export type StopRow = { id: number; phone: number; createdAt: Date } & Record<Channel, boolean>;

export type StopFilter = {
  type?: Channel | undefined;
  /** Only contacts in this group of the account. */
  groupId?: number | undefined;
  criteria?: readonly Criterion[];
};

export type StopSort = { by: 'id' | 'phone'; way: 'asc' | 'desc' };

const columns = `s.id, s.phone, s.created_at as "createdAt", ${channels.map((channel) => `s.${channel}`).join(', ')}`;

const kinds: Record<string, Kind> = { id: 'integer', phone: 'phone', created_at: 'moment', type: 'choice' };

/** A page of the stop list, and how many entries there are in all. */
export async function searchStopList(
  db: Db,
  accountId: number,
  { type, groupId, criteria = [] }: StopFilter,
  sort: StopSort,
  page: Page,
): Promise<{ rows: StopRow[]; total: number }> {
  const errors: FieldErrors = {};
  const chosen = conditions();
  const { where } = chosen;
  where((p) => `s.account_id = ${p}`, accountId);
  if (type !== undefined) where((p) => `${p}::boolean and s.${type}`, true);
  where(
    (p) => `exists (select from contact c join contact_group_member m on m.contact_id = c.id
      join contact_group g on g.id = m.group_id
      where c.account_id = s.account_id and c.phone = s.phone and g.id = ${p} and g.account_id = s.account_id)`,
    groupId,
  );
  for (const criterion of criteria) {
    const { field, at } = criterion;
    const kind = Object.hasOwn(kinds, field) ? kinds[field] : undefined;
    if (kind === undefined)
      errors[`${at}[field]`] = [`This must be one of: ${Object.keys(kinds).join(', ')}.`];
    const test = kind === undefined ? undefined : testOf(kind, criterion, errors, channels);
    if (test === undefined) continue;
    if ('like' in test) where((p) => `strpos(s.phone::text, ${p}) > 0`, test.like);
    else if (kind === 'choice') where((p) => `${p}::boolean and s.${test.bounds[0]![1]}`, true);
    else for (const [operator, bound] of test.bounds) where((p) => `s.${field} ${operator} ${p}`, bound);
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<StopRow>(
      `select ${columns} from stop_entry s where ${chosen.sql}
       order by s.${sort.by} ${sort.way} limit ${page.limit} offset ${page.offset}`,
      chosen.values,
    ),
    db.pool.query<{ total: number }>(
      `select count(*) as total from stop_entry s where ${chosen.sql}`,
      chosen.values,
    ),
  ]);
  return { rows, total: totals.rows[0]!.total };
}

/** The entries of these numbers, by their ids. */
export async function selectStops(
  sql: Queryable,
  accountId: number,
  phones: readonly number[],
): Promise<StopRow[]> {
  const { rows } = await sql.query<StopRow>(
    `select ${columns} from stop_entry s where s.account_id = $1 and s.phone = any($2) order by s.id`,
    [accountId, phones],
  );
  return rows;
}
