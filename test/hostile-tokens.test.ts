// Proves that a forged token is nobody's, and that keys cannot be found by trying.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { revokeKey, sharedSecret } from '../src/accounts/index.ts';
import { type Api, admin, customer, testApi } from './support/api.ts';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of any header and claims, signed with HMAC by this secret whatever the header says. */
function handMade(header: object, claims: object, secret: Uint8Array, hash = 'sha256'): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

const now = () => Math.floor(Date.now() / 1000);

async function statusOf(api: Api, token: string): Promise<number> {
  const answer = await api.call({ authorization: `Bearer ${token}` }).get('/api/accounts/balance');
  return answer.status;
}

test('every forged, spoilt, old or foreign token is refused', async (t) => {
  const api = await testApi(t);
  const [shop, chief] = [await customer(api), await admin(api)];
  const secret = await sharedSecret(api.db, 'jwt');
  const other = new Uint8Array(32).fill(7);
  const header = { alg: 'HS256', typ: 'JWT' };
  const claims = {
    key: shop.keyId,
    iss: 'carillon',
    sub: String(shop.account.id),
    iat: now(),
    exp: now() + 600,
  };
  const good = handMade(header, claims, secret);
  assert.equal(await statusOf(api, good), 200, 'the hand that makes these tokens can make a good one');

  const [head = '', body = '', signature = ''] = good.split('.');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const forged: Record<string, string> = {
    'no algorithm': `${encoded({ alg: 'none' })}.${body}.`,
    'no algorithm, in capitals': `${encoded({ alg: 'NONE', typ: 'JWT' })}.${body}.${signature}`,
    'no algorithm named': `${encoded({ typ: 'JWT' })}.${body}.${signature}`,
    'another secret': handMade(header, claims, other),
    'an empty secret': handMade(header, claims, new Uint8Array(0)),
    'the secret in base64': handMade(header, claims, Buffer.from(Buffer.from(secret).toString('base64'))),
    'HS384 with our secret': handMade({ ...header, alg: 'HS384' }, claims, secret, 'sha384'),
    'HS512 with our secret': handMade({ ...header, alg: 'HS512' }, claims, secret, 'sha512'),
    'RS256 with a key of its own': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })
      .sign(privateKey),
    'a public key as the secret': handMade(header, claims, Buffer.from(pem)),
    'a critical header': handMade({ ...header, crit: ['x'], x: 1 }, claims, secret),
    'another key id in the claims': `${head}.${encoded({ ...claims, key: chief.keyId })}.${signature}`,
    'another account in the claims': `${head}.${encoded({ ...claims, sub: '987654' })}.${signature}`,
    'a longer life in the claims': `${head}.${encoded({ ...claims, exp: now() + 1e6 })}.${signature}`,
    'no signature': `${head}.${body}.`,
    'half a signature': `${head}.${body}.${signature.slice(0, 20)}`,
    'one bit of the signature': `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'two parts': `${head}.${body}`,
    'four parts': `${good}.x`,
    expired: handMade(header, { ...claims, exp: now() - 1 }, secret),
    'not valid yet': handMade(header, { ...claims, nbf: now() + 600 }, secret),
    'an end that is a text': handMade(header, { ...claims, exp: '9999999999' }, secret),
    'another issuer': handMade(header, { ...claims, iss: 'carillon2' }, secret),
    'no issuer': handMade(header, { ...claims, iss: undefined }, secret),
    'an issuer that is a list': handMade(header, { ...claims, iss: ['carillon'] }, secret),
    'no key': handMade(header, { ...claims, key: undefined }, secret),
    'a key that is a text': handMade(header, { ...claims, key: String(shop.keyId) }, secret),
    'a key that is a list': handMade(header, { ...claims, key: [shop.keyId] }, secret),
    'a key that does not exist': handMade(header, { ...claims, key: 999_999 }, secret),
    'a key that is no id': handMade(header, { ...claims, key: 1.5 }, secret),
    'a key that is no bigint': handMade(header, { ...claims, key: 1e300 }, secret),
    'claims that are no object': `${head}.${encoded('x')}.${signature}`,
    'no JSON': `${head}.eA.${signature}`,
    'no end': handMade(header, { ...claims, exp: undefined }, secret),
    'no base64': `${head}.${body}.%%%`,
    words: 'null',
    'a long one': `${head}.${'A'.repeat(12_000)}.${signature}`,
    dots: '.'.repeat(1000),
  };
  for (const [name, token] of Object.entries(forged)) {
    assert.equal(await statusOf(api, token), 401, name);
  }
  assert.equal(await statusOf(api, good), 200);
  await revokeKey(api.db, shop.keyId);
  // A second process, which has not believed the key before; the first forgets it within a second.
  const fresh = { ...api, ...(await otherProcess(t, api)) };
  assert.equal(await statusOf(fresh, good), 401, 'the key is revoked');
});

/** Another API on the same database. */
async function otherProcess(t: Parameters<typeof testApi>[0], api: Api): Promise<Pick<Api, 'call'>> {
  const { keySource } = await import('../src/accounts/index.ts');
  return testApi(t, { keys: keySource(api.db), signingKey: await sharedSecret(api.db, 'jwt') });
}

test('a header of any form is refused with 401, and never with an error of ours', async (t) => {
  const api = await testApi(t);
  const { key } = await customer(api);
  for (const headers of [
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` },
    { authorization: `Bearer ${key}` },
    { authorization: `Bearer a b` },
    { 'x-api-key': '' },
    { 'x-api-key': `${key} x` },
    { 'x-api-key': key.toUpperCase() },
    { 'x-api-key': key.slice(0, -1) },
    { 'x-api-key': `${key}x` },
    { 'x-api-key': "live_' or '1'='1' or '1'='1' or '1'='1" },
    { 'x-api-key': 'x'.repeat(8000) },
  ]) {
    const answer = await api.call(headers).get('/api/accounts/balance');
    assert.equal(answer.status, 401, JSON.stringify(headers));
  }
});

test('who tries keys at the login is told to wait, and then even a good key must', async (t) => {
  const api = await testApi(t);
  const { key } = await customer(api);
  const login = (api_key: string) => api.call({}).post('/api/auth/login', { api_key });
  assert.equal((await login(key)).status, 200);
  const statuses: number[] = [];
  for (let n = 0; n < 30; n += 1) statuses.push((await login(`live_${String(n).padStart(32, 'x')}`)).status);
  assert.deepEqual(new Set(statuses), new Set([401, 429]));
  assert.ok(statuses.filter((status) => status === 401).length <= 10, String(statuses));
  const refused = await login(key);
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers['retry-after']) >= 1);
});

test('what is stored of a key, of the signing secret and of a login does not give the key away', async (t) => {
  const api = await testApi(t);
  const { key } = await customer(api);
  const { rows } = await api.db.pool.query<{ row: string }>('select k::text as row from api_key k');
  assert.ok(rows.length > 0);
  const secretPart = key.slice('live_'.length + 4);
  for (const { row } of rows) assert.ok(!row.includes(secretPart));
  const audit = await api.db.pool.query<{ row: string }>('select a::text as row from audit_log a');
  for (const { row } of audit.rows) assert.ok(!row.includes(secretPart));
});
