// Proves signing in to the console, its sessions, and what keeps others out of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { listAudit } from '../src/audit/index.ts';
import { createUser } from '../src/users/index.ts';
import { type Answer, admin, customer, testApi } from './support/api.ts';
import { browse, consoleUser, cookieOf, password, signIn } from './support/console.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape, which fail loudly when wrong
const data = (answer: Answer): any => answer.body.data;

test('a user signs in, works as the account without a key, and signs out', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const user = await consoleUser(api, shop.account, 'customer', 'Ann@Example.org');
  const browser = await signIn(api, ' ann@example.org'.trim().toUpperCase());

  const set = String(browser.session.headers['set-cookie']);
  assert.match(set, /HttpOnly/);
  assert.match(set, /SameSite=Strict/);
  assert.match(set, /Path=\//);
  assert.doesNotMatch(set, /Secure/, 'over http the browser would not keep it');

  const who = await browser.get('/console/api/session');
  assert.equal(who.status, 200);
  const { user: shown, account, permissions, csrf_token: csrf } = data(who);
  assert.deepEqual([shown.id, shown.email, shown.role], [user.id, 'Ann@Example.org', 'customer']);
  assert.deepEqual([account.id, account.currency], [shop.account.id, 'EUR']);
  assert.deepEqual(permissions, ['send', 'read']);
  assert.equal(csrf, browser.csrf);
  assert.ok(!who.text.includes('scrypt'));

  const sent = await browser.post('/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Hello', phones: [{ number: 34600000000 }] },
  });
  assert.equal(sent.status, 200, sent.text);
  const made = await api.db.pool.query('select account_id, api_key_id, test from campaign');
  assert.deepEqual(made.rows, [{ account_id: shop.account.id, api_key_id: null, test: false }]);
  assert.equal((await shop.get(`/api/campaigns/${data(sent).id}`)).status, 200);

  const tested = await api
    .call({ cookie: browser.cookie, 'x-csrf-token': csrf, 'x-carillon-test': '1' })
    .post('/api/campaigns/sms/send', {
      ...{ sender: 'Carillon', text: 'Hello again', phones: [{ number: 34600000000 }] },
    });
  assert.equal(data(await browser.get(`/api/campaigns/${data(tested).id}`)).test, true);
  assert.equal((await browser.post('/api/auth/refresh')).status, 403, 'a session has no token');

  assert.equal((await browser.delete('/console/api/session')).status, 204);
  assert.equal((await browser.get('/console/api/session')).status, 401);
  assert.equal((await browser.get('/api/campaigns')).status, 401);
  const actions = (await listAudit(api.db, { subject: `user/${user.id}` }, { offset: 0, limit: 9 })).entries;
  assert.deepEqual(
    actions.map(({ action, userId, keyId }) => [action, userId, keyId]),
    [
      ['user.sign-out', user.id, null],
      ['user.sign-in', user.id, null],
    ],
  );
});

test('a wrong password and an unknown address are answered alike, and not told apart by the time', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const { user } = await createUser(api.db, {
    ...{ email: 'ann@example.org', name: 'Ann', role: 'customer', accountId: shop.account.id },
  });
  const nobody = api.call({});
  // The shortest of three: the others may have waited for what else the machine does.
  const took = async (email: string): Promise<[Answer, number]> => {
    let [answer, least] = [undefined as Answer | undefined, Number.POSITIVE_INFINITY];
    for (let tries = 0; tries < 3; tries += 1) {
      const began = performance.now();
      answer = await nobody.post('/console/api/session', { email, password: 'wrong password' });
      least = Math.min(least, performance.now() - began);
    }
    return [answer!, least];
  };
  const [wrong, wrongMs] = await took(user.email);
  const [unknown, unknownMs] = await took('nobody@example.org');
  assert.deepEqual([wrong.status, unknown.status], [401, 401]);
  assert.equal(wrong.text, unknown.text);
  assert.ok(unknownMs > wrongMs / 4, `${unknownMs} and ${wrongMs} ms`);
});

test('after ten failures an address has to wait, with the right password too; another address does not', async (t) => {
  const api = await testApi(t, { trustProxy: 1 });
  const shop = await customer(api);
  const [ann, bob] = [await consoleUser(api, shop.account), await consoleUser(api, shop.account)];
  const attempt = (email: string, given: string, ip: string) =>
    api.call({ 'x-forwarded-for': ip }).post('/console/api/session', { email, password: given });
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, i) => attempt(ann.email, 'wrong password', `203.0.113.${i}`)),
  );
  const statuses = all.map(({ status }) => status);
  assert.deepEqual(statuses.toSorted(), [...Array(10).fill(401), 429, 429]);
  const locked = await attempt(ann.email.toUpperCase(), password, '198.51.100.1');
  assert.equal(locked.status, 429);
  assert.ok(Number(locked.headers['retry-after']) > 600);
  assert.equal((await attempt(bob.email, password, '203.0.113.1')).status, 200);
  await api.db.pool.query('delete from request_count');
});

