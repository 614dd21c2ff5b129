// Proves campaigns over HTTP up to the engine: what is created, its exact price, what is refused, lists, stop, report.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountById } from '../src/accounts/index.ts';
import { newClient } from '../src/db/index.ts';
import { Reason, Status } from '../src/messages/index.ts';
import { formatAmount, parseAmount } from '../src/money/index.ts';
import { type Api, customer, testApi } from './support/api.ts';

const spain = (n: number, from = 34600000000) => Array.from({ length: n }, (_, i) => ({ number: from + i }));
const hello = { sender: 'Carillon', text: 'Hello' };
const send = '/api/campaigns/sms/send';

/** A price per segment that floating point cannot hold, for numbers of Spain. */
async function spainCosts(api: Api, price: string): Promise<void> {
  await api.db.pool.query(`update rate set price_e7 = $1 where prefix = '34'`, [parseAmount(price)]);
}

const count = async (api: Api, table: string) =>
  (await api.db.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n as number;

test('a campaign is created with its messages, batches, counters and held money', async (t) => {
  const api = await testApi(t);
  const { post, account, keyId } = await customer(api, { balance: '1000' });
  await spainCosts(api, '0.0293301');
  const answer = await post(send, { ...hello, text: 'x'.repeat(200), phones: spain(2500), validity: 5 });
  assert.equal(answer.status, 200);
  const { data } = answer.body;
  assert.match(data.name, /^SMS \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.equal(data.status, 'scheduled');
  assert.deepEqual(data.statistics, { delivered: 0, sent: 0 });
  // 2,500 messages of 2 segments, to the last digit.
  assert.match(answer.text, /"calculated_price":146.6505,"currency":"EUR"/);

  const { pool } = api.db;
  const campaign = (await pool.query('select * from campaign')).rows[0];
  assert.equal(campaign.api_key_id, keyId);
  assert.equal(campaign.open_batches, 3);
  assert.equal(campaign.validity_h, 5);
  assert.equal(campaign.uncertain, 'resend');
  const first = campaign.first_message_id;
  const batches = await pool.query(
    'select first_id - $1 as first, last_id - $1 as last, submitted_upto - $1 as upto, state from batch order by 1',
    [first],
  );
  assert.deepEqual(batches.rows, [
    { first: 0, last: 999, upto: -1, state: 0 },
    { first: 1000, last: 1999, upto: 999, state: 0 },
    { first: 2000, last: 2499, upto: 1999, state: 0 },
  ]);
  const messages = await pool.query(
    `select min(id) - $1 as low, max(id) - $1 as high, count(*)::int as n, min(phone) as phone, sum(price_e7)::text
       as price, array_agg(distinct parts) as parts, array_agg(distinct status) as statuses from message`,
    [first],
  );
  assert.deepEqual(messages.rows, [
    { low: 0, high: 2499, n: 2500, phone: 34600000000, price: '1466505000', parts: [2], statuses: [0] },
  ]);
  const counters = await pool.query('select slot, status, n, price_e7::text as price from campaign_count');
  assert.deepEqual(counters.rows, [{ slot: 0, status: Status.queued, n: 2500, price: '1466505000' }]);
  const ledger = await pool.query(
    `select campaign_id = $1 as ours, messages, amount_e7::text as amount, held_e7::text as held
     from ledger where kind = 'hold'`,
    [data.id],
  );
  assert.deepEqual(ledger.rows, [{ ours: true, messages: 2500, amount: '-1466505000', held: '1466505000' }]);
  const after = await accountById(api.db, account.id);
  assert.equal(formatAmount(after!.balance), '853.3495000');
});

test('a campaign that the balance and the credit cannot pay is refused, and nothing of it remains', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api, { balance: '1' });
  await spainCosts(api, '0.1');
  await api.db.pool.query('update account set credit_e7 = 5000000');
  const { status, body } = await post(send, { ...hello, phones: spain(16) });
  assert.equal(status, 422);
  assert.match(body.message, /costs 1.6 EUR, but .* balance of 1 EUR and a credit of 0.5 EUR/);
  for (const table of ['campaign', 'message', 'batch', 'campaign_count', 'message_reference']) {
    assert.equal(await count(api, table), 0, table);
  }
  assert.equal(formatAmount((await accountById(api.db, account.id))!.balance), '1.0000000');
  assert.equal((await post(send, { ...hello, phones: spain(15) })).status, 200);
  assert.equal(formatAmount((await accountById(api.db, account.id))!.balance), '-0.5000000');
});

test('of many campaigns at once only so many are accepted as the balance pays', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api, { balance: '1' });
  await spainCosts(api, '0.1');
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => post(send, { ...hello, phones: spain(3, 34600000000 + i * 10) })),
  );
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 422, 422, 422, 422, 422]);
  assert.equal(formatAmount((await accountById(api.db, account.id))!.balance), '0.1000000');
});

