// Proves, for every operation that the generated OpenAPI document has, that an account reaches nothing of another: not
// by an id in a path, not in a list, not by a filter, and not over the admin API. An operation that this file does not
// know fails it: say here which id it takes, or whether its answer is an account's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Api, type Caller, type Customer, customer, testApi } from './support/api.ts';

type Operation = {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};
type Schema = { properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[] };
type Listed = { method: string; path: string; operation: Operation };

/** Every operation of the document below a prefix. */
async function operationsOf(api: Api, prefix: string): Promise<Listed[]> {
  const document = (await api.app.inject('/docs/json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    path.startsWith(prefix)
      ? Object.entries(methods).map(([method, operation]) => ({ method, path, operation }))
      : [],
  );
}

const called = (caller: Caller, method: string, path: string, body?: unknown) => {
  switch (method) {
    case 'get':
      return caller.get(path);
    case 'post':
      return caller.post(path, body ?? {});
    case 'put':
      return caller.put(path, body ?? {});
    case 'patch':
      return caller.patch(path, body);
    case 'delete':
      return caller.delete(path);
    default:
      return assert.fail(`test/support/api.ts does not call ${method} yet`);
  }
};

/** What one account has, by the name that `ids` and `filters` use. */
type Things = {
  campaign: number;
  message: number;
  reference: string;
  senderRequest: number;
  job: number;
  file: number;
  contact: number;
  group: number;
  field: number;
  import: number;
};

/** Operations with ids of an account's things in their path: which thing each `{…}` of the path is. */
const ids: Record<string, Record<string, keyof Things>> = {
  campaign: { id: 'campaign' },
  campaign_breakdown: { id: 'campaign' },
  campaign_details: { id: 'campaign' },
  campaign_pause: { id: 'campaign' },
  campaign_resume: { id: 'campaign' },
  campaign_stop: { id: 'campaign' },
  campaign_timeline: { id: 'campaign' },
  stat_jobs_show: { id: 'job' },
  stat_jobs_file: { id: 'file' },
  stat_jobs_delete: { id: 'job' },
  import_show: { id: 'import' },
  import_rejected: { id: 'import' },
  import_cancel: { id: 'import' },
  contact: { id: 'contact' },
  contact_update: { id: 'contact' },
  contact_delete: { id: 'contact' },
  contact_field_update: { id: 'field' },
  get_settingsAddressBookFieldsById: { id: 'field' },
  contact_list: { id: 'group' },
  contact_list_update: { id: 'group' },
  contact_list_delete: { id: 'group' },
};

/** Bodies without which an operation would be refused before it looks at its id. */
const bodies: Record<string, object> = {
  contact_update: { phone: 34600000000 },
  contact_field_update: { name: 'Age' },
  contact_list_update: { name: 'Mine' },
};

/** Lists of an account's own things, with the filters that name one of them. */
const own: Record<string, Record<string, keyof Things>> = {
  campaign_comparison: { ids: 'campaign' },
  campaigns: {},
  inbound: {},
  stat_jobs_list: {},
  get_messages: {
    'filter[id]': 'message',
    'filter[campaign_id]': 'campaign',
    'filter[reference_id]': 'reference',
  },
  sender_requests: { 'filter[id]': 'senderRequest' },
  senders: {},
  imports: { 'filter[campaign_id]': 'campaign' },
  contacts: {},
  contacts_search: {},
  contact_fields: {},
  contact_lists: {},
  contact_list_search: {},
  stoplist_items: {},
  stoplist_search: { contact_group_id: 'group' },
};

/** What a list must be asked with. */
const required: Record<string, string> = { senders: 'type=sms' };

/** What is no list of an account's things, and why it is safe to read. */
const shared: Record<string, string> = {
  account_balance: 'one object, of the key that asks: proved below',
  privacy_export: 'of what the account itself knows: test/privacy.test.ts',
  inbound_words: 'one object, of the key that asks: test/inbound.test.ts',
  account_own_statement: 'the ledger of the account of the key that asks',
  account_spending: 'sums of the ledger of the account of the key that asks',
  account_tariffs: 'the tariffs of the installation',
  get_internalCorePrices: 'the prices of the installation',
  get_internalCorePricesByCountryCode: 'a country is nobody’s',
  get_internalCountries: 'the countries of the world',
  get_internalCurrencies: 'the currencies of the installation',
};

/** Operations that take no id: they make something new for the account of the key, or a token. */
const fresh = [
  'login',
  'refresh_token',
  'campaign_price',
  'text_measure',
  'sms_send',
  'sms_send_individual',
  'sms_send_groups',
  'campaign_send',
  'send_message',
  'sender_request_legal',
  'sender_request_natural',
  'inbound_words_set',
  'privacy_erase',
  'stat_jobs_create',
  'contact_create',
  'contact_field_create',
  'contact_list_create',
  'stoplist_add',
  // They name contacts, groups, fields and entries: proved below.
  'contacts_delete',
  'post_contactsFieldsDelete',
  'contact_list_attach',
  'contact_list_detach',
  'stoplist_remove',
  'sms_import',
  'contacts_import',
  'stoplist_import',
  'import_preview',
];

/** Names of fields that stand for a thing of an account, in whatever way they are written. */
const namesThing = /(^|[^a-z])ids?\]?$|_ids?\]?$/;

