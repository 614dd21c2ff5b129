// Proves login, tokens, keys, balance and tariffs over HTTP, and the accounts behind them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import {
  accountByName,
  createAccount,
  ensureAdmin,
  keySource,
  listAccounts,
  listKeys,
  revokeKey,
  sharedSecret,
  topUp,
} from '../src/accounts/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { customer, overWithinSecond, testApi } from './support/api.ts';
import { testDatabase } from './support/database.ts';

test('an API key is exchanged for a token, and both open the API', async (t) => {
  const api = await testApi(t);
  const { key } = await customer(api, { balance: '12.3456789' });
  const login = await api.call({}).post('/api/auth/login', { api_key: key });
  assert.equal(login.status, 200);
  for (const headers of [{ authorization: `Bearer ${login.body.bearer}` }, { 'x-api-key': key }]) {
    const { status, text } = await api.call(headers as Record<string, string>).get('/api/accounts/balance');
    assert.equal(status, 200);
    assert.equal(text, '{"data":{"balance":12.3456789,"currency":"EUR","credit":0}}');
  }
  const bearer = api.call({ authorization: `bearer ${login.body.bearer}` });
  const refreshed = await bearer.post('/api/auth/refresh');
  assert.equal(refreshed.status, 200);
  const again = api.call({ authorization: `Bearer ${refreshed.body.bearer}` });
  assert.equal((await again.get('/api/accounts/balance')).status, 200);
});

test('without a valid key or token nothing below /api answers', async (t) => {
  const api = await testApi(t);
  const { account, keyId } = await customer(api);
  const forged = await new SignJWT({ key: keyId })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('carillon')
    .setSubject(`${account.id}`)
    .setExpirationTime('1h')
    .sign(new Uint8Array(32));
  for (const headers of [
    {},
    { authorization: 'Bearer nonsense' },
    { authorization: `Bearer ${forged}` },
    { authorization: 'Basic YTpi' },
    { 'x-api-key': 'nonsense' },
    { 'x-api-key': `live_${'A'.repeat(32)}` },
  ]) {
    const caller = api.call(headers as Record<string, string>);
    for (const answer of [
      await caller.get('/api/accounts/balance'),
      await caller.get('/api/campaigns/1/detail'),
      await caller.post('/api/campaigns/sms/send', {}),
      await caller.post('/api/auth/refresh'),
    ]) {
      assert.equal(answer.status, 401);
      assert.deepEqual(Object.keys(answer.body), ['message']);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
    }
  }
  const login = await api.call({}).post('/api/auth/login', { api_key: `test_${'x'.repeat(32)}` });
  assert.equal(login.status, 401);
});

test('a token ends with its life', async (t) => {
  const api = await testApi(t, { tokenLifeSeconds: -1 });
  const { key } = await customer(api);
  const { body } = await api.call({}).post('/api/auth/login', { api_key: key });
  const answer = await api.call({ authorization: `Bearer ${body.bearer}` }).get('/api/accounts/balance');
  assert.equal(answer.status, 401);
});

test('a revoked key and its tokens stop working within a second', async (t) => {
  const api = await testApi(t);
  const { key, keyId, get } = await customer(api);
  const { body } = await api.call({}).post('/api/auth/login', { api_key: key });
  const bearer = api.call({ authorization: `Bearer ${body.bearer}` });
  assert.equal((await bearer.get('/api/accounts/balance')).status, 200);
  assert.equal((await get('/api/accounts/balance')).status, 200);

  assert.equal(await revokeKey(api.db, keyId), true);
  assert.equal(await revokeKey(api.db, keyId), false);
  const revoked = performance.now();
  for (const caller of [bearer, { get }]) {
    await overWithinSecond(revoked, async () => (await caller.get('/api/accounts/balance')).status === 401);
  }
  assert.equal((await api.call({}).post('/api/auth/login', { api_key: key })).status, 401);
});

test('a key is stored as a hash only, and lists show its beginning', async (t) => {
  const api = await testApi(t);
  const { account, key, keyId } = await customer(api, { kind: 'test' });
  assert.match(key, /^test_[A-Za-z0-9_-]{32}$/);
  const [listed] = await listKeys(api.db, account.id);
  assert.equal(listed?.id, keyId);
  assert.equal(listed?.hint, key.slice(0, 9));
  const { rows } = await api.db.pool.query('select k::text as row from api_key k');
  assert.ok(rows.every(({ row }) => !row.includes(key)));
});

test('the tariffs are listed with the one of the account as default', async (t) => {
  const api = await testApi(t);
  const { get } = await customer(api);
  const { status, body } = await get('/api/accounts/tariff?page[limit]=15');
  assert.equal(status, 200);
  assert.equal(body.total, 1);
  assert.deepEqual(body.data, [
    { id: body.data[0]!.id, name: 'Default', code: 0, is_active: true, is_default: true },
  ]);
  const beyond = await get('/api/accounts/tariff?page%5Boffset%5D=5');
  assert.deepEqual(beyond.body, { data: [], total: 1 });
  const wrong = await get('/api/accounts/tariff?page[limit]=14&page[offset]=-1');
  assert.equal(wrong.status, 422);
  assert.deepEqual(wrong.body.errors, {
    'page[limit]': ['This must be at least 15.'],
    'page[offset]': ['This must be at least 0.'],
  });
});

test('topping up changes the balance and the ledger together', async (t) => {
  const { db } = await testApi(t);
  const account = await createAccount(db, { name: 'shop', credit: parseAmount('5') });
  assert.equal(account.credit, parseAmount('5'));
  await topUp(db, account.id, parseAmount('10.5'), 'invoice 7');
  const after = await topUp(db, account.id, parseAmount('-0.5'));
  assert.equal(after.balance, parseAmount('10'));
  const { rows } = await db.pool.query(
    'select kind, amount_e7::text as amount, held_e7::int as held, note from ledger where account_id = $1 order by id',
    [account.id],
  );
  assert.deepEqual(rows, [
    { kind: 'top_up', amount: '105000000', held: 0, note: 'invoice 7' },
    { kind: 'adjustment', amount: '-5000000', held: 0, note: null },
  ]);
  assert.deepEqual(await accountByName(db, 'shop'), after);
  await assert.rejects(topUp(db, 1, parseAmount('0')), /more than zero/);
  await assert.rejects(topUp(db, 999, parseAmount('1')), { code: 'no_account' });
  await assert.rejects(createAccount(db, { name: 'shop' }), { code: 'account_name_taken' });
  await assert.rejects(createAccount(db, { name: 'other', currency: 'XTS' }), {
    code: 'no_tariff_in_currency',
  });
});

test('two processes that start together make one admin account, and show its keys once', async (t) => {
  const db = await testDatabase(t);
  const made = await Promise.all([ensureAdmin(db), ensureAdmin(db), ensureAdmin(db)]);
  const [first, ...others] = made.filter((admin) => admin !== null);
  assert.ok(first);
  assert.deepEqual(others, []);
  assert.equal(await ensureAdmin(db), null);
  assert.deepEqual(
    (await listAccounts(db)).map(({ name, role }) => ({ name, role })),
    [{ name: 'admin', role: 'admin' }],
  );
  const keys = keySource(db);
  assert.equal((await keys.byKey(first.live.key))?.kind, 'live');
  assert.equal((await keys.byKey(first.test.key))?.kind, 'test');
  const secrets = await Promise.all([sharedSecret(db, 'jwt'), sharedSecret(db, 'jwt')]);
  assert.deepEqual(secrets[0], secrets[1]);
});
