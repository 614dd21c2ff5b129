// Proves the admin API of accounts, keys, operators, routes and campaigns: what is done is done, refused in words, and
// written down in the audit log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Api, admin, type Customer, customer, testApi } from './support/api.ts';

type Fields = Record<string, unknown>;
const dataOf = (answer: { body: unknown }) => (answer.body as { data: Fields }).data;
const listOf = (answer: { body: unknown }) => (answer.body as { data: Fields[] }).data;

async function bench(t: Parameters<typeof testApi>[0]): Promise<{ api: Api; boss: Customer }> {
  const api = await testApi(t);
  return { api, boss: await admin(api) };
}

/** The newest entries of the audit log. */
async function audited(boss: Customer, filter: string): Promise<Fields[]> {
  const answer = await boss.get(`/admin/api/audit?${filter}`);
  assert.equal(answer.status, 200, answer.text);
  return listOf(answer);
}

test('an account is made, changed, topped up and adjusted, and each change is written down', async (t) => {
  const { boss } = await bench(t);
  const made = await boss.post('/admin/api/accounts', { name: 'acme', credit: '20' });
  assert.equal(made.status, 201, made.text);
  const { id } = dataOf(made);
  const path = `/admin/api/accounts/${id}`;
  assert.equal((await boss.post('/admin/api/accounts', { name: 'acme' })).status, 409);
  assert.equal((await boss.post('/admin/api/accounts', { name: ' ' })).status, 422);
  assert.equal((await boss.post('/admin/api/accounts', { name: 'x', credit: '-1' })).status, 422);
  assert.equal((await boss.post('/admin/api/accounts', { name: 'x', owner: 1 })).status, 422);

  const change = {
    name: 'Acme',
    credit: 5.5,
    tariff_code: 0,
    moderation: 'first',
    sender_policy: 'moderate',
    messages_per_second: 100,
    messages_per_day: 50_000,
    retention_days: 90,
    default_sender: 'Acme',
  };
  const changed = await boss.patch(path, change);
  assert.equal(changed.status, 200, changed.text);
  const { tariff_code: _, ...shown } = change;
  const account = dataOf(await boss.get(path));
  assert.deepEqual({ ...account, ...shown }, account);
  assert.equal(dataOf(await boss.patch(path, { messages_per_day: null })).messages_per_day, null);
  for (const wrong of [
    {},
    { name: '' },
    { credit: 'much' },
    { moderation: 'now' },
    { retention_days: 0 },
    { tariff_code: 9 },
  ]) {
    assert.equal((await boss.patch(path, wrong)).status, 422, JSON.stringify(wrong));
  }
  assert.equal((await boss.patch(path, { name: boss.account.name })).status, 409);

  assert.equal(dataOf(await boss.post(`${path}/top-up`, { amount: '100', note: 'invoice' })).balance, 100);
  const adjusted = await boss.post(`${path}/adjustment`, { amount: '-0.0000001', note: 'dust' });
  assert.equal(dataOf(adjusted).balance, 99.9999999);
  // The same booking by mistake, or by a retry.
  assert.equal((await boss.post(`${path}/top-up`, { amount: '100', note: 'invoice' })).status, 429);
  assert.equal((await boss.post(`${path}/top-up`, { amount: '-1' })).status, 422);
  // What would not fit the database is refused in words, also where each amount alone would.
  assert.equal((await boss.post(`${path}/top-up`, { amount: '400000000000.1' })).status, 422);
  const full = await boss.post(`${path}/top-up`, { amount: '399999999900.1' });
  assert.equal(full.status, 422, full.text);
  assert.match(full.body.errors.amount![0]!, /balance would be too large/);
  assert.equal((await boss.patch(path, { credit: '400000000000.1' })).status, 422);
  assert.equal((await boss.post(`${path}/adjustment`, { amount: '1' })).status, 422);
  assert.equal((await boss.get('/admin/api/accounts/987654321')).status, 404);
  assert.equal((await boss.post('/admin/api/accounts/987654321/top-up', { amount: '1' })).status, 404);

  const found = await boss.get('/admin/api/accounts?search[name]=ACM&page[limit]=1');
  assert.deepEqual([found.body.meta.page.total, listOf(found)[0]?.id], [1, id]);
  const entries = await audited(boss, `filter[owner_id]=${id}`);
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['account.adjust', 'account.top-up', 'account.change', 'account.change', 'account.create'],
  );
  assert.deepEqual(entries[3]!.details, {
    name: ['acme', 'Acme'],
    credit: ['20.0000000', '5.5000000'],
    moderation: ['off', 'first'],
    senderPolicy: ['allow', 'moderate'],
    messagesPerSecond: [null, 100],
    messagesPerDay: [null, 50_000],
    retentionDays: [null, 90],
    defaultSender: [null, 'Acme'],
  });
  assert.deepEqual(
    new Set(entries.map(({ account_id, key_id }) => `${account_id} ${key_id}`)),
    new Set([`${boss.account.id} ${boss.keyId}`]),
  );
});