test('a request that changes something needs the token, and a page of this server', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const user = await consoleUser(api, shop.account);
  const { cookie, csrf } = await signIn(api, user.email);
  const other = await signIn(api, user.email);
  const change = (headers: Record<string, string>, path = '/console/api/me') =>
    api.call({ cookie, ...headers }).patch(path, { name: 'Eve' });
  for (const headers of [
    {},
    { 'x-csrf-token': '' },
    { 'x-csrf-token': other.csrf },
    { 'x-csrf-token': csrf, origin: 'https://evil.example' },
    { 'x-csrf-token': csrf, origin: 'null' },
  ]) {
    assert.equal((await change(headers as Record<string, string>)).status, 403, JSON.stringify(headers));
  }
  const stop = api.call({ cookie });
  assert.equal((await stop.post('/api/campaigns/sms/send', {})).status, 403);
  assert.equal((await stop.delete('/console/api/session')).status, 403);
  const evil = api.call({ origin: 'https://evil.example' });
  assert.equal(
    (await evil.post('/console/api/session', { email: user.email, password })).status,
    403,
    'nor does another site sign anybody in',
  );
  const { name } = data(await other.get('/console/api/session')).user;
  assert.equal(name, 'Ann Lee');
  assert.equal((await change({ 'x-csrf-token': csrf, origin: 'http://localhost:80' })).status, 200);
});

test('signing in makes a new session and ends the one that the browser brought', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const user = await consoleUser(api, shop.account);
  const planted = await signIn(api, user.email);
  const session = await api
    .call({ cookie: planted.cookie })
    .post('/console/api/session', { email: user.email, password });
  assert.equal(session.status, 200);
  assert.notEqual(cookieOf(session), planted.cookie);
  assert.equal((await planted.get('/console/api/session')).status, 401);
  const invented = api.call({ cookie: 'carillon_session=made-up-by-somebody-else' });
  assert.equal((await invented.get('/console/api/session')).status, 401);
});

test('a session ends after a week, after half a day of rest, with its user, and with the password', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const user = await consoleUser(api, shop.account);
  const set = (sql: string) => api.db.pool.query(`update ${sql}`);
  const alive = async (caller: { get(path: string): Promise<Answer> }) =>
    (await caller.get('/api/accounts/balance')).status === 200;

  const first = await signIn(api, user.email);
  assert.ok(await alive(first));
  await set(`session set expires_at = now()`);
  assert.ok(!(await alive(first)));

  const second = await signIn(api, user.email);
  await set(`session set last_seen_at = now() - interval '11 hours 59 minutes'`);
  assert.ok(await alive(second), 'and so it lives on');
  await set(`session set last_seen_at = last_seen_at - interval '12 hours'`);
  assert.ok(!(await alive(second)));

  const third = await signIn(api, user.email);
  await set('app_user set disabled_at = now()');
  assert.ok(!(await alive(third)));
  await set('app_user set disabled_at = null');

  const fourth = await signIn(api, user.email);
  const wanted = 'another horse';
  const body = (current: string, next = wanted) => ({ current_password: current, new_password: next });
  const wrong = await third.post('/console/api/me/password', body('not the password'));
  assert.equal(wrong.status, 422);
  assert.ok(wrong.body.errors.current_password);
  for (const weak of ['short', user.email, password]) {
    const refused = await third.post('/console/api/me/password', body(password, weak));
    assert.ok(refused.body.errors.new_password, weak);
  }
  const changed = await third.post('/console/api/me/password', body(password));
  assert.equal(changed.status, 200, changed.text);
  assert.ok(!(await alive(third)));
  assert.ok(!(await alive(fourth)));
  assert.ok(await alive(browse(api, changed)));
  await assert.rejects(signIn(api, user.email), /401/);
  await signIn(api, user.email, wanted);
});

