// Proves what the operations of the contact book do, and what they refuse: contacts, fields, groups and the stop list.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, type Customer, customer, testApi } from './support/api.ts';

const idOf = (answer: Answer): number => {
  assert.equal(answer.status, 201, answer.text);
  return answer.body.data.id;
};

function refuses(answer: Answer, ...fields: string[]): void {
  assert.equal(answer.status, 422, answer.text);
  assert.deepEqual(Object.keys(answer.body.errors).toSorted(), fields.toSorted(), answer.text);
}

const field = async ({ post }: Customer, name: string, type = 'text') =>
  idOf(await post('/api/contacts/fields', { name, type }));
const group = async ({ post }: Customer, name: string) => idOf(await post('/api/groups', { name }));
const contact = async ({ post }: Customer, phone: number, more: object = {}) =>
  idOf(await post('/api/contacts', { phone, ...more }));

/** Everything that some answer has. */
// biome-ignore lint/suspicious/noExplicitAny: each assertion says what it reads
const data = async (answer: Promise<Answer>): Promise<any> => (await answer).body.data;

test('a contact has values of every type, groups, and is changed by what a request names', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const [name, age, born] = [
    await field(shop, 'Name'),
    await field(shop, 'Age', 'number'),
    await field(shop, 'Born', 'date'),
  ];
  const [one, two] = [await group(shop, 'One!'), await group(shop, 'Two!')];
  const id = await contact(shop, 34600000000, {
    groups: [{ id: one }, two, one],
    fields: [{ id: name, value: 'Anna' }, { id: age, value: 30 }, { [born]: '2001-05-17T10:00:00+02:00' }],
  });
  const path = `/api/contacts/${id}`;
  const made = await data(shop.get(path));
  assert.deepEqual(made.fields, [{ [name]: 'Anna' }, { [age]: '30' }, { [born]: '2001-05-17 08:00:00' }]);
  assert.deepEqual(
    made.groups.map((each: { id: number; items: number }) => [each.id, each.items]),
    [
      [one, 1],
      [two, 1],
    ],
  );
  assert.deepEqual([made.hlr_status, made.hlr_last_check], ['unknown', null]);

  // What it answered can be sent again.
  assert.equal((await shop.put(path, made)).status, 200);
  assert.deepEqual(await data(shop.get(path)), made);

  const changed = await data(
    shop.put(path, {
      phone: 34600000001,
      groups: [two],
      fields: [
        { id: name, value: '' },
        { id: age, value: '31.50' },
      ],
    }),
  );
  assert.equal(changed.phone, 34600000001);
  assert.deepEqual(changed.fields, [{ [age]: '31.50' }, { [born]: '2001-05-17 08:00:00' }]);
  assert.deepEqual(
    changed.groups.map((each: { id: number }) => each.id),
    [two],
  );
  assert.equal((await data(shop.get(`/api/groups/${one}`))).items, 0);
  const found = (query: string) => data(shop.get(`/api/contacts/search?${query}`));
  assert.deepEqual(await found(`search[field]=${age}&search[value]=30`), []);
  assert.equal((await found(`search[field]=${age}&search[value]=31.5`)).length, 1);
  assert.deepEqual(await found(`search[field]=${name}&search[operator]=like&search[value]=nn`), []);

  assert.equal((await shop.delete(path)).status, 204);
  assert.equal((await shop.get(path)).status, 404);
  assert.equal((await shop.delete(path)).status, 404);
  assert.equal((await shop.put(path, { phone: 34600000001 })).status, 404);
  assert.deepEqual((await api.db.pool.query('select from contact_value')).rows, []);
});

test('what a contact cannot be is refused, by the name of the field, and nothing is kept of it', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const [age, born] = [await field(shop, 'Age', 'number'), await field(shop, 'Born', 'date')];
  const id = await contact(shop, 34600000000);
  const other = await contact(shop, 34600000001);
  const post = (body: object) => shop.post('/api/contacts', { phone: 34600000009, ...body });
  refuses(await shop.post('/api/contacts', { phone: 34600000000, fields: [] }), 'phone');
  refuses(await shop.put(`/api/contacts/${other}`, { phone: 34600000000 }), 'phone');
  refuses(await post({ phone: 99_999_999 }), 'phone');
  refuses(await post({ phone: 1e15 }), 'phone');
  refuses(await shop.post('/api/contacts', {}), 'phone');
  refuses(await post({ groups: [7] }), 'groups.0');
  refuses(await post({ groups: Array.from({ length: 101 }, (_, i) => i + 1) }), 'groups');
  refuses(await post({ fields: [{ id: 999, value: 'x' }, {}] }), 'fields.0.id', 'fields.1');
  for (const value of ['1e5', '1,5', ' 1', '+1', '.5', 'x', '1'.repeat(21), true]) {
    const answer = await post({ fields: [{ id: age, value }] });
    assert.equal(answer.status, 422, `${value}: ${answer.text}`);
  }
  for (const value of ['2001-02-30', '17.05.2001', '2001-05-17T10:00:00', '0000-01-01', 5]) {
    refuses(await post({ fields: [{ [born]: value }] }), `fields.0.${born}`);
  }
  refuses(await post({ fields: [{ [age]: { $gt: 1 } }] }), `fields.0.${age}`);
  assert.equal((await shop.get('/api/contacts')).body.total, 2);
  assert.equal((await data(shop.get(`/api/contacts/${id}`))).phone, 34600000000);
});