/**
 * Fields of bodies that look like the id of a thing, and why none of another account can be reached by them. By their
 * path in the body.
 */
const harmless: Record<string, string> = {
  message_id: 'messages of others are left out: test/exports.test.ts',
  campaign_id: 'the same',
  operator_id: 'operators are nobody’s: only the account’s own messages are narrowed by it',
  'phones.reference_id': 'a name that the author gives to a new message: proved below',
  'messages.reference_id': 'the same',
  'recipients.phones.reference_id': 'the same',
  'phone.reference_id': 'the same',
  ids: 'of fields or of stop list entries; others are passed over: proved below',
  'groups.id': 'another account’s is refused as unknown: proved below',
  'fields.id': 'the same',
};

/** The paths of the fields of a body that look like the id of a thing. */
function idsIn(schema: Schema, path: readonly string[] = []): string[] {
  const inside = [schema.items, ...(schema.anyOf ?? [])].flatMap((each) =>
    each === undefined ? [] : idsIn(each, path),
  );
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(namesThing.test(name) ? [[...path, name].join('.')] : []),
    ...idsIn(field, [...path, name]),
  ]);
  return [...inside, ...fields];
}

/** Makes one of everything that an account can have. */
async function thingsOf(api: Api, { post, get, account }: Customer): Promise<Things> {
  const sent = await post('/api/campaigns/sms/send', {
    sender: 'Carillon',
    text: `of ${account.name}`,
    phones: [{ number: 34600000000, reference_id: 'mine' }],
  });
  assert.equal(sent.status, 200, sent.text);
  const request = await post('/api/senders/requests/legal', {
    ...{ country_code: 'ES', type: 'sms', sender: 'Carillon', code_of_company: '12345678', name: 'x' },
    ...{ tax_number: 'ESB12345678', legal_name: 'Carillon SL', address: 'Calle Mayor 1, Madrid' },
    ...{ description: 'Your order 17 is ready', informing_purpose: 'News of orders' },
  });
  assert.equal(request.status, 201, request.text);
  const group = await post('/api/groups', { name: 'Mine' });
  const field = await post('/api/contacts/fields', { name: 'Name', type: 'text' });
  const contact = await post('/api/contacts', {
    phone: 34600000000,
    groups: [group.body.data.id],
    fields: [{ id: field.body.data.id, value: 'Anna' }],
  });
  assert.equal(contact.status, 201, contact.text);
  await post('/api/stoplist/attach', { phones: [34600000000], types: ['sms'] });
  await api.db.pool.query(`insert into sender (account_id, sender) values ($1, 'Carillon')`, [account.id]);
  await api.db.pool.query(
    `insert into inbound_message (account_id, operator_id, source, destination, address, text, encoding, data_coding)
     values ($1, 1, '34600000000', 'Carillon', 'carillon', 'Hello', 'gsm7', 0)`,
    [account.id],
  );
  const job = await api.db.pool.query(
    `insert into export_job (account_id, request, format, status) values ($1, '{}', 'xlsx', 'done'), ($1, '{}', 'xlsx', 'done') returning id`,
    [account.id],
  );
  const { rows: imports } = await api.db.pool.query<{ id: number }>(
    `insert into import (account_id, kind, state, options, format)
     values ($1, 'contacts', 'waiting', '{}', '{"columns":[]}') returning id`,
    [account.id],
  );
  await api.db.pool.query(
    `insert into import (account_id, kind, state, options, format, campaign_id)
     values ($1, 'campaign', 'done', '{}', '{"columns":[]}', $2)`,
    [account.id, sent.body.data.id],
  );
  return {
    campaign: sent.body.data.id,
    message: (await get('/api/messages')).body.data[0]!.id,
    reference: 'mine',
    senderRequest: request.body.data.id,
    job: job.rows[0].id,
    file: job.rows[1].id,
    contact: contact.body.data.id,
    group: group.body.data.id,
    field: field.body.data.id,
    import: imports[0]!.id,
  };
}

