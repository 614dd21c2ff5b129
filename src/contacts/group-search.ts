// Lists and searches of an account's groups. An account has thousands at most, so every search reads all of them.
// Called by the routes.

import { type Conditions, conditions, type Db } from '../db/index.ts';
import { type FieldErrors, invalid, type Page } from '../http/index.ts';
import { type Criterion, type Kind, testOf } from './criteria.ts';

export type GroupSort = {
  by: 'id' | 'items' | 'name' | 'description' | 'created_at';
  way: 'asc' | 'desc';
};

const kinds: Record<string, Kind> = {
  ...{
    id: 'integer',
    name: 'text',
    items: 'integer',
    created_at: 'moment',
    phone: 'phone',
    description: 'text',
  },
};

const folded = (sql: string) => `lower(${sql} collate "pg_c_utf8")`;

const sortColumns: Record<GroupSort['by'], string> = {
  ...{ id: 'g.id', items: 'g.items', created_at: 'g.created_at' },
  ...{ name: folded('g.name'), description: folded('g.description') },
};

/** The ids of a page of groups, and how many there are in all. */
export async function searchGroups(
  db: Db,
  accountId: number,
  criteria: readonly Criterion[],
  sort: GroupSort,
  page: Page,
): Promise<{ ids: number[]; total: number }> {
  const errors: FieldErrors = {};
  const chosen = conditions();
  chosen.where((p) => `g.account_id = ${p}`, accountId);
  for (const criterion of criteria) addCondition(chosen, criterion, errors);
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const [{ rows }, totals] = await Promise.all([
    db.pool.query<{ id: number }>(
      `select g.id from contact_group g where ${chosen.sql}
       order by ${sortColumns[sort.by]} ${sort.way} nulls last, g.id ${sort.way}
       limit ${page.limit} offset ${page.offset}`,
      chosen.values,
    ),
    db.pool.query<{ total: number }>(
      `select count(*) as total from contact_group g where ${chosen.sql}`,
      chosen.values,
    ),
  ]);
  return { ids: rows.map((row) => row.id), total: totals.rows[0]!.total };
}

function addCondition({ where }: Conditions, criterion: Criterion, errors: FieldErrors): void {
  const { field, at } = criterion;
  const kind = Object.hasOwn(kinds, field) ? kinds[field] : undefined;
  if (kind === undefined) {
    errors[`${at}[field]`] = [`This must be one of: ${Object.keys(kinds).join(', ')}.`];
    return;
  }
  const test = testOf(kind, criterion, errors);
  if (test === undefined) return;
  if (field === 'phone') {
    // A contact of the group has such a phone: by $1, the account.
    const holds = (condition: string) =>
      `exists (select from contact_group_member m join contact c on c.account_id = g.account_id and c.id = m.contact_id
        where m.group_id = g.id and ${condition})`;
    if ('like' in test) where((p) => holds(`strpos(c.phone::text, ${p}) > 0`), test.like);
    else
      for (const [operator, bound] of test.bounds)
        where((p) => holds(`c.phone ${operator} ${p}::bigint`), bound);
  } else if ('like' in test) {
    where((p) => `strpos(${folded(`g.${field}`)}, ${folded(`${p}::text`)}) > 0`, test.like);
  } else {
    for (const [operator, bound] of test.bounds) {
      where(
        (p) =>
          kind === 'text'
            ? `${folded(`g.${field}`)} = ${folded(`${p}::text`)}`
            : `g.${field} ${operator} ${p}`,
        bound,
      );
    }
  }
}
