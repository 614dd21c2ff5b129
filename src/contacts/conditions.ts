// The conditions of a search for contacts in SQL: each as a condition on a contact, and as a way to its contacts by an
// index. Bounds of one field are one condition, so that a range is read as one; so are all texts, whose index gives the
// contacts that have all of them. Pure; called by contact-search.ts.

import type { FieldErrors } from '../http/index.ts';
import { type Criterion, type Kind, testOf } from './criteria.ts';
import { secondsOf } from './field-types.ts';
import type { Field } from './fields.ts';
import { fold, phoneParts, textParts, wholeText } from './grams.ts';

/** One condition. `$1` is the account. */
export type Condition = {
  /** Holds of a contact `c`. */
  holds: string;
  /** FROM and WHERE of the contacts `c` for which it holds, by an index; undefined where no index helps. */
  from: string | undefined;
  /** The same as cheap to count as it can be. */
  counted: string | undefined;
  /** Whether counting it reads an index alone. */
  countsFast: boolean;
  /** Whether `from` gives the contacts in the order of their ids when asked to, and by which column. */
  inOrder: string | undefined;
  /** The group, where it is the condition to be in it. */
  groupId?: number;
};

/** The values of the parameters of a statement. */
export type Parameters = { values: unknown[]; add(value: unknown, type?: string): string };

/** `$1` is the first value. */
export function parameters(first: unknown): Parameters {
  const values = [first];
  return {
    values,
    add(value, type) {
      values.push(value);
      return `$${values.length}${type === undefined ? '' : `::${type}`}`;
    },
  };
}

const ofAccount = 'c.account_id = $1';

const columns: Record<string, { kind: Kind; type: string }> = {
  id: { kind: 'integer', type: 'bigint' },
  phone: { kind: 'phone', type: 'bigint' },
  created_at: { kind: 'moment', type: 'timestamptz' },
  group_id: { kind: 'one', type: 'bigint' },
};

/** The conditions that a search for contacts has. What makes no sense is noted in `errors`. */
export function conditionsOf(
  accountId: number,
  criteria: readonly Criterion[],
  fields: readonly Field[],
  params: Parameters,
  errors: FieldErrors,
): Condition[] {
  const made: Condition[] = [];
  const texts: Texts[] = [];
  const ranges = new Map<string, Bounds>();
  for (const criterion of criteria) {
    const { field: name, at } = criterion;
    const field = /^\d{1,15}$/.test(name) ? fields.find((each) => each.id === Number(name)) : undefined;
    const kind = Object.hasOwn(columns, name) ? columns[name]!.kind : field?.type;
    if (kind === undefined) {
      errors[`${at}[field]`] = ['This must be id, phone, group_id, created_at, or the id of a field.'];
      continue;
    }
    const test = testOf(kind, criterion, errors);
    if (test === undefined) continue;
    if ('like' in test) {
      texts.push(
        field === undefined ? phoneLike(accountId, test.like, params) : textLike(field.id, test.like, params),
      );
    } else if (field?.type === 'text') {
      texts.push(textEquals(field.id, String(test.bounds[0]![1]), params));
    } else if (name === 'group_id') {
      made.push(inGroups([Number(test.bounds[0]![1])], params));
    } else {
      const key = field === undefined ? name : String(field.id);
      ranges.set(key, [...(ranges.get(key) ?? []), ...test.bounds]);
    }
  }
  for (const [key, bounds] of ranges) {
    const field = fields.find((each) => String(each.id) === key);
    made.push(field === undefined ? columnRange(key, bounds, params) : valueRange(field, bounds, params));
  }
  if (texts.length > 0) made.push(byGrams(texts, params));
  return made;
}

type Bounds = [operator: string, bound: string | number | Date][];

function columnRange(name: string, bounds: Bounds, params: Parameters): Condition {
  const { type } = columns[name]!;
  const holds = bounds
    .map(([operator, bound]) => `c.${name} ${operator} ${params.add(bound, type)}`)
    .join(' and ');
  const from = `from contact c where ${ofAccount} and ${holds}`;
  return { holds, from, counted: from, countsFast: true, inOrder: name === 'id' ? 'c.id' : undefined };
}

