// Proves the universal sends: SMS campaigns with their channels named, dry runs, and errors by the universal paths.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addToStopList } from '../src/contacts/index.ts';
import { examine } from '../src/doctor/index.ts';
import { type Api, type Body, customer, testApi } from './support/api.ts';
import { makeGroup } from './support/contacts.ts';

const sms = { sender: 'Carillon', text: 'Hello' };
const campaign = { channels: ['sms'], sms, recipients: { phones: [{ number: '34600000000' }] } };
const message = { channels: ['sms'], sms, phone: { number: '34600000000' } };

const count = async ({ db }: Api, table: string) =>
  (await db.pool.query<{ n: number }>(`select count(*) as n from ${table}`)).rows[0]!.n;

test('a universal campaign is an SMS campaign with its channels named', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  const phones = [
    { number: '34600000000', reference_id: 'a' },
    { number: '34600000001' },
    { number: '34600000000' },
  ];
  const { status, text, body } = await post('/api/campaigns/send', {
    ...campaign,
    recipients: { phones },
    sms: { ...sms, text: 'ж', transliterate: true, short_links: [] },
    validity: 5,
    tariff_code: 0,
    check_stop_list: true,
    add_to_contact_book: false,
    dry_run: null,
  });
  assert.equal(status, 200, text);
  assert.equal(body.data.status, 'scheduled');
  const { rows } = await api.db.pool.query(
    'select text, validity_h, message_count from campaign where id = $1',
    [body.data.id],
  );
  assert.deepEqual(rows, [{ text: 'zh', validity_h: 5, message_count: 2 }]);
  assert.equal((await get('/api/messages?filter[reference_id]=a')).body.data.length, 1);
});

test('a universal message is answered with the message, which is there', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  const { status, text, body } = await post('/api/messages/send', {
    ...message,
    phone: { number: '34600000000', reference_id: 'code1' },
    validity_seconds: 90,
    respect_curfew: true,
    callback_url: 'https://shop.example/status',
  });
  assert.equal(status, 200, text);
  assert.deepEqual([body.data.phone, body.data.validity, body.data.reference_id], [34600000000, 1, 'code1']);
  assert.deepEqual((await get(`/api/messages?filter[id]=${body.data.id}`)).body.data, [body.data]);
  const { rows } = await api.db.pool.query('select validity_s, callback_url, respect_curfew from campaign');
  assert.deepEqual(rows, [
    { validity_s: 90, callback_url: 'https://shop.example/status', respect_curfew: true },
  ]);
});

test('a dry run answers as the send would, and creates nothing', async (t) => {
  const api = await testApi(t);
  const { post, get, account } = await customer(api);
  const before = await get('/api/accounts/balance');
  for (const [path, body] of [
    ['/api/campaigns/send', campaign],
    ['/api/messages/send', { ...message, phone: { number: '34600000000', reference_id: 'once' } }],
  ] as const) {
    const dry = await post(path, { ...body, dry_run: true });
    assert.equal(dry.status, 200, dry.text);
    assert.ok(!('id' in dry.body.data) && !('campaign_id' in dry.body.data));
    // Looking twice is no duplicate.
    assert.equal((await post(path, { ...body, dry_run: true })).status, 200);
    for (const table of ['campaign', 'message', 'batch', 'campaign_count', 'message_reference']) {
      assert.equal(await count(api, table), 0, table);
    }
    assert.deepEqual((await get('/api/accounts/balance')).body, before.body);
    const sent = await post(path, { ...body, dry_run: false });
    assert.deepEqual(fixed(dry.body.data), fixed(sent.body.data));
    await api.db.pool.query(
      'truncate campaign, message, batch, campaign_count, message_reference restart identity cascade',
    );
    await api.db.pool.query('update account set balance_e7 = 1000000000 where id = $1', [account.id]);
  }
  await api.db.pool.query('update account set balance_e7 = 0');
  assert.equal((await post('/api/campaigns/send', { ...campaign, dry_run: true })).status, 422);
});

/** What says neither which nor when. */
function fixed({ id, campaign_id, name, start_at, created_at, ...rest }: Partial<Body['data']>) {
  return { ...rest };
}