test('the same body again within seconds is refused, and a retry with a key gets the first answer', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  const body = { phone: 34600000000 };
  assert.equal((await post('/api/contacts', body)).status, 201);
  const again = await post('/api/contacts', body);
  assert.deepEqual([again.status, again.body.message], [429, 'Too many duplicate request detected']);
  const { rows } = await api.db.pool.query('select from contact where account_id = $1', [account.id]);
  assert.equal(rows.length, 1);
});

test('fields have unique names, in any case of letters, and go with their values', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const city = await field(shop, 'Місто');
  const id = await contact(shop, 34600000000, { fields: [{ id: city, value: 'Київ' }] });
  refuses(await shop.post('/api/contacts/fields', { name: 'МІСТО', type: 'date' }), 'name');
  refuses(await shop.post('/api/contacts/fields', { name: 'x'.repeat(31), type: 'map' }), 'name', 'type');
  const age = await field(shop, 'Age', 'number');
  refuses(await shop.patch(`/api/contacts/fields/${age}`, { name: 'місто' }), 'name');
  refuses(await shop.patch(`/api/contacts/fields/${age}`, {}), 'name');
  const changed = await data(shop.patch(`/api/contacts/fields/${age}`, { is_visible: false }));
  assert.deepEqual(changed, { id: age, name: 'Age', type: 'number', is_visible: false });
  assert.deepEqual(await data(shop.get(`/api/settings/address-book-fields/${age}`)), changed);
  assert.equal((await shop.get('/api/settings/address-book-fields/999')).status, 404);
  refuses(await shop.post('/api/contacts/fields/delete', { ids: [] }), 'ids');
  refuses(
    await shop.post('/api/contacts/fields/delete', { ids: Array.from({ length: 31 }, (_, i) => i + 1) }),
    'ids',
  );
  assert.equal((await shop.post('/api/contacts/fields/delete', { ids: [city, 999] })).status, 204);
  assert.deepEqual((await data(shop.get(`/api/contacts/${id}`))).fields, []);
  refuses(await shop.get(`/api/contacts/search?search[field]=${city}&search[value]=x`), 'search[field]');
  for (let i = 1; i < 50; i += 1) await field(shop, `f${i}`);
  refuses(await shop.post('/api/contacts/fields', { name: 'one more', type: 'text' }), 'name');
});

test('one group is the default one; deleting a group leaves its contacts', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const make = async (body: object) => idOf(await shop.post('/api/groups', body));
  const first = await make({ name: 'First', default: true });
  const second = await make({ name: 'Second', default: true, description: 'later' });
  const isDefault = async (id: number) => (await data(shop.get(`/api/groups/${id}`))).default;
  assert.deepEqual([await isDefault(first), await isDefault(second)], [false, true]);
  const put = (body: object) => data(shop.put(`/api/groups/${second}`, { name: 'Changed', ...body }));
  assert.equal((await put({})).description, 'later');
  assert.equal((await put({ description: null, default: null })).default, true);
  assert.deepEqual((await put({ default: false })).description, null);
  refuses(await shop.post('/api/groups', { name: 'xy', description: '' }), 'name', 'description');
  const id = await contact(shop, 34600000000, { groups: [first] });
  assert.equal((await shop.delete(`/api/groups/${first}`)).status, 204);
  assert.equal((await shop.delete(`/api/groups/${first}`)).status, 404);
  assert.deepEqual((await data(shop.get(`/api/contacts/${id}`))).groups, []);
});

