// Proves that a search for contacts finds what a plain look at all contacts finds: random contacts, random conditions of
// every field and operator, every order and page. The account is small, so every search is exact; what large accounts do
// otherwise is proved by the second test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAccount } from '../src/accounts/index.ts';
import { conditionsOf, parameters } from '../src/contacts/conditions.ts';
import { searchContacts } from '../src/contacts/contact-search.ts';
import { type FieldType, upsertContacts } from '../src/contacts/index.ts';
import { transaction } from '../src/db/index.ts';
import { type Customer, customer, testApi } from './support/api.ts';

type Contact = { id: number; phone: number; values: Record<number, string>; groups: number[] };
type Field = { id: number; type: FieldType };
type Condition = { field: string; operator: string; value: string };

const texts = [
  'Anna',
  'anna-maria',
  'ÄNNE',
  'Änne Σας',
  'Юлія',
  '李小龙',
  '李',
  'o’Neil 50%',
  'a_b\\c',
  'İstanbul',
];
const numbers = ['0', '-0', '-1.5', '1.50', '1.5', '007', '12345678901234567890.0000000001', '-3', '2'];
const dates = [
  '2001-05-17',
  '2001-05-17 00:00:00',
  '2001-05-17 10:30:00',
  '1969-12-31',
  '2030-01-01 23:59:59',
];

const pick = <T>(list: readonly T[]) => fc.constantFrom(...list);
const optional = (list: readonly string[]) => fc.option(pick(list), { nil: '' });

const folded = (text: string) => [...text].map((c) => (c === 'İ' ? 'i' : c.toLowerCase())).join('');

function compare(a: number, operator: string, b: number): boolean {
  switch (operator) {
    case '=':
      return a === b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    default:
      return a <= b;
  }
}