test('no operation with an id in its path reaches a thing of another account', async (t) => {
  const api = await testApi(t);
  const [owner, stranger] = [await customer(api), await customer(api)];
  const things = await thingsOf(api, owner);
  for (const { method, path, operation } of await operationsOf(api, '/api/')) {
    const { operationId } = operation;
    if (!path.includes('{') || operationId in shared) continue;
    const places = ids[operationId];
    assert.ok(places, `${operationId} has an id in its path: add it to ids, or to shared with the reason`);
    const theirs = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const thing = places[name];
      assert.ok(thing, `${operationId}: say in ids what {${name}} is`);
      return String(things[thing]);
    });
    const absent = path.replace(/\{\w+\}/g, '987654321');
    const body = bodies[operationId];
    const answer = await called(stranger, method, theirs, body);
    assert.equal(answer.status, 404, `${operationId} as a stranger: ${answer.text}`);
    assert.equal(
      answer.text,
      (await called(stranger, method, absent, body)).text,
      `${operationId} tells it apart`,
    );
    const mine = await called(owner, method, theirs, body);
    assert.ok([200, 204, 422].includes(mine.status), `${operationId} as the owner: ${mine.text}`);
  }
  const { rows } = await api.db.pool.query<{ status: string }>('select status from campaign where id = $1', [
    things.campaign,
  ]);
  // The owner's own calls stopped it; a stranger's would have been refused as done before.
  assert.equal(rows.length, 1);
});

/** The tables of the contact book. */
const book = [
  'contact',
  'contact_field',
  'contact_value',
  'contact_group',
  'contact_group_member',
  'stop_entry',
];

test('a stranger changes nothing: every operation that changes is tried before the owner does it', async (t) => {
  const api = await testApi(t);
  const [owner, stranger] = [await customer(api), await customer(api)];
  const things = await thingsOf(api, owner);
  const state = async () => {
    const tables = [
      'export_job',
      'campaign',
      'message',
      'batch',
      'sender_request',
      'sender',
      'ledger',
      ...book,
    ];
    return Promise.all(tables.map(async (table) => (await api.db.pool.query(`select * from ${table}`)).rows));
  };
  const before = await state();
  for (const { method, path, operation } of await operationsOf(api, '/api/')) {
    const places = ids[operation.operationId];
    if (method === 'get' || places === undefined) continue;
    await called(
      stranger,
      method,
      path.replace(/\{(\w+)\}/g, (_, name: string) => String(things[places[name]!])),
      bodies[operation.operationId],
    );
  }
  assert.deepEqual(await state(), before);
});

test('no list shows a thing of another account, with no filter', async (t) => {
  const api = await testApi(t);
  const [owner, stranger] = [await customer(api), await customer(api)];
  const things = await thingsOf(api, owner);
  for (const { method, path, operation } of await operationsOf(api, '/api/')) {
    const { operationId, parameters = [] } = operation;
    if (operationId in ids || fresh.includes(operationId) || operationId in shared) continue;
    const filters = own[operationId];
    assert.ok(
      filters && method === 'get',
      `${operationId} is new: add it to own, shared or fresh, with what it shows`,
    );
    const naming = parameters
      .filter(({ name }) => /^ids$|\bid\]?$|_id\]?$/.test(name))
      .map(({ name }) => name);
    assert.deepEqual(naming.toSorted(), Object.keys(filters).toSorted(), `${operationId}: filters by an id`);
    const needed = required[operationId] ?? '';
    const queries = Object.entries(filters).map(([name, thing]) => `${name}=${things[thing]}`);
    for (const query of ['', ...queries]) {
      const url = `${path}?${needed}&${query}`;
      const mine = await owner.get(url);
      assert.equal(mine.status, 200, `${url}: ${mine.text}`);
      assert.ok(mine.body.data.length >= 1, `the owner's ${url} is empty: it proves nothing`);
      const seen = await stranger.get(url);
      assert.equal(seen.status, 200, url);
      assert.deepEqual(seen.body.data, [], url);
    }
  }
  await api.db.pool.query('update account set balance_e7 = 7 where id = $1', [owner.account.id]);
  const balance = async (caller: Caller) => (await caller.get('/api/accounts/balance')).body.data.balance;
  assert.deepEqual([await balance(owner), await balance(stranger)], [0.0000007, 100]);
});

