// Requests that once were answered 500, or could have been; each found by the fuzz or by thinking like it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { admin, customer, testApi } from './support/api.ts';

test('a text that PostgreSQL cannot hold is refused in every body, by its field', async (t) => {
  const api = await testApi(t);
  const chief = await admin(api);
  for (const text of ['a\0b', 'a\ud800', '\udc00']) {
    for (const [method, path, body] of [
      ['post', '/admin/api/accounts', { name: text }],
      ['post', `/admin/api/accounts/${chief.account.id}/top-up`, { amount: '1', note: text }],
      ['post', '/admin/api/keys', { account_id: chief.account.id, name: text }],
      ['post', '/admin/api/operators', { name: 'x', host: text, system_id: 'x', password: 'x' }],
      ['post', '/admin/api/operators', { name: 'x', host: 'x', system_id: 'x', password: text }],
      ['post', '/admin/api/tariffs', { code: 7, name: text, currency: 'EUR' }],
      ['post', '/admin/api/tariffs/0/rates', { prefix: '1', price: '1', operator: text }],
      ['post', '/admin/api/moderation/rules', { kind: 'pattern', value: text }],
      ['post', '/admin/api/moderation/domains', { domain: text }],
      ['patch', `/admin/api/accounts/${chief.account.id}`, { default_sender: text }],
    ] as const) {
      const answer = await chief[method](path, body);
      assert.equal(answer.status, 422, `${path} ${JSON.stringify(body)} ${answer.text}`);
      const [field = ''] = Object.entries(body).find(([, value]) => value === text)!;
      assert.deepEqual(Object.keys(answer.body.errors), [field]);
    }
  }
  const emoji = await chief.post('/admin/api/accounts', '{"name":"\\ud83e\\udd84 \\\\u0000"}');
  assert.equal(emoji.status, 201, 'a whole pair is one character, and a backslash before u0000 two');
});

test('a number that no id can be is refused', async (t) => {
  const chief = await admin(await testApi(t));
  for (const id of [1e300, 2 ** 63, 2 ** 53, -1, 0, 1.5]) {
    for (const [path, body] of [
      ['/admin/api/keys', { account_id: id }],
      ['/admin/api/moderation/rules', { kind: 'word', value: 'x', account_id: id }],
      ['/admin/api/moderation/domains', { domain: 'x.example', account_id: id }],
      ['/admin/api/senders', { account_id: id, sender: 'Shop' }],
    ] as const) {
      const answer = await chief.post(path, body);
      assert.equal(answer.status, 422, `${path} ${id}: ${answer.text}`);
    }
  }
});

test('money beyond what the database counts is refused, and the balance stays', async (t) => {
  const api = await testApi(t);
  const chief = await admin(api);
  const shop = await customer(api, { balance: '0' });
  const path = `/admin/api/accounts/${shop.account.id}`;
  const most = '400000000000';
  assert.equal((await chief.post(`${path}/top-up`, { amount: most, note: '1' })).status, 200);
  for (const amount of [most, '0.0000001', '922337203685.4775807']) {
    const answer = await chief.post(`${path}/top-up`, { amount, note: amount });
    assert.equal(answer.status, 422, answer.text);
    assert.ok(answer.body.errors.amount);
  }
  assert.equal((await shop.get('/api/accounts/balance')).body.data.balance, Number(most));
  assert.equal((await chief.patch(path, { credit: '922337203685.4775807' })).status, 422);
  assert.equal((await chief.patch(path, { credit: most })).status, 200);
  const sent = await shop.post('/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'x', phones: [{ number: 34600000000 }] },
  });
  assert.equal(sent.status, 200, sent.text);
});

test('a request cannot write a line of its own into the log', async (t) => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const api = await testApi(t, {
    log,
    live: () => Promise.reject(new Error('x\n{"level":60,"msg":"forged"}')),
  });
  await api.app.inject({
    ...{ method: 'GET', url: '/healthz?x=%0a{"level":60,"msg":"forged"}' },
    headers: { 'user-agent': 'x\\n{"level":60}' },
  });
  assert.ok(lines.length > 0);
  for (const line of lines) {
    assert.equal(line.indexOf('\n'), line.length - 1, line);
    assert.notEqual((JSON.parse(line) as { msg: string }).msg, 'forged');
  }
});

test('no answer carries a header that a request made up, and none invites another origin', async (t) => {
  const api = await testApi(t);
  const { key } = await customer(api);
  for (const url of [
    '/api/campaigns?sort=%0d%0aSet-Cookie:%20a=b',
    '/%0d%0aSet-Cookie:%20a=b',
    '/healthz',
    '/docs',
  ]) {
    const { headers } = await api.app.inject({
      url,
      headers: { origin: 'https://evil.example', 'x-api-key': key },
    });
    assert.equal(headers['set-cookie'], undefined);
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith('access-control-')),
      [],
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
  }
  const preflight = await api.app.inject({
    ...{ method: 'OPTIONS', url: '/api/campaigns/sms/send' },
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  assert.equal(preflight.statusCode, 404);
});

test('the documentation runs no script but its own files', async (t) => {
  const { app } = await testApi(t);
  const page = await app.inject('/docs');
  const policy = String(page.headers['content-security-policy']);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /default-src 'self'/);
  for (const [, text] of page.payload.matchAll(/<script[^>]*>([^<]*)<\/script>/g))
    assert.equal(text!.trim(), '');
});

test('a search is a text, not a pattern and not SQL', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const chief = await admin(api);
  await shop.post('/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'x', phones: [{ number: 34600000000 }] },
  });
  for (const value of ['%', '_', 'C%n', "' or 1=1 --", '\\', '.*']) {
    const text = encodeURIComponent(value);
    const campaigns = await shop.get(`/api/campaigns?search[field]=sender&search[value]=${text}`);
    assert.equal(campaigns.status, 200);
    assert.deepEqual(campaigns.body.data, [], value);
    const accounts = await chief.get(`/admin/api/accounts?search[name]=${text}`);
    assert.deepEqual(accounts.body.data, [], value);
    const requests = await shop.get(`/api/senders/requests/sms?filter[sender]=${text}`);
    assert.deepEqual(requests.body.data, [], value);
    assert.equal((await shop.get(`/api/campaigns?sort=${text}`)).status, 422);
    assert.equal((await shop.get(`/api/campaigns?way=${text}`)).status, 422);
  }
});
