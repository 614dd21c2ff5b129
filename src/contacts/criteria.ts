// The conditions of a search as the One-API writes them: `search[field|operator|value]` for one,
// `search_fields[N][field|operator|value]` for several, all of which must hold. Read here for contacts, groups and the
// stop list; each has its own fields. Pure.

import { type FieldErrors, momentForms } from '../http/index.ts';
import { checkValue, parseSpan, valueForms } from './field-types.ts';
import { limits } from './limits.ts';

export const operators = ['like', '=', '>=', '>', '<', '<='] as const;

export type Operator = (typeof operators)[number];

/** A condition as it was asked. `at` is where it stood: `search` or `search_fields[0]`. */
export type Criterion = { at: string; field: string; operator: Operator; value: string };

type Comparison = Exclude<Operator, 'like'>;

/** What a field's value is held against: a part that it must have, or bounds in its order. */
export type Test = { like: string } | { bounds: [Comparison, string | number | Date][] };

/** What a field that can be searched for holds. */
export type Kind = 'integer' | 'phone' | 'moment' | 'text' | 'number' | 'date' | 'one' | 'choice';

const allowed: Record<Kind, readonly Operator[]> = {
  integer: ['=', '>', '>=', '<', '<='],
  phone: operators,
  moment: ['=', '>', '>=', '<', '<='],
  text: ['like', '='],
  number: ['=', '>', '>=', '<', '<='],
  date: ['=', '>', '>=', '<', '<='],
  one: ['='],
  choice: ['='],
};

const forms: Record<Exclude<Kind, 'choice'>, string> = {
  integer: 'an integer of 1 to 15 digits',
  phone: 'up to 15 digits of a number, without plus',
  moment: `a day such as 2026-01-31, or ${momentForms}`,
  one: 'an integer of 1 to 15 digits',
  ...valueForms,
};

/** The conditions in the query string of a request. What is wrong with them is noted in `errors`. */
export function readCriteria(url: string, errors: FieldErrors): Criterion[] {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  const given = new Map<string, Partial<Record<'field' | 'operator' | 'value', string>>>();
  for (const [name, text] of query) {
    const [, at, part] = /^(search|search_fields\[\d{1,4}\])\[(field|operator|value)\]$/.exec(name) ?? [];
    if (at === undefined || text === '') continue;
    const parts = given.get(at) ?? {};
    parts[part as 'field'] ??= text;
    given.set(at, parts);
  }
  if (given.size > limits.conditions) {
    errors.search_fields = [`A search may have ${limits.conditions} conditions at most.`];
    return [];
  }
  const criteria: Criterion[] = [];
  for (const [at, { field, operator = '=', value }] of given) {
    if (field === undefined) errors[`${at}[field]`] = ['This field is required.'];
    if (value === undefined) errors[`${at}[value]`] = ['This field is required.'];
    else if (value.length > limits.searchValue || value.includes('\0')) {
      errors[`${at}[value]`] = [
        `This must have at most ${limits.searchValue} characters, none of them U+0000.`,
      ];
    }
    if (!operators.includes(operator as Operator)) {
      errors[`${at}[operator]`] = [`This must be one of: ${operators.join(', ')}.`];
    }
    if (field !== undefined && value !== undefined) {
      criteria.push({ at, field, operator: operator as Operator, value });
    }
  }
  return criteria;
}

/** What a condition asks of a field of this kind; undefined, with the reason in `errors`, where it makes no sense. */
export function testOf(
  kind: Kind,
  { at, operator, value }: Criterion,
  errors: FieldErrors,
  choices: readonly string[] = [],
): Test | undefined {
  const wrong = (part: string, message: string): undefined => {
    errors[`${at}[${part}]`] ??= [message];
  };
  if (!allowed[kind].includes(operator)) {
    return wrong('operator', `For this field, it must be one of: ${allowed[kind].join(', ')}.`);
  }
  if (kind === 'choice') {
    const valid = choices.includes(value);
    return valid ? { bounds: [['=', value]] } : wrong('value', `This must be one of: ${choices.join(', ')}.`);
  }
  const bounds = operator === 'like' ? undefined : boundsOf(kind, operator, value);
  if (operator === 'like' && (kind === 'text' || /^\d{1,15}$/.test(value))) return { like: value };
  return bounds === undefined ? wrong('value', `This must be ${forms[kind]}.`) : { bounds };
}

function boundsOf(
  kind: Exclude<Kind, 'choice'>,
  operator: Comparison,
  value: string,
): [Comparison, string | number | Date][] | undefined {
  switch (kind) {
    case 'integer':
    case 'phone':
    case 'one':
      return /^\d{1,15}$/.test(value) ? [[operator, Number(value)]] : undefined;
    case 'text':
    case 'number':
      return checkValue(kind, value) === undefined ? undefined : [[operator, value]];
    case 'moment':
    case 'date': {
      const span = parseSpan(value);
      if (span === undefined) return undefined;
      // What is equal to a day is in it, and what is later is after it.
      const { from, upto } = span;
      if (operator === '=')
        return [
          ['>=', from],
          ['<', upto],
        ];
      if (operator === '>') return [['>=', upto]];
      if (operator === '<=') return [['<', upto]];
      return [[operator, from]];
    }
  }
}
