// Senders over HTTP: an account's own, requests for more by the One-API's fields, approval, and what each policy makes
// of a campaign. Two accounts never see each other's.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { type Answer, type Api, admin, type Caller, customer, testApi } from './support/api.ts';

const published = JSON.parse(await readFile(new URL('http-one-api.json', import.meta.url), 'utf8')) as Record<
  string,
  { answer: { properties: Record<string, object> } }
>;

/** The data of an answer that has the published type. */
function conforming(operation: string, { status, body, text }: Answer, expected = 200): Item & Item[] {
  assert.equal(status, expected, text);
  assert.deepEqual(Compile(published[operation]!.answer).Errors(body), [], `${operation}: ${text}`);
  return body.data as unknown as Item & Item[];
}

type Item = Record<string, unknown> & { id: number };

const about = {
  country_code: 'es',
  type: 'sms',
  code_of_company: '12345678',
  description: 'Your order 17 is ready',
  informing_purpose: 'News of orders',
};
const company = { ...about, sender: 'Shop', tax_number: 'ESB1', legal_name: 'Shop SL', address: 'Mayor 1' };
const person = {
  ...about,
  sender: 'Anna',
  name: 'Anna Shop',
  site_url: 'https://anna.example',
  comment: 'Hi',
};

const requests = '/admin/api/senders/requests';

async function parties(t: Parameters<typeof testApi>[0]) {
  const api = await testApi(t);
  return {
    api,
    shop: await customer(api),
    other: await customer(api),
    moderator: await admin(api, ['moderate']),
  };
}

let texts = 0;
async function send(caller: Caller, order: object = {}): Promise<Answer> {
  texts += 1;
  const phones = [{ number: 34600000000 }];
  return caller.post('/api/campaigns/sms/send', { sender: 'Shop', text: `Hello ${texts}`, phones, ...order });
}

async function audited(api: Api): Promise<unknown[]> {
  const { rows } = await api.db.pool.query(
    'select action, subject, account_id as by, owner_id as of from audit_log order by id',
  );
  return rows;
}