/** A decimal as an integer of 10^-10. */
const exact = (text: string) => {
  const [, sign, whole, rest = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(text)!;
  return BigInt(`${sign}${whole}${rest.padEnd(10, '0')}`);
};
const order = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
const seconds = (text: string) => Date.parse(`${text.includes(' ') ? text : `${text} 00:00:00`}Z`) / 1000;

function holds(contact: Contact, { field, operator, value }: Condition, fields: readonly Field[]): boolean {
  if (field === 'id') return compare(contact.id, operator, Number(value));
  if (field === 'group_id') return contact.groups.includes(Number(value));
  if (field === 'phone') {
    return operator === 'like'
      ? String(contact.phone).includes(value)
      : compare(contact.phone, operator, Number(value));
  }
  const stored = contact.values[Number(field)];
  if (stored === undefined) return false;
  switch (fields.find(({ id }) => String(id) === field)!.type) {
    case 'text':
      return operator === 'like' ? folded(stored).includes(folded(value)) : folded(stored) === folded(value);
    case 'number':
      return compare(order(exact(stored), exact(value)), operator, 0);
    case 'date': {
      const [at, from] = [seconds(stored), seconds(value)];
      const last = from + (value.includes(' ') ? 0 : 86_399);
      if (operator === '=') return at >= from && at <= last;
      return operator === '>' || operator === '<='
        ? compare(at, operator, last)
        : compare(at, operator, from);
    }
  }
}

const comparisons = ['=', '>', '>=', '<', '<='];

function condition(fields: readonly Field[], groups: readonly number[]): fc.Arbitrary<Condition> {
  const of = (field: string, operators: readonly string[], values: fc.Arbitrary<string>) =>
    fc.record({ field: fc.constant(field), operator: pick(operators), value: values });
  const part = (list: readonly string[]) =>
    fc
      .tuple(pick(list), fc.nat(6), fc.integer({ min: 1, max: 4 }))
      .map(([text, at, n]) => [...text].slice(at, at + n).join('') || text);
  const phone = fc.integer({ min: 34600000000, max: 34600000012 }).map(String);
  return fc.oneof(
    of('id', comparisons, fc.integer({ min: 1, max: 30 }).map(String)),
    of('phone', comparisons, phone),
    of('phone', ['like'], fc.oneof(part(['34600000011', '600', '1']), pick(['0', '46', '0001', '999']))),
    of('group_id', ['='], pick([...groups, 999]).map(String)),
    ...fields.flatMap(({ id, type }) => {
      if (type === 'number') return [of(String(id), comparisons, pick(numbers))];
      if (type === 'date') return [of(String(id), comparisons, pick(dates))];
      return [of(String(id), ['like', '='], fc.oneof(pick(texts), part(texts), pick(['xyz', 'ΣΑ', 'i'])))];
    }),
  );
}

async function put(shop: Customer, contacts: readonly Omit<Contact, 'id'>[]): Promise<Contact[]> {
  const made: Contact[] = [];
  for (const { phone, values, groups } of contacts) {
    const answer = await shop.post('/api/contacts', {
      ...{ phone, groups },
      fields: Object.entries(values).map(([id, value]) => ({ id: Number(id), value })),
    });
    assert.equal(answer.status, 201, answer.text);
    made.push({ id: answer.body.data.id, phone, values, groups });
  }
  return made;
}

const types: readonly FieldType[] = ['text', 'text', 'number', 'date'];

async function setUp(shop: Customer): Promise<{ fields: Field[]; groups: number[] }> {
  const fields: Field[] = [];
  for (const [i, type] of types.entries()) {
    fields.push({
      id: (await shop.post('/api/contacts/fields', { name: `f${i}`, type })).body.data.id,
      type,
    });
  }
  const groups: number[] = [];
  for (const name of ['One', 'Two'])
    groups.push((await shop.post('/api/groups', { name: `List ${name}` })).body.data.id);
  return { fields, groups };
}

test('a search finds what a look at every contact finds', async (t) => {
  const api = await testApi(t);
  const [shop, other] = [await customer(api), await customer(api)];
  await put(other, [{ phone: 34600000001, values: {}, groups: [] }]);
  const { fields, groups } = await setUp(shop);
  const values = fc.tuple(optional(texts), optional(texts), optional(numbers), optional(dates));
  const contact = fc.record({ values, groups: fc.subarray(groups) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(contact, { minLength: 6, maxLength: 12 }),
      fc.array(
        fc.record({
          criteria: fc.array(condition(fields, groups), { maxLength: 3 }),
          sort: pick(['id', 'phone']),
          way: pick(['asc', 'desc']),
          offset: pick([0, 0, 0, 3]),
        }),
        { minLength: 15, maxLength: 15 },
      ),
      async (random, searches) => {
        await api.db.pool.query('delete from contact where account_id = $1', [shop.account.id]);
        await api.db.pool.query('delete from contact_value; delete from contact_group_member');
        const phones = random.map((_, i) => 34600000000 + ((i * 5) % 13));
        const all = await put(
          shop,
          random.map(({ values: given, groups: inside }, i) => ({
            phone: phones[i]!,
            groups: inside,
            values: Object.fromEntries(
              given.flatMap((value, k) => (value === '' ? [] : [[fields[k]!.id, value] as const])),
            ),
          })),
        );
        for (const { criteria, sort, way, offset } of searches) {
          const query = new URLSearchParams({ sort, way, 'page[offset]': String(offset) });
          criteria.forEach((each, i) => {
            const at = i === 0 ? 'search' : `search_fields[${i - 1}]`;
            for (const [part, text] of Object.entries(each)) query.set(`${at}[${part}]`, text);
          });
          const expected = all
            .filter((one) => criteria.every((each) => holds(one, each, fields)))
            .sort((a, b) => (sort === 'id' ? a.id - b.id : a.phone - b.phone) * (way === 'asc' ? 1 : -1))
            .map((one) => one.id);
          const answer = await shop.get(`/api/contacts/search?${query}`);
          assert.equal(answer.status, 200, answer.text);
          const told = JSON.stringify({ criteria, all });
          assert.deepEqual(
            answer.body.data.map(({ id }: { id: number }) => id),
            expected.slice(offset),
            told,
          );
          assert.equal(answer.body.meta.page.total, expected.length, told);
        }
      },
    ),
    { numRuns: 12 },
  );
});

test('in a large account every page is exact, and a total is exact or said to be estimated', async (t) => {
  const { db } = await testApi(t);
  const { id: accountId } = await createAccount(db, { name: 'large' });
  const { rows: fields } = await db.pool.query(
    `insert into contact_field (account_id, name, folded, type)
     values ($1, 'a', 'a', 'text'), ($1, 'b', 'b', 'number'), ($1, 'c', 'c', 'date')
     returning id, name, type, description, is_visible as "isVisible"`,
    [accountId],
  );
  const { rows: groups } = await db.pool.query<{ id: number }>(
    `insert into contact_group (account_id, name) values ($1, 'late'), ($1, 'all') returning id`,
    [accountId],
  );
  const [text, number, date] = fields.map((field) => field.id as number);
  const [late, every] = groups.map((group) => group.id);
  const count = 30_000;
  const row = (i: number) => ({
    phone: 34600000000 + ((i * 7919) % 99_991),
    text: i % 3 === 0 ? 'Madrid' : i >= 18_000 ? 'Sevilla' : 'Vigo',
    number: String(i % 100),
    date: new Date(Date.UTC(2000, 0, 1 + (i % 365))).toISOString().slice(0, 10),
  });
  for (let at = 0; at < count; at += 10_000) {
    const rows = Array.from({ length: 10_000 }, (_, i) => row(at + i));
    await transaction(db, (client) =>
      upsertContacts(
        client,
        accountId,
        {
          phones: rows.map(({ phone }) => phone),
          fieldIds: [text!, number!, date!],
          values: [rows.map((r) => r.text), rows.map((r) => r.number), rows.map((r) => r.date)],
        },
        at >= 10_000 ? [late!, every!] : [every!],
      ),
    );
  }
  await db.pool.query('analyze');
  const { rows: stored } = await db.pool.query<{ id: number; phone: number; row: Record<string, string> }>(
    'select id, phone, fields as row from contact where account_id = $1 order by id',
    [accountId],
  );
  const searches: [
    string,
    [string, string, string][],
    (one: (typeof stored)[number], i: number) => boolean,
  ][] = [
    ['a part of many texts', [[`${text}`, 'like', 'ADRI']], ({ row: v }) => v[text!] === 'Madrid'],
    ['one character', [[`${text}`, 'like', 'v']], ({ row: v }) => v[text!] !== 'Madrid'],
    ['many numbers', [[`${number}`, '<', '60']], ({ row: v }) => Number(v[number!]) < 60],
    ['few numbers', [[`${number}`, '=', '7']], ({ row: v }) => v[number!] === '7'],
    [
      'a range',
      [
        [`${number}`, '>', '10'],
        [`${number}`, '<=', '12'],
      ],
      ({ row: v }) => /^1[12]$/.test(v[number!]!),
    ],
    ['many dates', [[`${date}`, '>=', '2000-03-01']], ({ row: v }) => v[date!]! >= '2000-03-01'],
    ['many phones', [['phone', '>', '34600030000']], ({ phone }) => phone > 34600030000],
    ['a part of phones', [['phone', 'like', '4600']], ({ phone }) => String(phone).includes('4600')],
    ['a group', [['group_id', '=', `${late}`]], (_, i) => i >= 10_000],
    [
      'two of many',
      [
        [`${text}`, '=', 'sevilla'],
        [`${number}`, '>=', '50'],
      ],
      ({ row: v }) => v[text!] === 'Sevilla' && Number(v[number!]) >= 50,
    ],
    [
      'two that never meet',
      [
        [`${text}`, '=', 'madrid'],
        [`${text}`, 'like', 'evi'],
      ],
      () => false,
    ],
    [
      'three',
      [
        ['group_id', '=', `${every}`],
        [`${text}`, 'like', 'vig'],
        ['phone', 'like', '00'],
      ],
      ({ row: v, phone }) => v[text!] === 'Vigo' && String(phone).includes('00'),
    ],
    ['a long time', [['created_at', '>', '2001-01-01']], () => true],
    ['nothing', [], () => true],
  ];
  for (const [name, criteria, holdsOf] of searches) {
    const matches = stored.filter(holdsOf);
    for (const sort of [
      { by: 'id', way: 'asc' },
      { by: 'id', way: 'desc' },
      { by: 'phone', way: 'asc' },
    ] as const) {
      const params = parameters(accountId);
      const conditions = conditionsOf(
        accountId,
        criteria.map(([field, operator, value]) => ({
          at: 'search',
          field,
          operator: operator as '=',
          value,
        })),
        fields,
        params,
        {},
      );
      const found = await searchContacts(db, conditions, params, sort, { offset: 40, limit: 50 });
      const expected = matches.toSorted(
        (a, b) => (sort.by === 'id' ? a.id - b.id : a.phone - b.phone) * (sort.way === 'asc' ? 1 : -1),
      );
      const told = `${name}, ${sort.by} ${sort.way}`;
      assert.deepEqual(
        found.ids,
        expected.slice(40, 90).map(({ id }) => id),
        told,
      );
      if (found.exact) assert.equal(found.total, matches.length, told);
      else
        assert.ok(
          Math.abs(found.total - matches.length) < count / 10,
          `${told}: ${found.total} of ${matches.length}`,
        );
    }
  }
  const { id: stranger } = await createAccount(db, { name: 'stranger' });
  for (const sort of ['id', 'phone'] as const) {
    const params = parameters(stranger);
    const criteria = [{ at: 'search', field: 'group_id', operator: '=', value: `${every}` }] as const;
    const conditions = conditionsOf(stranger, criteria, [], params, {});
    const found = await searchContacts(
      db,
      conditions,
      params,
      { by: sort, way: 'asc' },
      { offset: 0, limit: 50 },
    );
    assert.deepEqual(found, { ids: [], total: 0, exact: true });
  }
});