test('a test key sends for nothing, and needs no balance', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api, { kind: 'test', balance: '0' });
  const { status, body } = await post(send, { ...hello, phones: spain(3) });
  assert.equal(status, 200);
  assert.equal(body.data.calculated_price, 0);
  const { rows } = await api.db.pool.query('select test from campaign');
  assert.deepEqual(rows, [{ test: true }]);
  assert.equal((await get(`/api/campaigns/${body.data.id}/detail`)).body.data.total_price, '0.0000000');
  const priced = await post('/api/campaigns/price', { ...hello, messages: [{ phone: 34600000000 }] });
  assert.deepEqual(priced.body, { price: 0, currency: 'EUR', unpriced: 0 });
  assert.deepEqual((await api.db.pool.query('select from ledger')).rowCount, 0);
});

test('one bad number is named by its index, and nothing is created', async (t) => {
  const api = await testApi(t);
  const { post } = await customer(api);
  const phones = [...spain(3), { number: '12' }, ...spain(2)];
  const { status, body } = await post(send, { phones, sender: 'no!', text: 'Hello', tariff_code: 7 });
  assert.equal(status, 422);
  assert.equal(body.message, 'The given data was invalid.');
  assert.deepEqual(Object.keys(body.errors).sort(), ['phones.3.number', 'sender', 'tariff_code']);
  assert.match(body.errors['phones.3.number']![0]!, /9 to 15 digits/);
  assert.equal(await count(api, 'campaign'), 0);
  assert.equal(await count(api, 'message'), 0);
});

test('duplicates get one message, and strings of digits are numbers', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  const phones = [
    { number: 34600000001, reference_id: 'first' },
    { number: '34600000002' },
    { number: '34600000001', reference_id: 'second' },
  ];
  const { body } = await post(send, { ...hello, phones });
  const { data, meta } = (await get(`/api/messages?filter[campaign_id]=${body.data.id}`)).body;
  assert.equal(meta.page.total, 2);
  assert.deepEqual(
    data.map(({ phone, reference_id }) => [phone, reference_id]),
    [
      [34600000001, 'first'],
      [34600000002, undefined],
    ],
  );
});

test('a number without a price fails at once and costs nothing; the others are priced', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  await spainCosts(api, '0.0293301');
  const nowhere = 999_111_222_333;
  const { body } = await post(send, { ...hello, phones: [...spain(2), { number: nowhere }] });
  assert.equal(body.data.calculated_price, 0.0586602);
  const report = (await get(`/api/campaigns/${body.data.id}/detail`)).body.data;
  assert.equal(report.statistics.scheduled, 2);
  assert.equal(report.statistics.failed, 1);
  assert.equal(report.total_messages, 3);
  assert.equal(report.total_price, '0.0586602');
  const failed = (await get('/api/messages?sort=phone&way=desc')).body.data[0];
  assert.equal(failed?.phone, nowhere);
  assert.equal(failed?.status, 'failed');
  assert.deepEqual(failed?.amount, { value: '0.0000000', currency: 'EUR' });
  assert.match(failed?.error ?? '', /no price/);
  const { rows } = await api.db.pool.query('select error from message where phone = $1', [nowhere]);
  assert.deepEqual(rows, [{ error: Reason.noPrice }]);

  const all = await post(send, { ...hello, phones: [{ number: nowhere }] });
  assert.equal(all.body.data.calculated_price, 0);
  assert.deepEqual((await post('/api/campaigns/price', { ...hello, messages: [{ phone: nowhere }] })).body, {
    price: null,
    currency: 'EUR',
    unpriced: 1,
  });
});

test('the price of a campaign is told exactly before it is sent', async (t) => {
  const api = await testApi(t);
  const { post } = await customer(api, { balance: '0' });
  await spainCosts(api, '0.1234567');
  const messages = spain(1000).map(({ number }) => ({ phone: number }));
  const { text } = await post('/api/campaigns/price', { sender: 'Carillon', text: 'ж'.repeat(71), messages });
  assert.equal(text, '{"price":246.9134,"currency":"EUR","unpriced":0}');
  const wrong = await post('/api/campaigns/price', { text: '', messages: [{ phone: 1 }], groups: [1] });
  assert.deepEqual(Object.keys(wrong.body.errors).sort(), ['groups.0', 'messages.0.phone', 'sender', 'text']);
  assert.deepEqual((await post('/api/campaigns/price', hello)).body, {
    price: null,
    currency: 'EUR',
    unpriced: 0,
  });
});