test('a request is filed, answered with its fields, listed, and only to its own account', async (t) => {
  const { shop, other } = await parties(t);
  const legal = conforming(
    'sender_request_legal',
    await shop.post('/api/senders/requests/legal', company),
    201,
  );
  const { id, created_at, ...rest } = legal;
  assert.match(String(created_at), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.deepEqual(rest, {
    ...company,
    country_code: 'ES',
    ...{ status: 'new', registered_at: null, status_changed_at: null, comment: null, rejection_reason: null },
  });
  const natural = conforming(
    'sender_request_natural',
    await shop.post('/api/senders/requests/natural', person),
    201,
  );
  assert.deepEqual(
    [natural.name, natural.site_url, natural.comment],
    ['Anna Shop', 'https://anna.example', 'Hi'],
  );

  // The other names of the published schema.
  const { legal_name: juridical_name, address: juridical_address, ...others } = company;
  const second = conforming(
    'sender_request_legal',
    await other.post('/api/senders/requests/legal', { ...others, juridical_name, juridical_address }),
    201,
  );
  assert.deepEqual([second.legal_name, second.address], ['Shop SL', 'Mayor 1']);

  const list = async (caller: Caller, query = '') =>
    conforming('sender_requests', await caller.get(`/api/senders/requests/sms?page[limit]=30${query}`)).map(
      (request) => request.id,
    );
  assert.deepEqual(await list(shop), [id, natural.id]);
  assert.deepEqual(await list(other), [second.id]);
  assert.deepEqual(await list(other, `&filter[id]=${id}`), []);
  const today = String(created_at).slice(0, 10);
  for (const [query, ids] of [
    ['&way=desc', [natural.id, id]],
    ['&sort=sender', [natural.id, id]],
    ['&sort=created_at&way=desc', [natural.id, id]],
    ['&filter[sender]=SHO', [id]],
    [`&filter[id]=${natural.id}`, [natural.id]],
    ['&filter[status]=rejected', []],
    ['&filter[status]=new', [id, natural.id]],
    ['&filter[country_code]=es', [id, natural.id]],
    ['&filter[country_code]=UA', []],
    [`&filter[created_at]=${today}`, [id, natural.id]],
    ['&filter[created_at]=2020-01-01', []],
    ['&filter[created_at]=2020-01-01T00:00:00Z', []],
    ['&page[offset]=1', [natural.id]],
  ] as const) {
    assert.deepEqual(await list(shop, query), ids, query);
  }
  // What was asked for is shown, without an id.
  const senders = conforming('senders', await shop.get('/api/senders?type=sms'));
  assert.deepEqual(
    senders.map((sender) => [sender.id, sender.sender, sender.country, sender.status, sender.is_default]),
    [
      [null, 'Shop', 'ES', 'registering', false],
      [null, 'Anna', 'ES', 'registering', false],
    ],
  );
  assert.deepEqual(conforming('senders', await shop.get('/api/senders?type=viber')), []);
});

test('what is wrong with a request is named by its field', async (t) => {
  const { shop } = await parties(t);
  const missing = async (path: string, body: object, ...fields: string[]) => {
    const answer = await shop.post(`/api/senders/requests/${path}`, body);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(Object.keys(answer.body.errors).sort(), fields.sort(), answer.text);
  };
  const required = ['country_code', 'type', 'sender', 'code_of_company', 'description', 'informing_purpose'];
  await missing('legal', {}, ...required, 'tax_number');
  await missing('natural', {}, ...required, 'name');
  const { legal_name: _name, address: _address, ...nameless } = company;
  await missing('legal', nameless, 'legal_name', 'address');
  await missing(
    'legal',
    { ...company, sender: 'Much too long', country_code: 'XX' },
    'sender',
    'country_code',
  );
  await missing('legal', { ...company, type: 'viber' }, 'type');
  await missing('legal', { ...company, site_url: 'ftp://shop.example' }, 'site_url');
  await missing('legal', { ...company, comment: 'a\0b', description: '' }, 'comment', 'description');
  await missing('natural', { ...person, name: 'x'.repeat(101), comment: 5 }, 'name', 'comment');
  assert.equal((await shop.post('/api/senders/requests/legal', company)).status, 201);
  await missing('legal', { ...company, comment: 'again' }, 'sender');
  for (const query of ['', '?type=fax'])
    assert.equal((await shop.get(`/api/senders${query}`)).status, 422, query);
  for (const query of [
    'page[limit]=29',
    'filter[status]=x',
    'filter[created_at]=today',
    'filter[sender]=%00',
  ]) {
    assert.equal((await shop.get(`/api/senders/requests/sms?${query}`)).status, 422, query);
  }
});

test('a registered request is a sender of its account, a rejected one says why, and both are decided once', async (t) => {
  const { api, shop, other, moderator } = await parties(t);
  const file = async (sender: string) => {
    const { body } = await shop.post('/api/senders/requests/legal', { ...company, sender });
    return body.data.id;
  };
  const [good, bad] = [await file('Shop'), await file('Bank')];
  const decide = (id: number, status: string, reason?: string) =>
    moderator.patch(`${requests}/${id}`, { status, reason });

  const all = await moderator.get(`${requests}?filter[status]=new`);
  assert.deepEqual(
    (all.body.data as unknown as Item[]).map((request) => [request.id, request.kind, request.account]),
    [good, bad].map((id) => [id, 'legal', { id: shop.account.id, name: shop.account.name }]),
  );
  assert.equal((await decide(good, 'in_progress')).status, 200);
  assert.equal((await decide(good, 'accepted')).status, 409);
  const races = await Promise.all([
    decide(good, 'registered'),
    decide(good, 'rejected', 'No'),
    decide(good, 'registered'),
  ]);
  assert.deepEqual(races.map((answer) => answer.status).sort(), [200, 409, 409]);
  assert.equal((await decide(bad, 'rejected')).status, 422);
  assert.equal((await decide(bad, 'rejected', 'Not yours')).status, 200);
  assert.equal((await decide(999, 'registered')).status, 404);
  assert.equal((await moderator.get(`${requests}/999`)).status, 404);
  assert.equal((await decide(bad, 'new')).status, 422);

  const [, rejected] = conforming('sender_requests', await shop.get('/api/senders/requests/sms'));
  assert.deepEqual([rejected?.status, rejected?.rejection_reason], ['rejected', 'Not yours']);
  assert.equal(rejected?.registered_at, null);
  assert.notEqual(rejected?.status_changed_at, null);
  if (races[1]!.status === 200) return; // The rejection won: nothing is registered.

  const [sender, ...more] = conforming('senders', await shop.get('/api/senders?type=sms'));
  assert.deepEqual([sender?.sender, sender?.country, sender?.status, more], ['Shop', 'ES', 'active', []]);
  assert.deepEqual(conforming('senders', await other.get('/api/senders?type=sms')), []);
  const by = moderator.account.id;
  const of = shop.account.id;
  assert.deepEqual(await audited(api), [
    { action: 'sender_request.in_progress', subject: `sender_request/${good}`, by, of },
    { action: 'sender_request.registered', subject: `sender_request/${good}`, by, of },
    { action: 'sender_request.rejected', subject: `sender_request/${bad}`, by, of },
  ]);
});

test('senders are added, blocked, unblocked and made the default one', async (t) => {
  const { api, shop, other, moderator } = await parties(t);
  const account_id = shop.account.id;
  const add = (body: object) => moderator.post('/admin/api/senders', { account_id, ...body });
  const everywhere = (await add({ sender: 'Shop' })).body.data;
  const spain = (await add({ sender: 'Shop', country: 'es' })).body.data;
  assert.equal(spain.country, 'ES');
  assert.equal((await add({ sender: 'SHOP' })).status, 409);
  assert.equal((await add({ sender: 'Shop!' })).status, 422);
  assert.equal((await add({ sender: 'Shop', country: 'XX' })).status, 422);
  assert.equal((await add({ sender: 'Shop', account_id: 999 })).status, 404);

  const change = (id: number, body: object) => moderator.patch(`/admin/api/senders/${id}`, body);
  assert.equal((await change(everywhere.id, { status: 'blocked' })).body.data.status, 'blocked');
  const refused = await send(shop);
  assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [422, ['sender']]);
  assert.equal((await send(other)).status, 200, 'it is blocked for one account');
  assert.equal((await change(everywhere.id, { status: 'active' })).status, 200);
  assert.equal((await change(spain.id, { status: 'blocked' })).status, 200);
  assert.equal((await send(shop)).status, 422, 'it is blocked in one country');
  assert.equal((await send(shop, { phones: [{ number: 380500000000 }] })).status, 200);
  assert.equal((await change(spain.id, { status: 'registering' })).status, 422);
  assert.equal((await change(999, { status: 'active' })).status, 404);

  assert.equal((await change(everywhere.id, { is_default: true })).body.data.is_default, true);
  const listed = conforming('senders', await shop.get('/api/senders?type=sms'));
  assert.deepEqual(
    listed.map((sender) => sender.is_default),
    [true, true],
  );
  const blocked = await moderator.get(
    `/admin/api/senders?filter[status]=blocked&filter[account_id]=${account_id}`,
  );
  assert.deepEqual(
    blocked.body.data.map(({ id }) => id),
    [spain.id],
  );
  assert.equal(blocked.body.meta.page.total, 1);
  assert.equal((await audited(api)).length, 6);
});