test('a key is shown once, and revoked at once', async (t) => {
  const { api, boss } = await bench(t);
  const { account } = await customer(api);
  const body = {
    account_id: account.id,
    kind: 'test',
    name: 'shop',
    scopes: ['read', 'send'],
    addresses: ['127.0.0.1', '10.0.0.0/8'],
    requests_per_minute: 1000,
  };
  const made = await boss.post('/admin/api/keys', body);
  assert.equal(made.status, 201, made.text);
  const { key, id, ...shown } = dataOf(made) as { key: string; id: number };
  assert.match(key, /^test_/);
  assert.equal((await api.call({ 'x-api-key': key }).get('/api/campaigns')).status, 200);
  const list = await boss.get(`/admin/api/keys?filter[account_id]=${account.id}`);
  assert.ok(!list.text.includes(key));
  assert.deepEqual(
    listOf(list).map((each) => each.id),
    [(list.body.data[0] as { id: number }).id, id],
  );
  assert.deepEqual(
    { ...shown, last_used_at: null },
    {
      ...body,
      hint: key.slice(0, 9),
      scopes: ['send', 'read'],
      addresses: ['127.0.0.1/32', '10.0.0.0/8'],
      created_at: (shown as Fields).created_at,
      last_used_at: null,
      revoked_at: null,
    },
  );
  const refused = async (wrong: object) => (await boss.post('/admin/api/keys', { ...body, ...wrong })).status;
  assert.deepEqual(
    await Promise.all([
      refused({ scopes: ['admin'] }),
      refused({ scopes: [] }),
      refused({ addresses: ['here'] }),
      refused({ account_id: 987654321 }),
    ]),
    [422, 422, 422, 404],
  );
  const revoked = await boss.delete(`/admin/api/keys/${id}`);
  assert.notEqual(dataOf(revoked).revoked_at, null);
  assert.deepEqual(dataOf(await boss.delete(`/admin/api/keys/${id}`)), dataOf(revoked));
  assert.equal((await boss.delete('/admin/api/keys/987654321')).status, 404);
  assert.deepEqual(
    (await audited(boss, `filter[subject]=key/${id}`)).map(({ action }) => action),
    ['key.revoke', 'key.create'],
  );
  assert.ok(!(await boss.get('/admin/api/audit')).text.includes(key));
});

