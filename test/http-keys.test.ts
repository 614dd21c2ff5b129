// Proves what a key may do, from where and how often, that it dies at once on every process, and that a request that
// comes twice is done once.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { keySource, revokeKey, sharedSecret } from '../src/accounts/index.ts';
import { addFeatures } from '../src/features.ts';
import { type App, buildServer } from '../src/http/index.ts';
import { cleanUp } from '../src/retries/index.ts';
import { type Api, admin, type Caller, customer, overWithinSecond, testApi } from './support/api.ts';

const send = '/api/campaigns/sms/send';
const hello = { sender: 'Carillon', text: 'Hello', phones: [{ number: 34600000000 }] };

const campaigns = async ({ db }: Api) =>
  (await db.pool.query<{ n: number }>('select count(*) as n from campaign')).rows[0]!.n;

/** What another process of the installation has: its own cache and server, the same database and secret. */
async function anotherProcess(t: TestContext, { db, app }: Api): Promise<App> {
  const keys = keySource(db);
  const second = await buildServer({ db, keys, signingKey: await sharedSecret(db, 'jwt'), log: app.log });
  await addFeatures(second, { db });
  t.after(() => second.close());
  return second;
}

test('a key does what its scopes say, and is told which one it lacks', async (t) => {
  const api = await testApi(t);
  const reader = await customer(api, { keyOptions: { scopes: ['read'] } });
  const sender = await customer(api, { keyOptions: { scopes: ['send'] } });
  const refused = async (caller: Caller, path: string, scope: string) => {
    const answer = await (path === send ? caller.post(path, hello) : caller.get(path));
    assert.equal(answer.status, 403, path);
    assert.match(answer.body.message, new RegExp(`'${scope}'`));
  };
  await refused(reader, send, 'send');
  await refused(sender, '/api/campaigns', 'read');
  await refused(await customer(api), '/admin/api/accounts', 'admin');
  await refused(await admin(api, ['moderate', 'read']), '/admin/api/accounts', 'admin');
  assert.equal((await reader.get('/api/campaigns')).status, 200);
  assert.equal((await sender.post(send, hello)).status, 200);
  assert.equal((await reader.post('/api/campaigns/price', hello)).status, 200);
  assert.equal((await (await admin(api, ['admin'])).get('/admin/api/accounts')).status, 200);
  // A token can do what its key can.
  const { bearer } = (await reader.post('/api/auth/login', { api_key: reader.key })).body;
  const byToken = api.call({ authorization: `Bearer ${bearer}` });
  await refused(byToken, send, 'send');
  assert.equal((await byToken.post('/api/auth/refresh')).status, 200);
});

test('the scopes of administrators are for their accounts only', async (t) => {
  const api = await testApi(t);
  await assert.rejects(customer(api, { keyOptions: { scopes: ['read', 'admin'] } }), /role admin/);
  await assert.rejects(customer(api, { keyOptions: { scopes: ['moderate'] } }), /role admin/);
  await assert.rejects(customer(api, { keyOptions: { scopes: [] } }), /at least one scope/);
});

test('a key with an address list works from there only, and a forged header changes nothing', async (t) => {
  const api = await testApi(t);
  const keyOptions = { addresses: ['127.0.0.1', '2001:db8::/32'] };
  const local = await customer(api, { keyOptions });
  const remote = await customer(api, { keyOptions: { addresses: ['203.0.113.0/24'] } });
  assert.equal((await local.get('/api/campaigns')).status, 200);
  const answer = await remote.get('/api/campaigns');
  assert.equal(answer.status, 403);
  assert.match(answer.body.message, /from 127\.0\.0\.1/);
  const forged = api.call({ 'x-api-key': remote.key, 'x-forwarded-for': '203.0.113.7' });
  assert.equal((await forged.get('/api/campaigns')).status, 403);
  await assert.rejects(customer(api, { keyOptions: { addresses: ['10.0.0.1/8'] } }), /CIDR/);
});

test('behind a proxy that is trusted, the address is the one it forwards', async (t) => {
  const api = await testApi(t, { trustProxy: 1 });
  const { key } = await customer(api, { keyOptions: { addresses: ['203.0.113.0/24'] } });
  const through = (forwarded: string) =>
    api.call({ 'x-api-key': key, 'x-forwarded-for': forwarded }).get('/api/campaigns');
  assert.equal((await through('203.0.113.7')).status, 200);
  assert.equal((await through('198.51.100.1, 203.0.113.7')).status, 200);
  // What the client itself put there is not the proxy's word.
  assert.equal((await through('203.0.113.7, 198.51.100.1')).status, 403);
});

