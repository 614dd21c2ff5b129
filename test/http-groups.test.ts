// Proves sends to groups: the text rendered for each contact, everybody once and nobody who is on the stop list, and
// what is refused before anything is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createToGroups } from '../src/campaigns/groups.ts';
import { addToStopList } from '../src/contacts/index.ts';
import { transaction } from '../src/db/index.ts';
import { examine } from '../src/doctor/index.ts';
import { startJobs } from '../src/jobs/index.ts';
import { tasks } from '../src/tasks.ts';
import { type Answer, type Api, customer, testApi } from './support/api.ts';
import { makeGroup } from './support/contacts.ts';
import { atEnd, waitFor } from './support/index.ts';

const path = '/api/campaigns/sms/send-groups';
const hello = { sender: 'Shop', text: 'Hello {Name|friend}, {{you}} are {phone}' };

const texts = async ({ db }: Api, campaignId: number) =>
  (
    await db.pool.query<{ phone: number; text: string }>(
      `select m.phone, coalesce(m.text, c.text) as text from message m join campaign c on c.id = m.campaign_id
       where c.id = $1 order by m.phone`,
      [campaignId],
    )
  ).rows.map(({ phone, text }) => `${phone} ${text}`);

const metaOf = (answer: Answer) => (answer.body as unknown as { meta: object }).meta;
const phones = (n: number, from = 34600000000) =>
  Array.from({ length: n }, (_, i) => ({ phone: from + i, name: i % 2 === 0 ? `N${i}` : null }));

test('each contact gets its own text, once, and nobody who is on the stop list', async (t) => {
  const api = await testApi(t);
  const { post, get, account } = await customer(api);
  const first = await makeGroup(api.db, account.id, phones(5));
  const second = await makeGroup(api.db, account.id, phones(3, 34600000003));
  await addToStopList(api.db.pool, account.id, [34600000000, 34600000005], 'api');
  const answer = await post(path, { ...hello, groups: [first, second, first] });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(metaOf(answer), { recipients: 4, duplicates: 2, stop_listed: 2 });
  assert.equal(answer.body.data.status, 'scheduled');
  assert.deepEqual(await texts(api, answer.body.data.id), [
    '34600000001 Hello friend, {you} are 34600000001',
    '34600000002 Hello N2, {you} are 34600000002',
    '34600000003 Hello N0, {you} are 34600000003',
    '34600000004 Hello N4, {you} are 34600000004',
  ]);
  // By the published name of what is required, and one text for all, which is stored once.
  const same = await post(path, { sender: 'Shop', text: 'For {{all}}', contacts: [second] });
  assert.equal(same.status, 200, same.text);
  const { rows } = await api.db.pool.query('select text from message where campaign_id = $1', [
    same.body.data.id,
  ]);
  assert.deepEqual(rows, [{ text: null }, { text: null }]);
  assert.equal(
    (await get(`/api/messages?filter[campaign_id]=${same.body.data.id}`)).body.data[0]?.text,
    'For {all}',
  );
  assert.deepEqual((await examine(api.db)).breaches, []);
});

test('what is wrong is named before anything is sent', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  const other = await customer(api);
  const group = await makeGroup(api.db, account.id, phones(5));
  const empty = await makeGroup(api.db, account.id, []);
  const foreign = await makeGroup(api.db, other.account.id, phones(1));
  const errorsOf = async (change: object) => {
    const answer = await post(path, { ...hello, groups: [group], ...change });
    assert.equal(answer.status, 422, answer.text);
    return answer.body.errors;
  };
  assert.deepEqual(Object.keys(await errorsOf({ groups: [group, foreign, 99999] })), [
    'groups.1',
    'groups.2',
  ]);
  assert.deepEqual(Object.keys(await errorsOf({ groups: ['x', 1.5] })), ['groups.0', 'groups.1']);
  for (const groups of [[], {}, null, new Array(1001).fill(group)]) {
    assert.deepEqual(Object.keys(await errorsOf({ groups })), ['groups']);
  }
  assert.match((await errorsOf({ text: 'Hi {nmae}' })).text![0]!, /no contact field "nmae"/);
  assert.match((await errorsOf({ text: 'Hi {name' })).text![0]!, /not closed/);
  assert.match(
    (await errorsOf({ text: 'Hi {NAME}' })).text![0]!,
    /^2 of the contacts have no value in the field "NAME"/,
  );
  assert.match((await errorsOf({ groups: [empty] })).groups![0]!, /no contact/);
  assert.match((await errorsOf({ text: `${'x'.repeat(760)}{name|y}{phone}` })).text![0]!, /at most 765/);
  assert.match(
    (await errorsOf({ text: `${'x'.repeat(757)}{phone}` })).text![0]!,
    /^For one of the contacts: The text has 768/,
  );
  assert.deepEqual(
    Object.keys(await errorsOf({ sender: '', validity: 0, tariff_code: 5, short_links: [1] })).sort(),
    [...['sender', 'short_links', 'tariff_code', 'validity']],
  );
  await addToStopList(
    api.db.pool,
    account.id,
    phones(5).map(({ phone }) => phone),
    'api',
  );
  assert.match((await errorsOf({})).groups![0]!, /All 5 contacts of these groups are on the stop list/);
  assert.equal((await api.db.pool.query('select from campaign')).rowCount, 0);
  assert.deepEqual((await examine(api.db)).breaches, []);
});

