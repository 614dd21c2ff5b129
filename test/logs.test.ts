// What a log may hold: ids of campaigns, and never a phone number, the text of a message or a secret; also when things go
// wrong in the middle of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from '../src/db/index.ts';
import { atEnd, call, child, createTestDatabase, ordinary, tcpProxy, waitFor } from './support/index.ts';

const text = 'Your code is Zanzibar';
const sender = 'SecretShop';
const systemId = 'carillon-us';
const operatorPassword = 'hunter2-smpp';

/** Each ends differently in the simulator: refused, expired, receipts twice, by TLV, in another notation … */
const phones = [...Array(12).keys()]
  .map((ending) => 380_671_234_000 + ending)
  .concat(ordinary(20, 491_701_234_000));

for (const level of ['info', 'debug']) {
  test(`with LOG_LEVEL=${level} the log names campaigns, and no number, text or secret`, async (t) => {
    const { connectionString, drop } = await createTestDatabase();
    const db = await openDatabase({ connectionString, max: 3 });
    atEnd(t, drop);
    atEnd(t, db.close);
    const url = new URL(connectionString);
    const proxy = await tcpProxy(Number(url.port));
    atEnd(t, proxy.close);
    url.host = `127.0.0.1:${proxy.port}`;
    assert.ok(url.password.length > 5);
    const server = child(t, ['src/main.ts', 'serve', '--json'], {
      ...{ DATABASE_URL: url.href, PORT: '0', SIMULATOR_PORT: '0', METRICS_PORT: '0', LOG_LEVEL: level },
      ...{ OPERATOR_HOST: '127.0.0.1', OPERATOR_PORT: '1', OPERATOR_SYSTEM_ID: systemId },
      OPERATOR_PASSWORD: operatorPassword,
    });
    const ready = JSON.parse((await server.said(/^\{"url".*$/m))[0]);
    const { live, test: key } = ready.firstAdmin;
    const ask = (method: string, path: string, body?: unknown, with_: string | null = key) =>
      call(ready.url, method, path, body, with_);

    const sent = await ask('POST', '/api/campaigns/sms/send', {
      phones: phones.map((number) => ({ number })),
      ...{ sender, text },
    });
    assert.equal(sent.status, 200, sent.text);
    const { id } = sent.body.data;
    await waitFor(async () => (await ask('GET', `/api/campaigns/${id}/detail`)).body.data.status === 'done', {
      what: 'the end of the campaign',
    });
    const { bearer } = (await ask('POST', '/api/auth/login', { api_key: live })).body;
    assert.ok(bearer);
    assert.equal((await ask('POST', '/api/auth/login', { api_key: `${live}x` })).status, 401);

    // Broken in the middle of them: requests that fail, connections that are cut, commits that cannot be made.
    await db.pool.query('alter table message rename to elsewhere');
    assert.equal((await ask('GET', `/api/messages?phone=${phones[0]}`)).status, 500);
    await ask('POST', '/api/campaigns/sms/send', { phones: [{ number: phones[0] }], sender, text });
    await db.pool.query('alter table elsewhere rename to message');
    await db.pool.query(`alter table message add constraint odd check (phone <> ${phones[3]})  not valid`);
    const refused = await ask('POST', '/api/campaigns/sms/send', {
      phones: [{ number: phones[3] }],
      sender,
      text,
    });
    assert.equal(refused.status, 500, refused.text);
    proxy.cut();
    await server.said(/database connection lost/);
    server.kill('SIGTERM');
    assert.equal(await server.ended, 0, server.stderr());

    const log = server.stderr();
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(lines.some(({ campaigns }) => campaigns?.includes(id)));
    assert.ok(lines.some(({ operator }) => operator === 'simulator'));
    const failed = lines.filter(({ msg }) => msg === 'a request failed');
    assert.ok(failed.some(({ route, method }) => route === '/api/messages' && method === 'GET'));
    assert.ok(failed.some(({ route }) => route === '/api/campaigns/sms/send'));
    for (const number of phones) assert.ok(!log.includes(String(number)), `${number}:\n${log}`);
    for (const secret of [text, live, key, bearer, operatorPassword, url.password]) {
      assert.ok(!log.includes(secret), `${secret}:\n${log}`);
    }
  });
}
