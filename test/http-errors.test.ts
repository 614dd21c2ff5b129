// Proves that every wrong request is answered in the One-API's form, with what would be right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { keySource, sharedSecret } from '../src/accounts/index.ts';
import { transaction } from '../src/db/index.ts';
import { buildServer } from '../src/http/index.ts';
import { admin, customer, testApi } from './support/api.ts';
import { testDatabase } from './support/index.ts';

test('an unknown route answers 404 with a message, with or without a key', async (t) => {
  const api = await testApi(t);
  const { get } = await customer(api);
  for (const caller of [{ get }, api.call({})]) {
    const { status, body } = await caller.get('/api/nothing?x=1');
    assert.equal(status, 404);
    assert.deepEqual(body, { message: 'There is no GET /api/nothing: /docs lists every operation.' });
  }
});

test('a body that is not JSON is answered 400, another type 415, and a huge one 413', async (t) => {
  const api = await testApi(t, { bodyLimit: 1000 });
  const { key, post } = await customer(api);
  const malformed = await post('/api/campaigns/sms/send', '{"phones": [1, }');
  assert.equal(malformed.status, 400);
  assert.match(malformed.body.message, /^The request body is not valid JSON: .+\.$/);

  const form = api.call({ 'x-api-key': key, 'content-type': 'application/x-www-form-urlencoded' });
  const unsupported = await form.post('/api/campaigns/sms/send', 'sender=x');
  assert.equal(unsupported.status, 415);
  assert.match(unsupported.body.message, /Content-Type: application\/json/);

  const huge = await post('/api/campaigns/sms/send', { text: 'x'.repeat(1000) });
  assert.equal(huge.status, 413);
  assert.match(huge.body.message, /larger than 1000 bytes/);
});

test('a body that is missing or no object is answered 422', async (t) => {
  const api = await testApi(t);
  const { post } = await customer(api);
  for (const path of ['/api/campaigns/sms/send', '/api/campaigns/price', '/api/auth/login']) {
    for (const body of ['', '[]', 'null', '7', '"text"']) {
      const answer = await post(path, body);
      assert.equal(answer.status, 422, `${path} ${body}`);
      assert.equal(answer.body.message, 'The given data was invalid.');
      assert.ok(answer.body.errors.body, `${path} ${body}`);
    }
  }
  const login = await post('/api/auth/login', {});
  assert.deepEqual(login.body.errors, { api_key: ['This field is required.'] });
});

test('a field that does not exist is named, at any depth', async (t) => {
  const api = await testApi(t);
  const boss = await admin(api);
  const { body } = await boss.post('/admin/api/accounts', { name: 'acme', moderation: 'always', x: {} });
  const unknown = ['There is no such field: /docs lists those that there are.'];
  assert.deepEqual(body.errors, { moderation: unknown, x: unknown });
});

test('a character that the database cannot hold is refused, not an error of the server', async (t) => {
  const api = await testApi(t);
  const { get } = await customer(api);
  for (const path of [
    '/api/messages?filter[reference_id]=%00',
    '/api/campaigns?search[field]=sender&search[value]=a%00b',
    '/api/campaigns?sort=%00',
  ]) {
    assert.equal((await get(path)).status, 422, path);
  }
});

test('no field of any body takes what the database cannot keep, and none is an error of the server', async (t) => {
  const api = await testApi(t);
  const boss = await admin(api);
  type Schema = { properties?: Record<string, Schema>; required?: string[]; type?: string; enum?: unknown[] };
  type Operation = { requestBody?: { content: Record<string, { schema: Schema }> } };
  const document = (await api.app.inject('/docs/json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  const sample = ({ properties = {}, required = [], type, enum: words }: Schema): unknown =>
    words?.[0] ??
    (type === 'object'
      ? Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {})]))
      : type === 'integer'
        ? 1
        : 'Abc');
  let tried = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { requestBody }] of Object.entries(methods)) {
      const schema = requestBody?.content['application/json']?.schema;
      if (schema?.properties === undefined) continue;
      const good = sample(schema) as object;
      for (const name of Object.keys(schema.properties)) {
        for (const odd of ['a\0b', '\ud800', 1e308, 2 ** 63, { 'a\0b': 1 }, ['\0']]) {
          const url = path.replace(/\{\w+\}/g, '1');
          const answer = await boss[method as 'post' | 'put' | 'patch'](url, { ...good, [name]: odd });
          const what = `${method} ${url} ${name}=${JSON.stringify(odd)}: ${answer.text}`;
          assert.ok(answer.status >= 400 && answer.status < 500, what);
          tried += 1;
        }
      }
    }
  }
  assert.ok(tried > 300, String(tried));
  const named = await boss.post('/admin/api/accounts', { name: 'a\0b' });
  assert.match(named.body.errors.name![0]!, /U\+0000/);
});

test('health checks answer without a key, and say what is wrong and no more', async (t) => {
  const healthy = await testApi(t);
  for (const [path, word] of [
    ['/healthz', 'ok'],
    ['/readyz', 'ready'],
  ] as const) {
    const { status, body } = await healthy.call({}).get(path);
    assert.equal(status, 200);
    assert.deepEqual(body, { status: word });
  }
  const wrong = (problem: string) => async () => ({ ok: false, problems: [problem, 'And more.'] });
  const ill = await testApi(t, { live: wrong('A loop is stuck.'), ready: wrong('No database.') });
  for (const [path, message] of [
    ['/healthz', 'A loop is stuck. And more.'],
    ['/readyz', 'No database. And more.'],
  ] as const) {
    const answer = await ill.call({}).get(path);
    assert.equal(answer.status, 503);
    assert.deepEqual(answer.body, { message });
  }
});

test('a lost database is answered 503 with Retry-After', async (t) => {
  const api = await testApi(t, {
    keys: {
      byKey: () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
      byId: async () => undefined,
    },
  });
  const answer = await api.call({ 'x-api-key': 'live_x' }).get('/api/accounts/balance');
  assert.equal(answer.status, 503);
  assert.equal(answer.headers['retry-after'], '5');
});

test('a request whose database connection breaks under it is answered 503: it may be tried again', async (t) => {
  const db = await testDatabase(t);
  const app = await buildServer({
    db,
    keys: keySource(db),
    signingKey: await sharedSecret(db, 'jwt'),
    log: pino({ level: 'silent' }),
  });
  t.after(() => app.close());
  app.get<{ Querystring: { waits: string } }>('/broken', { schema: { security: [] } }, (request) =>
    transaction(db, async (client) => {
      const { rows } = await client.query('select pg_backend_pid() as pid');
      const gone = new Promise<void>((done) => client.once('end', done));
      // Under a query, or between two.
      const query = request.query.waits === 'yes' ? client.query('select pg_sleep(60)') : undefined;
      query?.catch(() => {});
      await db.pool.query('select pg_terminate_backend($1)', [rows[0].pid]);
      await query;
      await gone;
      await client.query('select 1');
    }),
  );
  for (const waits of ['yes', 'no']) {
    const answer = await app.inject({ url: `/broken?waits=${waits}` });
    assert.equal(answer.statusCode, 503, answer.payload);
    assert.equal(answer.headers['retry-after'], '5');
  }
});