test('an unregistered sender is refused, moderated or allowed, as the account has it', async (t) => {
  const { shop, other, moderator } = await parties(t);
  const policy = (sender_policy: string) =>
    moderator.patch(`/admin/api/accounts/${shop.account.id}/moderation`, { sender_policy });
  const statusOf = async (order: object = {}) => {
    const { status, body } = await send(shop, order);
    return status === 200 ? body.data.status : Object.keys(body.errors).join();
  };
  assert.equal(await statusOf(), 'scheduled');
  await policy('moderate');
  assert.equal(await statusOf(), 'moderation');
  await policy('refuse');
  assert.equal(await statusOf(), 'sender');
  assert.equal(await statusOf({ sender: 'Much too long', text: '' }), 'text,sender');
  assert.equal((await send(other)).body.data.status, 'scheduled', "another account's policy");

  await moderator.post('/admin/api/senders', { account_id: shop.account.id, sender: 'Shop', country: 'ES' });
  assert.equal(await statusOf({ sender: 'shop' }), 'scheduled');
  const abroad = { phones: [{ number: 34600000000 }, { number: 380500000000 }] };
  assert.equal(await statusOf(abroad), 'sender', 'registered for one of two countries');
  await policy('moderate');
  assert.equal(await statusOf(abroad), 'moderation');
  await moderator.post('/admin/api/senders', { account_id: shop.account.id, sender: 'Shop' });
  assert.equal(await statusOf(abroad), 'scheduled');
});

test('a customer has no access to the senders of all accounts', async (t) => {
  const { shop } = await parties(t);
  for (const answer of [
    await shop.get(requests),
    await shop.get(`${requests}/1`),
    await shop.patch(`${requests}/1`, { status: 'registered' }),
    await shop.get('/admin/api/senders'),
    await shop.post('/admin/api/senders', { account_id: shop.account.id, sender: 'Shop' }),
    await shop.patch('/admin/api/senders/1', { status: 'blocked' }),
  ]) {
    assert.equal(answer.status, 403, answer.text);
  }
});