test('users see where they are signed in, and end what they want to', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const [user, other] = [await consoleUser(api, shop.account), await consoleUser(api, shop.account)];
  const [one, two, theirs] = [
    await signIn(api, user.email),
    await signIn(api, user.email),
    await signIn(api, other.email),
  ];
  const listed = data(await two.get('/console/api/me/sessions'));
  assert.equal(listed.length, 2);
  assert.deepEqual(
    listed.map(({ current }: { current: boolean }) => current),
    [true, false],
  );
  const [foreign] = data(await theirs.get('/console/api/me/sessions'));
  assert.equal((await two.delete(`/console/api/me/sessions/${foreign.id}`)).status, 404);
  assert.equal((await two.delete(`/console/api/me/sessions/${listed[1].id}`)).status, 204);
  assert.equal((await one.get('/console/api/session')).status, 401);
  const three = await signIn(api, user.email);
  assert.equal((await two.delete('/console/api/me/sessions')).status, 204);
  assert.equal((await three.get('/console/api/session')).status, 401);
  assert.equal((await two.get('/console/api/session')).status, 200);
  assert.equal((await theirs.get('/console/api/session')).status, 200);
});

test('with one-time codes on, the password alone is not enough, and no code works twice', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const user = await consoleUser(api, shop.account);
  const browser = await signIn(api, user.email);
  const proof = { current_password: password };
  assert.equal((await browser.post('/console/api/me/totp/confirm', { code: '123456' })).status, 409);
  const begun = data(await browser.post('/console/api/me/totp', proof));
  await signIn(api, user.email); // not demanded before it is confirmed
  const totp = new TOTP({ secret: Secret.fromBase32(begun.secret) });
  const code = () => totp.generate();
  assert.match(begun.uri, /^otpauth:\/\/totp\//);
  assert.equal((await browser.post('/console/api/me/totp/confirm', { code: '000000' })).status, 422);
  const confirmed = await browser.post('/console/api/me/totp/confirm', { code: code() });
  assert.equal(confirmed.status, 200, confirmed.text);
  const recovery: string[] = data(confirmed).recovery_codes;
  assert.equal(recovery.length, 10);
  assert.equal((await browser.post('/console/api/me/totp', proof)).status, 409);

  const attempt = (totp?: string) =>
    api.call({}).post('/console/api/session', { email: user.email, password, ...(totp ? { totp } : {}) });
  const wanted = await attempt();
  assert.deepEqual([wanted.status, Object.keys(wanted.body.errors)], [422, ['totp']]);
  assert.equal(cookieOf(wanted), '');
  assert.equal((await attempt(code())).status, 422, 'used to confirm');
  await api.db.pool.query('update app_user set totp_last_step = 0');
  const used = code();
  assert.equal((await attempt(used)).status, 200);
  assert.equal((await attempt(used)).status, 422, 'used');
  assert.equal((await attempt(recovery[0])).status, 200);
  assert.equal((await attempt(recovery[0])).status, 422, 'used');
  assert.equal(data(await browser.get('/console/api/session')).user.recovery_codes_left, 9);

  const renewed = data(await browser.post('/console/api/me/totp/recovery-codes', proof)).recovery_codes;
  assert.equal((await attempt(recovery[1])).status, 422, 'void');
  assert.equal((await attempt(renewed[1])).status, 200);
  const { rows } = await api.db.pool.query('select u::text as row from app_user u');
  for (const secret of [begun.secret, ...recovery, ...renewed, password])
    assert.ok(!rows[0].row.includes(secret));

  assert.equal((await browser.post('/console/api/me/totp/disable', proof)).status, 200);
  assert.equal((await attempt()).status, 200);
});

test('roles may what keys with their scopes may, and accounts see nothing of each other', async (t) => {
  const api = await testApi(t);
  const [chief, shop, other] = [await admin(api), await customer(api), await customer(api)];
  const [ann, bob, mod, boss] = await Promise.all([
    consoleUser(api, shop.account),
    consoleUser(api, other.account),
    consoleUser(api, chief.account, 'moderator'),
    consoleUser(api, chief.account, 'administrator'),
  ]);
  const [a, b, m, s] = await Promise.all([ann, bob, mod, boss].map(({ email }) => signIn(api, email)));
  const status = async (caller: typeof a, path: string) => (await caller!.get(path)).status;

  for (const [path, customer_, moderator] of [
    ['/admin/api/accounts', 403, 403],
    ['/admin/api/audit', 403, 403],
    ['/admin/api/moderation', 403, 200],
    ['/console/api/users', 403, 403],
    ['/api/campaigns', 200, 200],
  ] as const) {
    assert.deepEqual(
      [await status(a, path), await status(m, path), await status(s, path)],
      [customer_, moderator, 200],
      path,
    );
  }
  const sent = await a!.post('/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Mine', phones: [{ number: 34600000000 }] },
  });
  const { id } = data(sent);
  assert.equal(await status(a, `/api/campaigns/${id}`), 200);
  assert.equal(await status(b, `/api/campaigns/${id}`), 404);
  assert.equal((await b!.get('/api/campaigns')).body.meta.page.total, 0);

  const key = data(await a!.post('/console/api/keys', { name: 'shop', scopes: ['read'] }));
  assert.match(key.key, /^live_/);
  assert.equal((await a!.post('/console/api/keys', { scopes: ['admin'] })).status, 422);
  assert.equal((await b!.delete(`/console/api/keys/${key.id}`)).status, 404);
  assert.ok(!(await b!.get('/console/api/keys')).text.includes(key.hint));
  assert.equal((await api.call({ 'x-api-key': key.key }).get('/api/campaigns')).status, 200);
  assert.ok(data(await a!.delete(`/console/api/keys/${key.id}`)).revoked_at);
  // A key is nobody who is signed in, and goes before a cookie.
  assert.equal(await status(api.call({ 'x-api-key': chief.key }) as never, '/console/api/users'), 401);
  const both = api.call({ cookie: a!.cookie, 'x-api-key': other.key });
  assert.equal((await both.get('/api/campaigns')).body.meta.page.total, 0);
});