test('a reference is used once in an account, and refused with its index', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  const other = await customer(api);
  const phones = (...references: string[]) =>
    references.map((reference_id, i) => ({ number: 34600000000 + i, reference_id }));
  assert.equal((await post(send, { ...hello, phones: phones('a', 'NULL', 'c') })).status, 200);
  const { status, body } = await post(send, { ...hello, phones: phones('d', 'c', 'e', 'NULL') });
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(body.errors), ['phones.1.reference_id', 'phones.3.reference_id']);
  assert.equal(await count(api, 'campaign'), 1);
  assert.equal(await count(api, 'message_reference'), 3);
  assert.equal((await other.post(send, { ...hello, phones: phones('a') })).status, 200);

  const found = (await get('/api/messages?filter[reference_id]=NULL')).body;
  assert.deepEqual(
    found.data.map(({ phone, reference_id }) => [phone, reference_id]),
    [[34600000001, 'NULL']],
  );

  // Other texts, so that they are not refused as duplicates of one request.
  const race = await Promise.all(
    ['1', '2', '3', '4'].map((text) => post(send, { ...hello, text, phones: phones('x', 'y') })),
  );
  assert.deepEqual(race.map((answer) => answer.status).toSorted(), [200, 422, 422, 422]);
});

test('nothing of another account can be told from what does not exist', async (t) => {
  const api = await testApi(t);
  const owner = await customer(api);
  const stranger = await customer(api);
  const phones = [{ number: 34600000000, reference_id: 'mine' }];
  const { body } = await owner.post(send, { ...hello, phones, start_at: '2099-01-01 00:00:00' });
  assert.equal(body.message, 'The given data was invalid.');
  const { id } = (await owner.post(send, { ...hello, phones })).body.data;
  const message = (await owner.get('/api/messages')).body.data[0]!.id;
  for (const [theirs, absent] of [
    [`/api/campaigns/${id}`, '/api/campaigns/999999'],
    [`/api/campaigns/${id}/detail`, '/api/campaigns/999999/detail'],
    ['/api/campaigns/0', '/api/campaigns/abc'],
  ] as const) {
    const [a, b] = [await stranger.get(theirs), await stranger.get(absent)];
    assert.equal(a.status, 404);
    assert.equal(b.status, 404);
    assert.equal((await owner.get(theirs)).status, theirs.includes(`${id}`) ? 200 : 404);
  }
  assert.deepEqual(
    (await stranger.get(`/api/campaigns/${id}`)).body,
    (await stranger.get('/api/campaigns/999999')).body,
  );
  assert.equal((await stranger.patch(`/api/campaigns/${id}/stop`)).status, 404);
  assert.equal((await owner.get(`/api/campaigns/${id}`)).body.data.status, 'scheduled');
  for (const path of [
    '/api/campaigns',
    '/api/messages',
    `/api/messages?filter[id]=${message}`,
    `/api/messages?filter[campaign_id]=${id}`,
    '/api/messages?filter[reference_id]=mine',
  ]) {
    assert.deepEqual((await stranger.get(path)).body.data, [], path);
    assert.equal((await owner.get(path)).body.data.length, 1, path);
  }
});

test('a campaign stops once, and what has ended cannot be stopped', async (t) => {
  const api = await testApi(t);
  const { post, patch } = await customer(api);
  const create = async (text: string) =>
    (await post(send, { ...hello, text, phones: spain(1) })).body.data.id;
  for (const status of ['scheduled', 'sending', 'paused', 'creation', 'moderation']) {
    const id = await create(status);
    await api.db.pool.query('update campaign set status = $1 where id = $2', [status, id]);
    const answer = await patch(`/api/campaigns/${id}/stop`);
    assert.equal(answer.status, 200, status);
    assert.equal(answer.body.data.status, 'stopped');
    assert.match(answer.body.data.finished_at ?? '', /^\d{4}-/);
    const again = await patch(`/api/campaigns/${id}/stop`);
    assert.equal(again.status, 422);
    assert.match(again.body.message, /stopped cannot be stopped/);
    assert.ok(again.body.errors.status);
  }
  for (const status of ['done', 'spam']) {
    const id = await create(status);
    await api.db.pool.query('update campaign set status = $1 where id = $2', [status, id]);
    assert.equal((await patch(`/api/campaigns/${id}/stop`)).status, 422, status);
  }
});

test('creating and stopping a campaign wakes the engine', async (t) => {
  const api = await testApi(t);
  const { post, patch } = await customer(api);
  const listener = await newClient(api.db);
  await listener.query('listen carillon_work');
  const woken = () => new Promise((resolve) => listener.once('notification', resolve));
  let heard = woken();
  const { id } = (await post(send, { ...hello, phones: spain(1) })).body.data;
  await heard;
  heard = woken();
  await patch(`/api/campaigns/${id}/stop`);
  await heard;
  await listener.end();
});

