// Reaches every answer that the One-API documents for the contact book, the sends to it and the exports, success and
// refusal, and checks each against its published schema. Fails when one was never reached.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { type Answer, customer, testApi } from './support/api.ts';

type Operation = {
  method: string;
  path: string;
  /** Of the success; 200 where there is none. */
  status?: number;
  answer?: object;
  /** Schemas of refusals, by status. */
  refusals?: Record<string, object>;
};

const published = JSON.parse(await readFile(new URL('http-one-api.json', import.meta.url), 'utf8')) as Record<
  string,
  Operation
>;

const areas =
  /^\/api\/(contacts|groups|stoplist|settings\/address-book-fields|stat\/jobs|campaigns\/sms\/send-(groups|individual))\b/;
const operations = Object.fromEntries(Object.entries(published).filter(([, { path }]) => areas.test(path)));

/** The published form has `errors` as a list: what an empty object of PHP is written as. Ours has the fields' names. */
const refusalWithFields = {
  type: 'object',
  required: ['message', 'errors'],
  properties: {
    message: { type: 'string' },
    errors: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  },
};

/** Documented, but not given: what is not there is a 404 in every operation, and nothing else can be wrong with an id. */
const notGiven = ['contact 422'];

function schemaOf(operation: Operation, status: number): object | undefined {
  if (status === (operation.status ?? 200)) return operation.answer;
  return status === 422 ? refusalWithFields : operation.refusals?.[status];
}

test('every documented answer of every operation is given, in the published form', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const reached = new Set<string>();

  /** Calls an operation of the published list, and demands this answer of it. */
  async function expect(
    name: string,
    status: number,
    { path = {}, query = '', body }: { path?: Record<string, unknown>; query?: string; body?: unknown } = {},
  ): Promise<Answer> {
    const operation = operations[name];
    assert.ok(operation, name);
    const url = operation.path.replace(/\{(\w+)\}/g, (_, parameter: string) => String(path[parameter]));
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const answer = await shop[method](query === '' ? url : `${url}?${query}`, body);
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    const schema = schemaOf(operation, status);
    if (status === 204) assert.equal(answer.text, '');
    else if (schema !== undefined)
      assert.deepEqual(Compile(schema).Errors(answer.body), [], `${name}: ${answer.text}`);
    reached.add(`${name} ${status}`);
    return answer;
  }
  /** The same request twice within seconds: the second is a duplicate. */
  async function twice(name: string, status: number, request: Parameters<typeof expect>[2]): Promise<Answer> {
    const first = await expect(name, status, request);
    const second = await expect(name, 429, request);
    assert.match(String(second.headers['retry-after']), /^\d+$/);
    return first;
  }
  const idOf = (answer: Answer) => answer.body.data.id;

  const field = idOf(await twice('contact_field_create', 201, { body: { name: 'City', type: 'text' } }));
  await expect('contact_fields', 200);
  await expect('contact_field_update', 200, { path: { id: field }, body: { name: 'Town' } });
  await expect('get_settingsAddressBookFieldsById', 200, { path: { id: field } });

  const group = idOf(await twice('contact_list_create', 201, { body: { name: 'Customers' } }));
  await expect('contact_list_create', 422, { body: { name: 'x' } });
  await expect('contact_list', 200, { path: { id: group } });
  await expect('contact_list_update', 200, { path: { id: group }, body: { name: 'Clients' } });
  await expect('contact_list_update', 422, { path: { id: group }, body: { name: 'x' } });
  await expect('contact_lists', 200);
  await expect('contact_list_search', 200, { query: 'search[field]=name&search[value]=Clients' });

  const fields = [{ id: field, value: 'Madrid' }];
  const contact = idOf(await twice('contact_create', 201, { body: { phone: 34600000001, fields } }));
  await expect('contact_create', 422, { body: { phone: 1 } });
  await expect('contact', 200, { path: { id: contact } });
  for (const id of ['none', 999_999]) {
    const none = await shop.get(`/api/contacts/${id}`);
    assert.deepEqual([none.status, typeof none.body.message], [404, 'string']);
  }
  await expect('contact_update', 200, { path: { id: contact }, body: { phone: 34600000002 } });
  await expect('contact_update', 422, { path: { id: contact }, body: { phone: 1 } });
  await expect('contacts', 200);
  await expect('contacts_search', 200, { query: `search[field]=${field}&search[value]=Madrid` });

  const membership = { contacts: [contact], groups: [group] };
  await twice('contact_list_attach', 200, { body: membership });
  const greeting = { sender: 'Shop', text: 'Hello {Town|friend}' };
  await twice('sms_send_groups', 200, { body: { ...greeting, groups: [group] } });
  const messages = [{ phone: 34600000009, sender: 'Shop', text: 'Hi' }];
  await twice('sms_send_individual', 200, { body: { messages } });

  const stop = { phones: [34600000003], types: ['sms'] };
  const [entry] = (await twice('stoplist_add', 200, { body: stop })).body.data;
  await expect('stoplist_items', 200);
  await expect('stoplist_search', 200, { query: 'search[field]=phone&search[value]=34600000003' });
  await twice('stoplist_remove', 200, { body: { ids: [entry!.id], types: ['sms'] } });

  const made = await expect('stat_jobs_create', 200, { body: { type: 'message', message_id: [1] } });
  const { key } = made.body as unknown as { key: string };
  await expect('stat_jobs_list', 200);
  await expect('stat_jobs_show', 200, { path: { id: key } });
  await expect('stat_jobs_delete', 200, { path: { id: key } });

  await twice('contact_list_detach', 200, { body: membership });
  const other = idOf(await shop.post('/api/contacts', { phone: 34600000004 }));
  await expect('contacts_delete', 204, { query: `contact_ids[]=${other}` });
  await expect('contact_delete', 204, { path: { id: contact } });
  await expect('contact_list_delete', 204, { path: { id: group } });
  await expect('post_contactsFieldsDelete', 204, { body: { ids: [field] } });

  const documented = Object.entries(operations).flatMap(([name, { status = 200, refusals = {} }]) =>
    [status, ...Object.keys(refusals)].map((each) => `${name} ${each}`),
  );
  assert.ok(documented.length > 40, 'the list of operations is there');
  assert.deepEqual(
    documented.filter((each) => !reached.has(each)),
    notGiven,
    'never reached',
  );
});

test('a contact that is made again with the same Idempotency-Key is made once, and another body is refused', async (t) => {
  const api = await testApi(t);
  const { key } = await customer(api);
  const retry = api.call({ 'x-api-key': key, 'idempotency-key': 'contact 1' });
  const first = await retry.post('/api/contacts', { phone: 34600000001 });
  assert.equal(first.status, 201, first.text);
  const again = await retry.post('/api/contacts', { phone: 34600000001 });
  assert.deepEqual([again.status, again.text], [201, first.text]);
  const other = await retry.post('/api/contacts', { phone: 34600000002 });
  assert.ok([409, 422].includes(other.status), other.text);
  const atOnce = api.call({ 'x-api-key': key, 'idempotency-key': 'contact 2' });
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => atOnce.post('/api/contacts', { phone: 34600000003 })),
  );
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1, answers[0]!.text);
  const { rows } = await api.db.pool.query('select phone from contact order by phone');
  assert.deepEqual(rows, [{ phone: 34600000001 }, { phone: 34600000003 }]);
});