test('another channel is refused by its place, and other errors by the universal paths', async (t) => {
  const api = await testApi(t);
  const { post } = await customer(api);
  const errors = async (path: string, body: unknown) => {
    const answer = await post(path, body);
    assert.equal(answer.status, 422, answer.text);
    return answer.body.errors;
  };
  for (const [path, body] of [
    ['/api/campaigns/send', campaign],
    ['/api/messages/send', message],
  ] as const) {
    const second = await errors(path, { ...body, channels: ['sms', 'viber'] });
    assert.deepEqual(second, {
      'channels.1': ['The channel viber is not available here: the only one is sms.'],
    });
    assert.deepEqual(Object.keys(await errors(path, { ...body, channels: ['rcs', 'pigeon'] })), [
      'channels.0',
      'channels.1',
    ]);
    assert.deepEqual(Object.keys(await errors(path, { ...body, channels: [] })), ['channels']);
    assert.deepEqual(Object.keys(await errors(path, { ...body, channels: ['sms', 'sms'] })), ['channels.1']);
    const wrong = {
      ...body,
      sms: { sender: 'not a name', text: '', unsubscribe_caption: 'Stop' },
      dry_run: 1,
    };
    assert.deepEqual(Object.keys(await errors(path, wrong)).toSorted(), [
      'dry_run',
      'sms.sender',
      'sms.text',
      'sms.unsubscribe_caption',
    ]);
    assert.deepEqual(Object.keys(await errors(path, { ...body, sms: undefined })), ['sms']);
    assert.deepEqual(Object.keys(await errors(path, [])), ['body']);
  }
  const phones = [{ number: '34600000000' }, { number: '12' }];
  assert.deepEqual(
    Object.keys(await errors('/api/campaigns/send', { ...campaign, recipients: { phones } })),
    ['recipients.phones.1.number'],
  );
  assert.deepEqual(
    Object.keys(
      await errors('/api/campaigns/send', { ...campaign, recipients: { groups: [1, 'x'] } }),
    ).toSorted(),
    ['recipients.groups.1'],
  );
  const single = await errors('/api/messages/send', {
    ...message,
    phone: { number: '12', reference_id: '-' },
    validity_seconds: 10,
  });
  assert.deepEqual(Object.keys(single).toSorted(), ['phone.number', 'validity_seconds']);
  const reference = { ...message, phone: { number: '34600000000', reference_id: 'once' } };
  assert.equal((await post('/api/messages/send', reference)).status, 200);
  assert.deepEqual(Object.keys(await errors('/api/messages/send', { ...reference, validity: 9 })), [
    'phone.reference_id',
  ]);
});

test('groups are sent to with phones beside them, each number once', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  const group = await makeGroup(api.db, account.id, [
    { phone: 34600000001, name: 'Anna' },
    { phone: 34600000002, name: null },
    { phone: 34600000003, name: 'Bob' },
  ]);
  await addToStopList(api.db.pool, account.id, [34600000003, 34600000004], 'api');
  const order = {
    channels: ['sms'],
    sms: { ...sms, text: 'Hello {name|friend}' },
    recipients: {
      groups: [group],
      phones: [
        { number: '34600000001', reference_id: 'a' },
        { number: '34600000004' },
        { number: '34600000009' },
      ],
    },
  };
  const textsOf = async (id: number) =>
    (
      await api.db.pool.query<{ phone: number; text: string; reference: string | null }>(
        'select phone, text, reference_id as reference from message where campaign_id = $1 order by phone',
        [id],
      )
    ).rows.map(({ phone, text, reference }) => [phone - 34600000000, text, reference]);
  const dry = await post('/api/campaigns/send', { ...order, dry_run: true });
  assert.equal(dry.status, 200, dry.text);
  assert.equal(await count(api, 'campaign'), 0);
  const answer = await post('/api/campaigns/send', order);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(await textsOf(answer.body.data.id), [
    [1, 'Hello friend', 'a'],
    [2, 'Hello friend', null],
    [9, 'Hello friend', null],
  ]);
  const all = await post('/api/campaigns/send', {
    ...order,
    check_stop_list: false,
    recipients: { groups: [group] },
  });
  assert.deepEqual(await textsOf(all.body.data.id), [
    [1, 'Hello Anna', null],
    [2, 'Hello friend', null],
    [3, 'Hello Bob', null],
  ]);
  const unknown = await post('/api/campaigns/send', { ...order, recipients: { groups: [group, 99999] } });
  assert.deepEqual(Object.keys(unknown.body.errors), ['recipients.groups.1']);
  const misspelt = await post('/api/campaigns/send', { ...order, sms: { ...sms, text: '{nmae}' } });
  assert.deepEqual(Object.keys(misspelt.body.errors), ['sms.text']);
  assert.deepEqual((await examine(api.db)).breaches, []);
});

test('numbers on the stop list are left out of universal sends, unless they are asked for', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  await addToStopList(api.db.pool, account.id, [34600000000], 'api');
  const two = { phones: [{ number: '34600000000', reference_id: 'a' }, { number: '34600000001' }] };
  const answer = await post('/api/campaigns/send', { ...campaign, recipients: two });
  assert.equal(answer.status, 200, answer.text);
  const { rows } = await api.db.pool.query('select phone from message');
  assert.deepEqual(rows, [{ phone: 34600000001 }]);
  const nobody = await post('/api/campaigns/send', campaign);
  assert.deepEqual(Object.keys(nobody.body.errors), ['recipients.phones']);
  const single = await post('/api/messages/send', message);
  assert.equal(single.status, 422);
  assert.deepEqual(Object.keys(single.body.errors), ['phone']);
  assert.equal((await post('/api/messages/send', { ...message, check_stop_list: false })).status, 200);
  // The operation without that field sends to the numbers it is given.
  const plain = await post('/api/campaigns/sms/send', { ...sms, phones: [{ number: 34600000000 }] });
  assert.equal(plain.status, 200);
});