/** A number or a date. The texts of stored dates have the order of their moments, as midnight is written as the day. */
function valueRange({ id, type }: Field, bounds: Bounds, params: Parameters): Condition {
  const stored = `(c.fields ->> '${id}')`;
  const holds = bounds.map(([operator, bound]) =>
    bound instanceof Date
      ? `${stored} collate "C" ${operator} ${params.add(dateText(bound), 'text')}`
      : `${stored}::numeric ${operator} ${params.add(bound, 'numeric')}`,
  );
  const inIndex = bounds.map(([operator, bound]) => {
    const value = bound instanceof Date ? secondsOf(bound) : bound;
    return `v.value ${operator} ${params.add(value, 'numeric')}`;
  });
  const where = `v.field_id = ${id} and ${inIndex.join(' and ')}`;
  const equal = type === 'number' && bounds.length === 1 && bounds[0]![0] === '=';
  return {
    holds: holds.join(' and '),
    from: `from contact_value v join contact c on ${ofAccount} and c.id = v.contact_id where ${where}`,
    counted: `from contact_value v where ${where}`,
    countsFast: true,
    inOrder: equal ? 'v.contact_id' : undefined,
  };
}

function dateText(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace('T', ' ').replace(' 00:00:00', '');
}

/** In one of these groups, as far as they are the account's. */
export function inGroups(groupIds: readonly number[], params: Parameters): Condition {
  const [groupId] = groupIds;
  const own = `select g.id from contact_group g where g.account_id = $1 and g.id = any(${params.add(groupIds, 'bigint[]')})`;
  const where = `m.group_id ${groupIds.length === 1 ? `= (${own})` : `= any(array(${own}))`}`;
  const members = `from contact_group_member m where ${where}`;
  return {
    // No IN: whoever looks at few contacts would have the members of a large group hashed for it.
    holds: `(select true ${members} and m.contact_id = c.id limit 1) is true`,
    from:
      groupIds.length === 1
        ? `from contact_group_member m join contact c on ${ofAccount} and c.id = m.contact_id where ${where}`
        : `from (select distinct m.contact_id ${members}) as m join contact c on ${ofAccount} and c.id = m.contact_id where true`,
    counted: groupIds.length === 1 ? members : `from (select distinct m.contact_id ${members}) as m`,
    countsFast: true,
    inOrder: groupIds.length === 1 ? 'm.contact_id' : undefined,
    ...(groupIds.length === 1 ? { groupId: groupId! } : {}),
  };
}

/** Compared as `fold` folds. */
const folded = (sql: string) => `lower(${sql} collate "pg_c_utf8")`;

/** Conditions on texts, and the hashes that every contact has for which they hold. */
type Texts = { holds: string; grams: readonly number[] };

function textLike(fieldId: number, text: string, params: Parameters): Texts {
  const holds = `strpos(${folded(`(c.fields ->> '${fieldId}')`)}, ${folded(params.add(text, 'text'))}) > 0`;
  return { holds, grams: textParts(fieldId, fold(text)) };
}

function textEquals(fieldId: number, text: string, params: Parameters): Texts {
  const holds = `${folded(`(c.fields ->> '${fieldId}')`)} = ${folded(params.add(text, 'text'))}`;
  return { holds, grams: [wholeText(fieldId, fold(text))] };
}

function phoneLike(accountId: number, digits: string, params: Parameters): Texts {
  const holds = `strpos(c.phone::text, ${params.add(digits, 'text')}) > 0`;
  return { holds, grams: phoneParts(accountId, digits) };
}

function byGrams(texts: readonly Texts[], params: Parameters): Condition {
  const holds = texts.map((text) => text.holds).join(' and ');
  const grams = [...new Set(texts.flatMap((text) => text.grams))];
  const from =
    grams.length === 0
      ? undefined
      : `from contact c where ${ofAccount} and c.grams @> ${params.add(grams, 'integer[]')} and ${holds}`;
  return { holds, from, counted: from, countsFast: false, inOrder: undefined };
}