test('attach and detach count exactly, also at the same time and beside deletion', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const groups = [await group(shop, 'One'.padEnd(4)), await group(shop, 'Two!')];
  const contacts: number[] = [];
  for (let i = 0; i < 20; i += 1) contacts.push(await contact(shop, 34600000000 + i));
  const calls: Promise<Answer>[] = [];
  for (let i = 0; i < 10; i += 1) {
    const some = contacts.slice(i, i + 8);
    calls.push(
      shop.post('/api/groups/attach', { contacts: some, groups: i % 2 === 0 ? groups : groups.toReversed() }),
    );
    calls.push(shop.post('/api/groups/detach', { contacts: some.slice(2, 5), groups: groups.toReversed() }));
    if (i % 3 === 0) calls.push(shop.delete(`/api/contacts/${contacts[19 - i]}`));
    calls.push(shop.put(`/api/contacts/${contacts[i]}`, { phone: 34600000000 + i, groups: [groups[i % 2]] }));
  }
  for (const { status, text } of await Promise.all(calls)) assert.ok(status < 500, text);
  const { rows } = await api.db.pool.query<{ items: number; n: number; lost: number }>(
    `select g.items, count(m.contact_id) as n, count(m.contact_id) filter (where c.id is null) as lost
     from contact_group g left join contact_group_member m on m.group_id = g.id
     left join contact c on c.id = m.contact_id group by g.id`,
  );
  for (const { items, n, lost } of rows) assert.deepEqual([items, lost], [n, 0]);
  assert.equal((await shop.get('/api/contacts')).body.total, 16);
  refuses(
    await shop.post('/api/groups/attach', { contacts: [contacts[1], 999], groups: [888] }),
    'contacts.1',
    'groups.0',
  );
  refuses(
    await shop.post('/api/groups/attach', {
      contacts: Array.from({ length: 201 }, (_, i) => i + 1),
      groups: Array.from({ length: 101 }, (_, i) => i + 1),
    }),
    'contacts',
    'groups',
  );
});

test('two contacts that want the phone of each other are refused, and keep theirs', async (t) => {
  const shop = await customer(await testApi(t));
  const phones = [34600000000, 34600000001];
  const ids = [await contact(shop, phones[0]!), await contact(shop, phones[1]!)];
  for (let i = 0; i < 3; i += 1) {
    const answers = await Promise.all(
      ids.map((id, k) => shop.put(`/api/contacts/${id}`, { phone: phones[1 - k] })),
    );
    for (const answer of answers) refuses(answer, 'phone');
  }
});

test('many contacts are deleted by their ids and by their groups', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const [one, two] = [await group(shop, 'One!'), await group(shop, 'Two!')];
  const a = await contact(shop, 34600000001, { groups: [one, two] });
  await contact(shop, 34600000002, { groups: [one] });
  const c = await contact(shop, 34600000003, { groups: [two] });
  await contact(shop, 34600000004);
  refuses(await shop.post('/api/contacts/delete'), 'contact_ids[]');
  refuses(await shop.post('/api/contacts/delete?contact_ids[]=x'), 'contact_ids[].0');
  assert.equal((await shop.post(`/api/contacts/delete?contact_ids[]=${c}&contact_ids[]=${a}`)).status, 204);
  assert.equal((await shop.post(`/api/contacts/delete?group_ids[]=${one}`)).status, 204);
  const left = await shop.get('/api/contacts');
  assert.deepEqual([left.body.total, left.body.data.map(({ phone }) => phone)], [1, [34600000004]]);
  assert.deepEqual(
    (await data(shop.get('/api/groups'))).map(({ items }: { items: number }) => items),
    [0, 0],
  );
});

test('the stop list keeps numbers by channel, and groups count theirs', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const list = await group(shop, 'List');
  await contact(shop, 34600000001, { groups: [list] });
  await contact(shop, 34600000002, { groups: [list] });
  const add = (phones: number[], types: string[]) => shop.post('/api/stoplist/attach', { phones, types });
  const added = await data(add([34600000001, 34600000009, 34600000009], ['sms', 'viber', 'sms']));
  assert.equal(added.length, 2);
  await add([34600000002], ['viber']);
  const stopped = async () => (await data(shop.get(`/api/groups/${list}`))).stop_list_count;
  assert.equal(await stopped(), 1);
  const [again] = await data(add([34600000002], ['sms']));
  assert.deepEqual([again.sms_stoplist, again.viber_stoplist, again.rcs_stoplist], [true, true, false]);
  assert.equal(await stopped(), 2);
  const remove = (ids: number[], types: string[]) => shop.post('/api/stoplist/detach', { ids, types });
  assert.equal((await remove([again.id, 999], ['sms'])).status, 200);
  assert.equal(await stopped(), 1);
  assert.deepEqual((await shop.get('/api/stoplist?type=sms')).body.total, 2);
  assert.deepEqual((await shop.get('/api/stoplist?type=viber')).body.total, 3);
  await remove([again.id], ['viber', 'whatsapp']);
  const all = await shop.get('/api/stoplist');
  assert.deepEqual(
    all.body.data.map(({ phone }) => phone),
    [34600000001, 34600000009],
  );
  const found = (query: string) => shop.get(`/api/stoplist/search?${query}`);
  assert.equal((await found(`contact_group_id=${list}`)).body.meta.page.total, 1);
  assert.equal(
    (await found('search[field]=phone&search[operator]=like&search[value]=009')).body.meta.page.total,
    1,
  );
  assert.equal((await found('search[field]=type&search[value]=rcs')).body.meta.page.total, 0);
  assert.equal(
    (await found('search[field]=created_at&search[operator]=>=&search[value]=2020-01-01')).body.meta.page
      .total,
    2,
  );
  refuses(await found('search[field]=type&search[operator]=like&search[value]=sms'), 'search[operator]');
  refuses(await add([], []), 'phones', 'types');
  refuses(
    await add(
      Array.from({ length: 1001 }, (_, i) => 34600000000 + i),
      ['sms'],
    ),
    'phones',
  );
  refuses(await add([1], ['fax']), 'phones.0', 'types.0');
  refuses(
    await remove(
      Array.from({ length: 201 }, (_, i) => i + 1),
      ['sms'],
    ),
    'ids',
  );
});