test('operators and routes are added, changed and removed, and no answer shows a password', async (t) => {
  const { boss } = await bench(t);
  const body = { name: 'north', host: 'smpp.north.example', system_id: 'me', password: 'a secret' };
  const made = await boss.post('/admin/api/operators', { ...body, throttle: 100, sessions: 2 });
  assert.equal(made.status, 201, made.text);
  const { id } = dataOf(made);
  assert.equal((await boss.post('/admin/api/operators', body)).status, 409);
  assert.equal((await boss.post('/admin/api/operators', { ...body, name: 'no spaces' })).status, 422);
  const path = `/admin/api/operators/${id}`;
  const changed = await boss.patch(path, { enabled: false, throttle: null, password: 'another secret' });
  assert.equal(changed.status, 200, changed.text);
  const shown = dataOf(await boss.get(path));
  assert.deepEqual([shown.enabled, shown.throttle, shown.sessions, shown.port], [false, null, 2, 2775]);
  assert.equal((await boss.patch(path, { port: 0 })).status, 422);
  assert.equal((await boss.get('/admin/api/operators/987654321')).status, 404);

  const route = await boss.post('/admin/api/routes', { operator: 'north', prefix: '380' });
  assert.equal(route.status, 201, route.text);
  const routePath = `/admin/api/routes/${dataOf(route).id}`;
  assert.equal((await boss.post('/admin/api/routes', { operator: 'north', prefix: '380' })).status, 409);
  assert.equal((await boss.post('/admin/api/routes', { operator: 'south' })).status, 404);
  assert.equal((await boss.post('/admin/api/routes', { operator: 'north', prefix: '+' })).status, 422);
  // Nothing changes, so nothing is written down.
  assert.equal((await boss.patch(routePath, {})).status, 200);
  assert.deepEqual(dataOf(await boss.patch(routePath, { priority: 3 })), {
    ...{ id: dataOf(route).id, prefix: '380', operator: 'north', priority: 3, weight: 100 },
  });
  const inUse = await boss.delete(path);
  assert.deepEqual([inUse.status, /route \d+ to north/.test(inUse.body.message)], [409, true], inUse.text);
  assert.equal((await boss.delete(routePath)).status, 200);
  assert.equal((await boss.delete(routePath)).status, 404);
  assert.deepEqual(listOf(await boss.get('/admin/api/routes')), []);

  const removed = await boss.delete(path);
  assert.deepEqual([removed.status, dataOf(removed)], [200, shown]);
  assert.equal((await boss.delete(path)).status, 404);
  assert.equal((await boss.get(path)).status, 404);

  const log = await boss.get('/admin/api/audit');
  assert.deepEqual(
    listOf(log).map(({ action }) => action),
    ['operator.remove', 'route.remove', 'route.change', 'route.add', 'operator.change', 'operator.add'],
  );
  for (const answer of [made, changed, removed, log, await boss.get('/admin/api/operators')]) {
    assert.ok(!answer.text.includes('secret'), answer.text);
  }
});

test('campaigns of all accounts are listed, shown and stopped', async (t) => {
  const { api, boss } = await bench(t);
  const [first, second] = [await customer(api), await customer(api, { kind: 'test' })];
  const order = { sender: 'Carillon', text: 'Hello', phones: [{ number: 34600000000 }] };
  const mine = (await first.post('/api/campaigns/sms/send', order)).body.data.id;
  const test = (await second.post('/api/campaigns/sms/send', { ...order, sender: 'Shop' })).body.data.id;
  const found = async (query: string) => {
    const answer = await boss.get(`/admin/api/campaigns?${query}`);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.meta.page.total, listOf(answer).length);
    return listOf(answer).map(({ id }) => id);
  };
  assert.deepEqual(await found(''), [mine, test]);
  assert.deepEqual(await found('way=desc'), [test, mine]);
  assert.deepEqual(await found(`filter[account_id]=${first.account.id}`), [mine]);
  assert.deepEqual(await found('filter[test]=true'), [test]);
  assert.deepEqual(await found('filter[test]=false'), [mine]);
  assert.deepEqual(await found('filter[status]=done'), []);
  assert.deepEqual(await found('filter[status]=scheduled&search[field]=sender&search[value]=sho'), [test]);
  const shown = dataOf(await boss.get(`/admin/api/campaigns/${mine}`));
  assert.deepEqual(shown.account, { id: first.account.id, name: first.account.name });
  const stopped = await boss.patch(`/admin/api/campaigns/${mine}/stop`);
  assert.deepEqual([stopped.status, dataOf(stopped).status], [200, 'stopped']);
  assert.equal((await boss.patch(`/admin/api/campaigns/${mine}/stop`)).status, 422);
  assert.equal((await boss.get('/admin/api/campaigns/987654321')).status, 404);
  assert.deepEqual(
    (await audited(boss, 'filter[action]=campaign')).map(({ action, owner_id }) => [action, owner_id]),
    [['campaign.stop', first.account.id]],
  );
});