test('a retry gets the first answer with its meta', async (t) => {
  const api = await testApi(t);
  const { account, key } = await customer(api);
  const group = await makeGroup(api.db, account.id, phones(2));
  const { post } = api.call({ 'x-api-key': key, 'idempotency-key': 'once' });
  const first = await post(path, { ...hello, groups: [group] });
  assert.deepEqual(metaOf(first), { recipients: 2, duplicates: 0, stop_listed: 0 });
  assert.equal((await post(path, { ...hello, groups: [group] })).text, first.text);
});

test('a large group is filled in the background, or the campaign says why not', async (t) => {
  const api = await testApi(t);
  const { account, keyId, get } = await customer(api);
  const group = await makeGroup(api.db, account.id, phones(20));
  const { rows } = await api.db.pool.query('select tariff_id from account where id = $1', [account.id]);
  const buyer = {
    ...{ accountId: account.id, keyId, kind: 'live' as const },
    ...{ currency: account.currency, tariffId: rows[0].tariff_id as number },
  };
  const create = async () =>
    (
      await createToGroups(
        api.db,
        buyer,
        { ...hello, groups: [group] },
        {
          checkStopList: true,
          transact: (work) => transaction(api.db, work),
          atOnce: 10,
        },
      )
    ).id;
  const filled = await create();
  const stopped = await create();
  assert.equal((await get(`/api/campaigns/${filled}`)).body.data.status, 'creation');
  await api.db.pool.query(`update campaign set status = 'stopped', finished_at = now() where id = $1`, [
    stopped,
  ]);
  const jobs = await startJobs({
    db: api.db,
    log: { info() {}, warn() {}, error() {} },
    ...tasks,
    clock: [],
  });
  atEnd(t, () => jobs.stop());
  const left = async () =>
    (await api.db.pool.query<{ n: number }>('select count(*) as n from graphile_worker.jobs')).rows[0]!.n;
  await waitFor(async () => (await left()) === 0, { timeoutMs: 120_000, what: 'the jobs to be done' });
  assert.equal((await get(`/api/campaigns/${filled}`)).body.data.status, 'scheduled');
  assert.equal((await texts(api, filled)).length, 20);
  assert.equal((await texts(api, stopped)).length, 0);
  await api.db.pool.query('update account set messages_per_day = 20');
  const refused = await create();
  await waitFor(async () => (await get(`/api/campaigns/${refused}`)).body.data.status === 'stopped', {
    timeoutMs: 120_000,
    what: 'the campaign to be abandoned',
  });
  const { data } = (await get(`/api/campaigns/${refused}`)).body as unknown as { data: { reason: string } };
  assert.match(data.reason, /may send 20 messages a day/);
  assert.deepEqual((await examine(api.db)).breaches, []);
});

test('the price of groups is what a send to them holds', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  const group = await makeGroup(api.db, account.id, [
    { phone: 34600000000, name: 'Anna' },
    { phone: 34600000001, name: 'x'.repeat(170) },
    { phone: 491510000000, name: 'Ж' },
    { phone: 34600000003, name: 'Bob' },
  ]);
  await addToStopList(api.db.pool, account.id, [34600000003], 'api');
  const order = { sender: 'Shop', text: 'Hello {name}', groups: [group, group] };
  const price = await post('/api/campaigns/price', { ...order, messages: [] });
  assert.equal(price.status, 200, price.text);
  const sent = await post(path, order);
  assert.equal(sent.body.data.calculated_price, price.body.price);
  const more = await post('/api/campaigns/price', {
    ...order,
    text: 'Hi {name|you}',
    messages: [{ phone: 34600000000 }, { phone: 34600000009 }],
  });
  assert.equal(more.status, 200, more.text);
  for (const [change, field] of [
    [{ text: 'Hi {nobody}' }, 'text'],
    [{ groups: [99999] }, 'groups.0'],
    [{ sender: '' }, 'sender'],
  ] as const) {
    const wrong = await post('/api/campaigns/price', { ...order, ...change });
    assert.deepEqual(Object.keys(wrong.body.errors), [field]);
  }
});