test('administrators make and change users of every account, but do not take their own rights', async (t) => {
  const api = await testApi(t);
  const [chief, shop] = [await admin(api), await customer(api)];
  const boss = await consoleUser(api, chief.account, 'administrator');
  const browser = await signIn(api, boss.email);
  const users = '/console/api/users';
  const wanted = { email: 'new@example.org', name: 'New', role: 'customer', account_id: shop.account.id };
  const made = await browser.post(users, wanted);
  assert.equal(made.status, 201, made.text);
  const { id, password: generated } = data(made);
  assert.equal((await browser.post(users, { ...wanted, email: 'NEW@example.org' })).status, 409);
  for (const [field, value] of [
    ['email', 'nobody'],
    ['name', ' '],
    ['account_id', 99999],
    ['role', 'moderator'],
    ['locale', 'no such language'],
    ['time_zone', 'Mars/Olympus'],
  ] as const) {
    const refused = await browser.post(users, { ...wanted, email: 'x@example.org', [field]: value });
    assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [422, [field]]);
  }

  const fresh = await signIn(api, wanted.email, generated);
  assert.equal(data(fresh.session).user.must_change_password, true);
  assert.equal((await fresh.get('/api/campaigns')).status, 403);
  assert.equal((await fresh.get('/console/api/keys')).status, 403);
  const changed = await fresh.post('/console/api/me/password', {
    ...{ current_password: generated, new_password: password },
  });
  const settled = browse(api, changed);
  assert.equal((await settled.get('/api/campaigns')).status, 200);

  assert.equal(data(await browser.get(`${users}?search[text]=NEW@`))[0].id, id);
  assert.equal(data(await browser.get(`${users}?filter[role]=administrator`))[0].id, boss.id);
  assert.equal(data(await browser.get(`${users}/${id}/sessions`)).length, 1);
  const zone = await browser.patch(`${users}/${id}`, { time_zone: 'Europe/Madrid', locale: 'de', name: 'N' });
  assert.deepEqual([data(zone).time_zone, data(zone).locale, data(zone).name], ['Europe/Madrid', 'de', 'N']);
  assert.equal((await browser.patch(`${users}/${id}`, {})).status, 422);
  assert.equal((await browser.patch(`${users}/999`, { name: 'x' })).status, 404);
  const disabled = await browser.patch(`${users}/${id}`, { disabled: true });
  assert.ok(data(disabled).disabled_at);
  assert.equal((await settled.get('/api/campaigns')).status, 401);
  await assert.rejects(signIn(api, wanted.email), /401/);
  await browser.patch(`${users}/${id}`, { disabled: false });
  const reset = data(await browser.post(`${users}/${id}/password`));
  await assert.rejects(signIn(api, wanted.email), /401/);
  await signIn(api, wanted.email, reset.password);
  assert.equal((await browser.delete(`${users}/${id}/sessions`)).status, 204);
  assert.equal(data(await browser.get(`${users}/${id}/sessions`)).length, 0);
  assert.equal((await browser.delete(`${users}/${id}/totp`)).status, 200);

  assert.equal((await browser.patch(`${users}/${boss.id}`, { disabled: true })).status, 409);
  assert.equal((await browser.patch(`${users}/${boss.id}`, { role: 'customer' })).status, 409);
  const audit = await browser.get(`/admin/api/audit?filter[subject]=user/${id}&filter[action]=user.create`);
  assert.deepEqual([data(audit)[0].user_id, data(audit)[0].user_name], [boss.id, 'Ann Lee']);
  assert.ok(!audit.text.includes(generated));
});