test('groups are found by name, size, phone and time, in any order', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const [north, south] = [await group(shop, 'Клієнти North'), await group(shop, 'South')];
  await contact(shop, 34600000001, { groups: [south] });
  const found = async (query: string) => {
    const answer = await shop.get(`/api/groups/search?${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body.data.map(({ id }) => id);
  };
  const by = (name: string, operator: string, value: string) =>
    found(
      new URLSearchParams({
        'search[field]': name,
        'search[operator]': operator,
        'search[value]': value,
      }).toString(),
    );
  assert.deepEqual(await by('name', 'like', 'КЛІЄ'), [north]);
  assert.deepEqual(await by('name', '=', 'south'), [south]);
  assert.deepEqual(await by('items', '>=', '1'), [south]);
  assert.deepEqual(await by('phone', '=', '34600000001'), [south]);
  assert.deepEqual(await by('phone', 'like', '0001'), [south]);
  assert.deepEqual(await by('created_at', '<', '2020-01-01 00:00:00'), []);
  assert.deepEqual(await by('id', '<=', String(north)), [north]);
  assert.deepEqual(await by('description', 'like', 'x'), []);
  for (const sort of ['id', 'items', 'name', 'description', 'created_at']) {
    assert.deepEqual((await found(`sort=${sort}&way=desc`)).length, 2);
  }
  assert.deepEqual(await found('sort=items'), [north, south]);
  refuses(await shop.get('/api/groups/search?search[field]=colour&search[value]=red'), 'search[field]');
  refuses(await shop.get('/api/groups/search?sort=colour'), 'sort');
});

test('searches that make no sense are refused by the part that makes none', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const [name, age, born] = [
    await field(shop, 'Name'),
    await field(shop, 'Age', 'number'),
    await field(shop, 'Born', 'date'),
  ];
  const wrong: [string, string, string, string][] = [
    [`${name}`, '>', 'a', 'operator'],
    [`${age}`, 'like', '1', 'operator'],
    [`${born}`, 'like', '2001', 'operator'],
    ['id', 'like', '1', 'operator'],
    ['group_id', '>', '1', 'operator'],
    ['created_at', 'like', '2020', 'operator'],
    ['phone', '~', '1', 'operator'],
    [`${age}`, '=', 'x', 'value'],
    [`${born}`, '=', 'x', 'value'],
    ['created_at', '=', 'x', 'value'],
    ['phone', 'like', 'x', 'value'],
    ['id', '=', '-1', 'value'],
    [`${name}`, 'like', 'a\0', 'value'],
    ['999', '=', '1', 'field'],
    ['__proto__', '=', '1', 'field'],
  ];
  for (const [on, operator, value, part] of wrong) {
    const query = new URLSearchParams({
      ...{
        'search_fields[3][field]': on,
        'search_fields[3][operator]': operator,
        'search_fields[3][value]': value,
      },
    });
    refuses(await shop.get(`/api/contacts/search?${query}`), `search_fields[3][${part}]`);
  }
  refuses(await shop.get('/api/contacts/search?search[value]=1'), 'search[field]');
  refuses(await shop.get('/api/contacts/search?search[field]=id'), 'search[value]');
  refuses(
    await shop.get('/api/contacts/search?page[limit]=14&page[offset]=-1'),
    'page[limit]',
    'page[offset]',
  );
  refuses(await shop.get('/api/contacts?page[limit]=501&groups[]=x'), 'groups[].0', 'page[limit]');
  const answer = await shop.get('/api/contacts/search?search[field]=id&search[value]=1');
  assert.deepEqual(answer.body.meta, {
    page: { total: 0, limit: 50, offset: 0 },
    search: { field: 'id', operator: '=', value: '1' },
  });
});
