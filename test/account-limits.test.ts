// What an account may send a second and a day.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customer, testApi } from './support/api.ts';
import { engineBench, ordinary, waitFor } from './support/index.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => ({ number: 34_600_000_000 + i }));
const send = '/api/campaigns/sms/send';
const hello = { sender: 'Carillon', text: 'Hello' };

test('an account sends no more messages a second than its limit, and delays nobody else', async (t) => {
  const bench = await engineBench(t);
  const perSecond = 100;
  const simulator = await bench.simulator();
  const buyer = await bench.buyer();
  await bench.db.pool.query('update account set messages_per_second = $2 where id = $1', [
    buyer.accountId,
    perSecond,
  ]);
  const campaigns = [
    await bench.send(buyer, { phones: ordinary(2000) }),
    await bench.send(buyer, { phones: ordinary(2000, 380_600_000_000) }),
  ];
  const sentOf = () => [...simulator.submits().keys()].filter((phone) => phone < 380_700_000_000).length;
  await bench.engine();
  await waitFor(() => sentOf() > 0, { what: 'the first message' });
  const [before, begin] = [sentOf(), performance.now()];
  const other = await bench.send(await bench.buyer(), { phones: ordinary(2000, 380_700_000_000) });
  await bench.settled(other);
  await waitFor(() => sentOf() > perSecond * 2, { what: 'two seconds of messages' });
  // The bucket holds a tenth of a second and one.
  const sent = sentOf() - before;
  const allowed = ((performance.now() - begin) / 1000) * perSecond + perSecond / 10 + 1;
  assert.ok(sent <= allowed, `${sent} messages where ${Math.floor(allowed)} were allowed`);
  const [first, second] = await Promise.all(campaigns.map((id) => bench.report(id)));
  for (const report of [first!, second!]) assert.ok((report.messages.queued ?? 0) < 2000, 'both have turns');

  // Two dispatchers share the limit, and a limit that is taken away counts no more.
  await bench.engine();
  await bench.db.pool.query('update account set messages_per_second = null');
  await bench.settled(...campaigns);
  await bench.stopEngines();
  await bench.sound();
});

test('an account may send so many messages a day, and a refusal says how many are left', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  const limit = (perDay: number | null) =>
    api.db.pool.query('update account set messages_per_day = $2 where id = $1', [account.id, perDay]);
  const balance = async () =>
    (await api.db.pool.query('select balance_e7::text as b from account where id = $1', [account.id])).rows[0]
      .b;

  assert.equal((await post(send, { ...hello, phones: numbers(20) })).status, 200, 'no limit');
  await limit(100);
  assert.equal((await post(send, { ...hello, text: 'Two', phones: numbers(40) })).status, 200);
  const before = await balance();
  const refused = await post(send, { ...hello, text: 'Three', phones: numbers(50) });
  assert.equal(refused.status, 422);
  const message =
    'The account may send 100 messages a day, counted in UTC: 40 of today are left, and this campaign has 50.';
  assert.deepEqual(refused.body, { message, errors: { phones: [message] } });
  assert.equal(await balance(), before, 'nothing was taken for it');
  assert.equal((await post(send, { ...hello, text: 'Four', phones: numbers(40) })).status, 200);
  assert.equal((await post(send, { ...hello, text: 'Five', phones: numbers(1) })).status, 422);

  // Another day begins.
  await api.db.pool.query('update account_day set day = day - 1');
  assert.equal(
    (await post(send, { ...hello, text: 'Six', phones: numbers(101) })).status,
    422,
    'too many for any day',
  );
  assert.equal((await post(send, { ...hello, text: 'Seven', phones: numbers(100) })).status, 200);
  await limit(null);
  assert.equal((await post(send, { ...hello, text: 'Eight', phones: numbers(100) })).status, 200);
  const days = await api.db.pool.query('select messages from account_day order by day');
  assert.deepEqual(days.rows, [{ messages: 100 }, { messages: 200 }]);
});

test('messages of test keys and numbers without a price do not count', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  await api.db.pool.query('update account set messages_per_day = 5 where id = $1', [account.id]);
  await api.db.pool.query(`delete from rate where prefix like '33%'`);
  const tester = await customer(api, { kind: 'test' });
  await api.db.pool.query('update account set messages_per_day = 5 where id = $1', [tester.account.id]);
  assert.equal((await tester.post(send, { ...hello, phones: numbers(50) })).status, 200);
  const unpriced = Array.from({ length: 10 }, (_, i) => ({ number: 33_600_000_000 + i }));
  assert.equal((await post(send, { ...hello, phones: [...unpriced, ...numbers(5)] })).status, 200);
  assert.equal((await post(send, { ...hello, text: 'More', phones: numbers(1) })).status, 422);
});

test('of campaigns sent at once, those that fit into the day are accepted and no more', async (t) => {
  const api = await testApi(t);
  const { post, account } = await customer(api);
  await api.db.pool.query('update account set messages_per_day = 100 where id = $1', [account.id]);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => post(send, { ...hello, text: `Hello ${i}`, phones: numbers(30) })),
  );
  assert.equal(answers.filter(({ status }) => status === 200).length, 3);
  assert.equal(answers.filter(({ status }) => status === 422).length, 9);
});