test('no body and no query names a thing of another account, unless this file says why that is harmless', async (t) => {
  const api = await testApi(t);
  const operations = await operationsOf(api, '/api/');
  const met = new Set<string>();
  for (const { operation } of operations) {
    const { operationId, parameters = [], requestBody } = operation;
    for (const { schema } of Object.values(requestBody?.content ?? {})) {
      for (const path of idsIn(schema)) {
        assert.ok(path in harmless, `${operationId} takes ${path}: prove here that no other account's works`);
        met.add(path);
      }
    }
    const queried = parameters.filter((p) => p.in === 'query' && namesThing.test(p.name)).map((p) => p.name);
    const known = Object.keys(own[operationId] ?? {});
    for (const name of queried)
      assert.ok(known.includes(name), `${operationId} takes ${name}: add it to own`);
  }
  assert.deepEqual([...met].toSorted(), Object.keys(harmless).toSorted());

  const [owner, stranger] = [await customer(api), await customer(api)];
  const phones = [{ number: 34600000000, reference_id: 'both' }];
  for (const { post } of [owner, stranger]) {
    const answer = await post('/api/campaigns/sms/send', { sender: 'Carillon', text: 'Hi', phones });
    assert.equal(answer.status, 200, answer.text);
  }
  const mine = (await owner.get('/api/messages?filter[reference_id]=both')).body.data;
  const theirs = (await stranger.get('/api/messages?filter[reference_id]=both')).body.data;
  assert.deepEqual([mine.length, theirs.length], [1, 1]);
  assert.notEqual(mine[0]!.id, theirs[0]!.id);
});

test('no list of ids reaches a contact, group, field or stop list entry of another account', async (t) => {
  const api = await testApi(t);
  const [owner, stranger] = [await customer(api), await customer(api)];
  const [theirs, own] = [await thingsOf(api, owner), await thingsOf(api, stranger)];
  const state = () =>
    Promise.all(book.map(async (table) => (await api.db.pool.query(`select * from ${table}`)).rows));
  const { rows } = await api.db.pool.query<{ id: number }>(
    'select id from stop_entry where account_id = $1',
    [owner.account.id],
  );
  const before = await state();
  const both = (one: number, two: number) => [one, two];
  const refusals = [
    await stranger.post('/api/groups/attach', { contacts: [theirs.contact], groups: [own.group] }),
    await stranger.post('/api/groups/attach', { contacts: [own.contact], groups: [theirs.group] }),
    await stranger.post('/api/groups/detach', {
      contacts: both(own.contact, theirs.contact),
      groups: both(own.group, theirs.group),
    }),
    await stranger.post('/api/contacts', { phone: 34600000001, groups: [{ id: theirs.group }] }),
    await stranger.put(`/api/contacts/${own.contact}`, { phone: 34600000001, groups: [theirs.group] }),
    await stranger.post('/api/contacts', { phone: 34600000001, fields: [{ id: theirs.field, value: 'x' }] }),
    await stranger.get(`/api/contacts/search?search[field]=${theirs.field}&search[value]=Anna`),
  ];
  for (const answer of refusals) assert.equal(answer.status, 422, answer.text);
  const passedOver = [
    await stranger.post(`/api/contacts/delete?contact_ids[]=${theirs.contact}&group_ids[]=${theirs.group}`),
    await stranger.post('/api/contacts/fields/delete', { ids: [theirs.field] }),
    await stranger.post('/api/stoplist/detach', { ids: [rows[0]!.id], types: ['sms'] }),
  ];
  for (const answer of passedOver) assert.ok(answer.status < 300, answer.text);
  for (const path of [
    `/api/contacts?groups[]=${theirs.group}`,
    `/api/contacts/search?search[field]=group_id&search[value]=${theirs.group}`,
    `/api/contacts/search?search[field]=id&search[value]=${theirs.contact}`,
  ]) {
    assert.deepEqual((await stranger.get(path)).body.data, [], path);
    assert.equal((await owner.get(path)).body.data.length, 1, path);
  }
  assert.deepEqual(await state(), before);
});

test('no operation of the admin API answers a key without its scope', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const nobody = api.call({});
  // An administrator's key that was given no more than a customer's.
  const modest = await customer(api, { role: 'admin', keyOptions: { scopes: ['send', 'read'] } });
  const operations = await operationsOf(api, '/admin/api/');
  assert.ok(operations.length > 15);
  for (const { method, path, operation } of operations) {
    const url = path.replace(/\{\w+\}/g, '1');
    for (const caller of [shop, modest]) {
      const answer = await called(caller, method, url);
      assert.equal(answer.status, 403, `${operation.operationId}: ${answer.text}`);
    }
    assert.equal((await called(nobody, method, url)).status, 401, operation.operationId);
  }
});

test('every operation is below /api or /admin/api, or known to be public', async (t) => {
  const api = await testApi(t);
  const others = (await operationsOf(api, '/')).filter(({ path }) => !/^(\/admin)?\/api\//.test(path));
  assert.deepEqual(
    others.map(({ operation }) => operation.operationId),
    ['healthz', 'readyz'],
  );
});