test('campaigns are listed by page, sorted and filtered', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const ids: number[] = [];
  for (let i = 0; i < 35; i += 1) {
    const sender = `Shop${(i * 8) % 35}`;
    const start = { start_at: inDays(1 + ((i * 3) % 20)) };
    ids.push((await post(send, { ...hello, ...start, sender, phones: spain(1) })).body.data.id);
  }
  const list = async (query: string) => (await get(`/api/campaigns?${query}`)).body;
  const first = await list('page[limit]=30');
  assert.deepEqual(
    first.data.map(({ id }) => id),
    ids.slice(0, 30),
  );
  assert.deepEqual(first.meta, { page: { total: 35, limit: 30, offset: 0 } });
  assert.deepEqual(
    (await list('page[limit]=30&page[offset]=30')).data.map(({ id }) => id),
    ids.slice(30),
  );
  assert.deepEqual(
    (await list('way=desc')).data.map(({ id }) => id),
    ids.toReversed(),
  );
  const senders = (await list('sort=sender&way=desc')).data.map(({ sender }) => sender);
  assert.deepEqual(senders, senders.toSorted().reverse());
  const dates = (await list('sort=date')).data.map(({ start_at }) => start_at);
  assert.deepEqual(dates, dates.toSorted());
  for (const sort of ['type', 'status']) assert.equal((await list(`sort=${sort}`)).data.length, 35);

  const soon = await list(`filter[to]=${encodeURIComponent(inDays(5.5))}`);
  const later = await list(`filter[from]=${encodeURIComponent(inDays(5.5))}&filter[type]=sms`);
  assert.equal(soon.meta.page.total + later.meta.page.total, 35);
  assert.ok(soon.data.length > 0 && later.data.length > 0);
  assert.equal((await list('filter[type]=rcs')).meta.page.total, 0);
  assert.equal((await list('search[field]=sender&search[value]=SHOP3')).meta.page.total, 6);
  assert.equal((await list('search[field]=taskname&search[value]=sms 2')).meta.page.total, 35);
  assert.equal((await list('search[field]=taskname&search[value]=%25')).meta.page.total, 0);

  const wrong = await get('/api/campaigns?page[limit]=29&sort=name&way=up&filter[type]=fax');
  assert.equal(wrong.status, 422);
  assert.deepEqual(Object.keys(wrong.body.errors).sort(), ['filter[type]', 'page[limit]', 'sort', 'way']);
  const dateless = await get('/api/campaigns?filter[from]=yesterday&search[field]=sender');
  assert.deepEqual(Object.keys(dateless.body.errors).sort(), ['filter[from]', 'search[value]']);
});

test('the report carries every published name and adds up while messages change state', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  await spainCosts(api, '0.05');
  const { id } = (await post(send, { ...hello, phones: spain(10) })).body.data;
  const { pool } = api.db;
  await pool.query(`update campaign set status = 'sending', actual_start_at = now() where id = $1`, [id]);
  // What journals of two dispatchers leave behind: deltas in slots of their own.
  await pool.query(
    `insert into campaign_count (campaign_id, slot, status, n, price_e7) values
       ($1, 1, ${Status.queued}, -4, -2000000), ($1, 1, ${Status.sent}, 1, 500000),
       ($1, 1, ${Status.delivered}, 2, 1000000), ($1, 1, ${Status.failed}, 1, 500000),
       ($1, 2, ${Status.queued}, -2, -1000000), ($1, 2, ${Status.timedOut}, 1, 500000),
       ($1, 2, ${Status.unknown}, 1, 500000)`,
    [id],
  );
  const { data } = (await get(`/api/campaigns/${id}/detail`)).body;
  assert.deepEqual(data.statistics, {
    delivered: 2,
    sent: 1,
    scheduled: 0,
    moderation: 0,
    accepted: 0,
    sending: 4,
    expired: 0,
    failed: 1,
    undelivered: 0,
    unknown: 2,
    read: 0,
    not_viber_user: 0,
    not_rcs_user: 0,
  });
  assert.equal(data.total_price, '0.4500000');
  assert.deepEqual(Object.keys(data).sort(), [
    'actual_start_at',
    'alternative_channels',
    'created_at',
    'creation_at',
    'currency',
    'finished_at',
    'id',
    'name',
    'sender',
    'start_at',
    'start_date',
    'started_at',
    'statistics',
    'status',
    'total_messages',
    'total_phones',
    'total_price',
    'type',
  ]);
  const short = (await get(`/api/campaigns/${id}`)).body.data;
  assert.deepEqual(short.statistics, { delivered: 2, sent: 1 });
});
