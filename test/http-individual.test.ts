// Proves sends of individual messages: each has its own text, sender, tariff and reference, its exact price, and every
// error is named at its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from '../src/doctor/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { customer, testApi } from './support/api.ts';

const path = '/api/campaigns/sms/send-individual';
const message = (phone: number | string, more: object = {}) => ({
  phone,
  sender: 'Shop',
  text: 'Hello',
  ...more,
});

test('each message has its own text, sender, tariff and reference, and its exact price', async (t) => {
  const api = await testApi(t);
  const { post, get } = await customer(api);
  const { pool } = api.db;
  await pool.query(`update rate set price_e7 = $1 where prefix = '34'`, [parseAmount('0.0293301')]);
  await pool.query(`insert into tariff (code, name, currency) values (7, 'cheap', 'EUR')`);
  await pool.query(
    `insert into rate (tariff_id, prefix, price_e7) select id, '34', 3 from tariff where code = 7`,
  );
  const answer = await post(path, {
    messages: [
      message(34600000000, { text: 'First' }),
      message('34600000001', { text: 'ж'.repeat(80), transliterate: true, reference_id: 'a1' }),
      message(34600000000, { text: 'ж'.repeat(80), sender: 'Other' }),
      message(34600000002, { tariff_code: 7, text: 'First' }),
      message(999_111_222_333, { text: 'nowhere' }),
    ],
    validity: 5,
  });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.data.sender, 'Shop');
  // 1 + 1 + 2 segments of one tariff, 1 of the other.
  assert.match(answer.text, /"calculated_price":0.1173207,/);
  const stored = await pool.query(
    `select m.phone, coalesce(m.text, c.text) as text, m.text is null as shared, coalesce(m.sender, c.sender) as sender,
       m.parts, m.price_e7::text as price, m.reference_id as reference, m.status
     from message m join campaign c on c.id = m.campaign_id order by m.id`,
  );
  assert.deepEqual(
    stored.rows.map((row) => [
      row.phone,
      row.shared,
      row.sender,
      row.parts,
      row.price,
      row.reference,
      row.status,
    ]),
    [
      [34600000000, true, 'Shop', 1, '293301', null, 0],
      [34600000001, false, 'Shop', 1, '293301', 'a1', 0],
      [34600000000, false, 'Other', 2, '586602', null, 0],
      [34600000002, true, 'Shop', 1, '3', null, 0],
      [999111222333, false, 'Shop', 1, '0', null, 7],
    ],
  );
  assert.equal(stored.rows[1].text, 'zh'.repeat(80));
  const report = (await get(`/api/campaigns/${answer.body.data.id}/detail`)).body.data as unknown as {
    total_messages: number;
    total_phones: number;
  };
  assert.equal(report.total_messages, 5);
  assert.equal(report.total_phones, 4);
  assert.equal((await get('/api/messages?filter[reference_id]=a1')).body.data[0]?.text, 'zh'.repeat(80));
  assert.deepEqual((await examine(api.db)).breaches, []);
});

test('everything that is wrong is named at its place, and nothing is created', async (t) => {
  const api = await testApi(t);
  const { post } = await customer(api);
  await api.db.pool.query(
    `insert into tariff (code, name, currency, is_active) values (7, 'old', 'EUR', false)`,
  );
  const { status, body } = await post(path, {
    messages: [
      message(12),
      message(34600000001, { text: ' ' }),
      message(34600000002, { text: 'ж'.repeat(400) }),
      message(34600000003, { sender: 'no sender at all' }),
      message(34600000004, { reference_id: 'a-b' }),
      message(34600000005, { reference_id: 'x' }),
      message(34600000006, { reference_id: 'x' }),
      message(34600000007, { tariff_code: 7 }),
      message(34600000008, { tariff_code: 70, transliterate: 1 }),
      7,
      {},
    ],
    validity: 100,
    start_at: 72,
  });
  assert.equal(status, 422);
  assert.deepEqual(
    Object.keys(body.errors).sort(),
    [
      ...[
        'messages.0.phone',
        'messages.1.text',
        'messages.2.text',
        'messages.3.sender',
        'messages.4.reference_id',
      ],
      ...[
        'messages.6.reference_id',
        'messages.7.tariff_code',
        'messages.8.tariff_code',
        'messages.8.transliterate',
      ],
      ...[
        'messages.9',
        'messages.10.phone',
        'messages.10.sender',
        'messages.10.text',
        'start_at',
        'validity',
      ],
    ].sort(),
  );
  for (const messages of [[], {}, undefined, new Array(10_001).fill(message(34600000000))]) {
    const answer = await post(path, { messages });
    assert.deepEqual(Object.keys(answer.body.errors), ['messages'], answer.text);
  }
  const many = await post(path, { messages: new Array(50).fill(message(1)) });
  assert.equal(Object.keys(many.body.errors).length, 21);
  assert.equal((await api.db.pool.query('select from campaign')).rowCount, 0);
});

test('a sender is checked for the countries of its own messages, once', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  await api.db.pool.query(`update account set sender_policy = 'refuse' where id = $1`, [account.id]);
  await api.db.pool.query(
    `insert into sender (account_id, sender, country) values ($1, 'Shop', 'ES'), ($1, 'Other', null)`,
    [account.id],
  );
  const fine = await post(path, {
    messages: [message(34600000000), message(491510000000, { sender: 'Other' })],
  });
  assert.equal(fine.status, 200, fine.text);
  const { status, body } = await post(path, {
    messages: [message(34600000000, { sender: 'Other' }), message(491510000000), message(34600000000)],
  });
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(body.errors), ['messages.1.sender']);
});

test('a reference that another message has is named, a retry gets the first answer, money must suffice', async (t) => {
  const api = await testApi(t);
  const { post, key, account } = await customer(api, { balance: '0.2' });
  const order = { messages: [message(34600000000), message(34600000001, { reference_id: 'once' })] };
  const retry = api.call({ 'x-api-key': key, 'idempotency-key': 'k1' });
  const first = await retry.post(path, order);
  assert.equal(first.status, 200, first.text);
  assert.equal((await retry.post(path, order)).text, first.text);
  const taken = await post(path, order);
  assert.equal(taken.status, 422);
  assert.deepEqual(Object.keys(taken.body.errors), ['messages.1.reference_id']);
  const dear = await post(path, { messages: Array.from({ length: 20 }, (_, i) => message(34600000000 + i)) });
  assert.deepEqual(Object.keys(dear.body.errors), ['balance']);
  await api.db.pool.query('update account set messages_per_day = 3 where id = $1', [account.id]);
  const full = await post(
    path,
    order.messages.length > 0 ? { messages: [message(34600000009), message(34600000008)] } : {},
  );
  assert.deepEqual(Object.keys(full.body.errors), ['phones']);
  assert.equal((await api.db.pool.query('select from campaign')).rowCount, 1);
  assert.equal((await api.db.pool.query('select from message')).rowCount, 2);
  assert.deepEqual((await examine(api.db)).breaches, []);
});