test('a key beyond its rate is answered 429 with the seconds to wait, and others are not', async (t) => {
  const api = await testApi(t);
  const limited = await customer(api, { keyOptions: { requestsPerMinute: 3 } });
  const other = await customer(api);
  for (const _ of [1, 2, 3]) assert.equal((await limited.get('/api/accounts/balance')).status, 200);
  const answer = await limited.get('/api/accounts/balance');
  assert.equal(answer.status, 429);
  const wait = Number(answer.headers['retry-after']);
  assert.ok(wait >= 1 && wait <= 60, String(wait));
  assert.equal((await other.get('/api/accounts/balance')).status, 200);
});

test('processes of the API count the requests of a key, and the failed logins of an address, together', async (t) => {
  const api = await testApi(t);
  const others = [await anotherProcess(t, api), await anotherProcess(t, api)];
  const processes = [api.app, ...others];
  const limited = await customer(api, { keyOptions: { requestsPerMinute: 30 } });
  const answers = await Promise.all(
    Array.from({ length: 90 }, (_, i) =>
      processes[i % 3]!.inject({ url: '/api/accounts/balance', headers: { 'x-api-key': limited.key } }),
    ),
  );
  const refused = answers.filter(({ statusCode }) => statusCode === 429);
  assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 30);
  assert.equal(refused.length, 60);
  for (const { headers } of refused) {
    const wait = Number(headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 60, String(wait));
  }

  const login = (process: App, api_key: string) =>
    process.inject({ method: 'POST', url: '/api/auth/login', payload: { api_key } });
  const { key } = await customer(api);
  for (let i = 0; i < 10; i += 1)
    assert.equal((await login(processes[i % 2]!, `live_${'0'.repeat(32)}`)).statusCode, 401);
  // Also where no failure was seen, and with a right key.
  const answer = await login(others[1]!, key);
  assert.equal(answer.statusCode, 429);
  assert.ok(Number(answer.headers['retry-after']) >= 1);
});

test('a key without a limit, and a login that succeeds, leave nothing to count', async (t) => {
  const api = await testApi(t);
  const { key, get } = await customer(api);
  assert.equal((await get('/api/accounts/balance')).status, 200);
  assert.equal((await api.call({}).post('/api/auth/login', { api_key: key })).status, 200);
  assert.equal((await api.db.pool.query('select from request_count')).rowCount, 0);
});

test('an address that fails to log in too often has to wait, whatever it tries next', async (t) => {
  const api = await testApi(t);
  const { key } = await customer(api);
  const login = (api_key: string) => api.call({}).post('/api/auth/login', { api_key });
  for (let i = 0; i < 10; i += 1) {
    assert.equal((await login(`live_${'0'.repeat(32)}`)).status, 401);
    if (i < 9) assert.equal((await login(key)).status, 200);
  }
  const answer = await login(key);
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers['retry-after']) >= 1);
});

test('a revoked key and its tokens stop within a second on a process that has just used them', async (t) => {
  const api = await testApi(t);
  const { key, keyId } = await customer(api);
  const second = await anotherProcess(t, api);
  const { bearer } = (await api.call({}).post('/api/auth/login', { api_key: key })).body;
  const ways = [{ authorization: `Bearer ${bearer}` }, { 'x-api-key': key }];
  const statuses = () =>
    Promise.all(
      ways.flatMap((headers) => [
        second.inject({ url: '/api/campaigns', headers }).then(({ statusCode }) => statusCode),
        api
          .call(headers)
          .get('/api/campaigns')
          .then(({ status }) => status),
      ]),
    );
  assert.deepEqual(await statuses(), [200, 200, 200, 200]);
  assert.equal(await revokeKey(api.db, keyId), true);
  const revoked = performance.now();
  await overWithinSecond(revoked, async () => (await statuses()).every((status) => status === 401));
});

test('the same body from an account is refused for seconds, on every operation that sends', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const universal = { channels: ['sms'], sms: { sender: 'Shop', text: 'Hi' } };
  for (const [path, body] of [
    [send, hello],
    ['/api/campaigns/send', { ...universal, recipients: { phones: [{ number: '34600000000' }] } }],
    ['/api/messages/send', { ...universal, phone: { number: '34600000000' } }],
  ] as const) {
    const first = await shop.post(path, body);
    assert.equal(first.status, 200, first.text);
    const second = await shop.post(path, body);
    assert.equal(second.status, 429, path);
    assert.equal(second.body.message, 'Too many duplicate request detected');
    const wait = Number(second.headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 5, String(wait));
  }
  assert.equal((await (await customer(api)).post(send, hello)).status, 200);
  assert.equal((await shop.post(send, { ...hello, text: 'Another' })).status, 200);
  await api.db.pool.query(`update recent_body set at = at - interval '6 seconds'`);
  assert.equal((await shop.post(send, hello)).status, 200);
});

test('of many identical requests at once one sends', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.post(send, hello)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ status }) => status === 429).length, 19);
  assert.equal(await campaigns(api), 1);
});

test('a refused request may be sent again at once, when its reason is gone', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api, { balance: '0' });
  assert.equal((await shop.post(send, hello)).status, 422);
  await api.db.pool.query('update account set credit_e7 = 1000000000 where id = $1', [shop.account.id]);
  assert.equal((await shop.post(send, hello)).status, 200);
});

test('an Idempotency-Key gets the first answer again, also from another process, and sends once', async (t) => {
  const api = await testApi(t);
  const { key, account } = await customer(api);
  const keyed = (idempotency: string) => api.call({ 'x-api-key': key, 'idempotency-key': idempotency });
  const first = await keyed('order 17').post(send, hello);
  assert.equal(first.status, 200, first.text);
  await api.db.pool.query(`update campaign set status = 'done'`);
  const again = await keyed('order 17').post(send, hello);
  assert.deepEqual([again.status, again.text], [200, first.text]);
  assert.equal(again.headers['content-type'], first.headers['content-type']);
  assert.equal(again.headers['idempotency-replayed'], 'true');
  const second = await anotherProcess(t, api);
  const elsewhere = await second.inject({
    method: 'POST',
    url: send,
    headers: { 'x-api-key': key, 'idempotency-key': 'order 17', 'content-type': 'application/json' },
    payload: JSON.stringify(hello),
  });
  assert.deepEqual([elsewhere.statusCode, elsewhere.payload], [200, first.text]);
  // Another key is another request: the body may come twice.
  assert.notEqual((await keyed('order 18').post(send, hello)).text, first.text);
  const reused = await keyed('order 17').post(send, { ...hello, text: 'Another' });
  assert.equal(reused.status, 422);
  assert.match(reused.body.message, /Idempotency-Key was used for another request/);
  assert.equal(
    (
      await keyed('ж')
        .post(send, hello)
        .catch(() => ({ status: 422 }))
    ).status,
    422,
  );
  assert.equal((await keyed('x'.repeat(256)).post(send, hello)).status, 422);
  assert.equal(await campaigns(api), 2);
  // The keys of accounts do not meet.
  const other = await customer(api);
  const theirs = await api.call({ 'x-api-key': other.key, 'idempotency-key': 'order 17' }).post(send, hello);
  assert.notEqual(theirs.text, first.text);
  assert.notEqual(account.id, other.account.id);
});

test('retries with the same key at the same time wait for the first, and get its answer', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api, { balance: '0.2' });
  const caller = api.call({ 'x-api-key': shop.key, 'idempotency-key': 'one' });
  const phones = [{ number: 34600000000, reference_id: 'once' }];
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => caller.post(send, { ...hello, phones })),
  );
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1);
  assert.equal(answers[0]!.status, 200, answers[0]!.text);
  assert.equal(await campaigns(api), 1);
});

test('a refusal is not kept under its key, and a key is forgotten after a day', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api, { balance: '0' });
  const caller = api.call({ 'x-api-key': shop.key, 'idempotency-key': 'one' });
  assert.equal((await caller.post(send, hello)).status, 422);
  await api.db.pool.query('update account set credit_e7 = 1000000000 where id = $1', [shop.account.id]);
  assert.equal((await caller.post(send, hello)).status, 200);
  assert.equal((await caller.post(send, { ...hello, text: 'Another' })).status, 422);
  await api.db.pool.query(`update idempotency set at = at - interval '25 hours'`);
  assert.equal((await caller.post(send, { ...hello, text: 'Another' })).status, 200);
  await api.db.pool.query(`update idempotency set at = at - interval '25 hours'`);
  await cleanUp(api.db);
  const { rows } = await api.db.pool.query('select from idempotency');
  assert.equal(rows.length, 0);
});

test('a test_ key sends free of charge to the simulator only, and its campaigns are marked', async (t) => {
  const api = await testApi(t);
  const tester = await customer(api, { kind: 'test', balance: '0' });
  const { id, ...campaign } = (await tester.post(send, hello)).body.data;
  assert.deepEqual([campaign.test, campaign.calculated_price], [true, 0]);
  assert.equal((await tester.get(`/api/campaigns/${id}/detail`)).body.data.test, true);
  const live = (await (await customer(api)).post(send, hello)).body.data;
  assert.equal('test' in live, false);
});
