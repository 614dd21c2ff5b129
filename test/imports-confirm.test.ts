// Proves that a file sent with `start: false` shows what it costs and whom it reaches before anything of it leaves, and
// that its author sends it or throws it away, to the last digit of the ledger.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actOn } from '../src/campaigns/index.ts';
import { examine } from '../src/doctor/index.ts';
import { approveCampaign } from '../src/moderation/index.ts';
import { importEnded, startTestCarillon, type TestCarillon, upload, waitFor } from './support/index.ts';

/** Two that are reached, one of them with two parts; one twice, one without a price, one that is no number. */
const file = [
  'phone;name',
  '34600000101;Ann',
  `34600000102;${'x'.repeat(200)}`,
  '34600000101;Ann again',
  '999123456789;Nobody',
  '12;Bad',
].join('\n');
const fields = { sender: 'Shop', text: 'Hi {name}', start: 'false' };

async function held(carillon: TestCarillon, more: object = {}) {
  const answer = await upload(carillon, '/api/campaigns/sms/import', { ...fields, ...more }, file);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.data.unconfirmed, true);
  const read = await importEnded(carillon, answer.body.import.id);
  assert.deepEqual([read.state, read.accepted, read.rejected, read.duplicates], ['done', 3, 2, 1]);
  const id: number = answer.body.data.id;
  const found = await carillon.call('GET', `/api/imports?filter[campaign_id]=${id}`);
  assert.deepEqual(found.body.data, [read]);
  return id;
}

const report = async (carillon: TestCarillon, id: number) =>
  (await carillon.call('GET', `/api/campaigns/${id}/detail`)).body.data;
const balance = async (carillon: TestCarillon) =>
  Number((await carillon.call('GET', '/api/accounts/balance')).body.data.balance);
const submissions = async ({ db }: TestCarillon, id: number) =>
  (
    await db.pool.query(
      'select from submission s join message m on m.id = s.message_id where m.campaign_id = $1',
      [id],
    )
  ).rowCount;

/** Another campaign goes all its way meanwhile: the engine has looked, and there was nothing to send of the first. */
async function another(carillon: TestCarillon): Promise<void> {
  const made = await carillon.call('POST', '/api/campaigns/sms/send', {
    ...{ phones: [{ number: 34600000109 }], sender: 'Shop', text: `Now ${performance.now()}` },
  });
  await waitFor(async () => (await report(carillon, made.body.data.id)).status === 'done', {
    what: 'the other campaign to be done',
  });
}

test('the price of a file is known before it is sent, and it is charged when it is', async (t) => {
  const carillon = await startTestCarillon(t);
  const before = await balance(carillon);
  const id = await held(carillon);
  const shown = await report(carillon, id);
  assert.deepEqual(
    [
      shown.status,
      shown.unconfirmed,
      shown.total_messages,
      shown.statistics.scheduled,
      shown.statistics.failed,
    ],
    ['paused', true, 3, 2, 1],
  );
  const { body: price } = await carillon.call('POST', '/api/campaigns/price', {
    ...{ sender: 'Shop', text: 'Hi' },
    messages: [{ phone: 34600000101 }],
  });
  // One part, and two.
  assert.equal(Number(shown.total_price).toFixed(7), (Number(price.price) * 3).toFixed(7));
  assert.equal((before - (await balance(carillon))).toFixed(7), Number(shown.total_price).toFixed(7));
  const list = (await carillon.call('GET', '/api/campaigns?page[limit]=30')).body.data;
  assert.equal(list[0].unconfirmed, true);
  await another(carillon);
  assert.equal(await submissions(carillon, id), 0);

  const sent = await carillon.call('PATCH', `/api/campaigns/${id}/resume`);
  assert.equal(sent.status, 200, sent.text);
  assert.equal(sent.body.data.unconfirmed, undefined);
  await waitFor(async () => (await report(carillon, id)).statistics.delivered === 2, {
    what: 'the receipts',
  });
  const done = await report(carillon, id);
  assert.deepEqual([done.status, done.unconfirmed, done.total_price], ['done', undefined, shown.total_price]);
  assert.deepEqual((await examine(carillon.db)).breaches, []);
});

test('one that is discarded costs nothing, and nothing of it leaves', async (t) => {
  const carillon = await startTestCarillon(t);
  const before = await balance(carillon);
  const id = await held(carillon);
  assert.ok((await balance(carillon)) < before);
  const stopped = await carillon.call('PATCH', `/api/campaigns/${id}/stop`);
  assert.equal(stopped.status, 200, stopped.text);
  await waitFor(async () => (await report(carillon, id)).statistics.failed === 3, { what: 'the cancelling' });
  const over = await report(carillon, id);
  assert.deepEqual([over.status, over.unconfirmed, Number(over.total_price)], ['stopped', undefined, 0]);
  assert.equal(await balance(carillon), before);
  assert.equal((await carillon.call('PATCH', `/api/campaigns/${id}/resume`)).status, 422);
  assert.equal(await submissions(carillon, id), 0);
  assert.deepEqual((await examine(carillon.db)).breaches, []);
});

test('one that has to be approved waits for its author after that', async (t) => {
  const carillon = await startTestCarillon(t);
  await carillon.db.pool.query(`update account set moderation = 'always' where id = $1`, [
    carillon.account.id,
  ]);
  const id = await held(carillon);
  assert.deepEqual(
    [(await report(carillon, id)).status, (await report(carillon, id)).unconfirmed],
    ['moderation', true],
  );
  assert.equal((await carillon.call('PATCH', `/api/campaigns/${id}/resume`)).status, 422);
  await approveCampaign({ db: carillon.db, act: actOn }, null, id);
  await carillon.db.pool.query(`update account set moderation = 'off' where id = $1`, [carillon.account.id]);
  await another(carillon);
  assert.deepEqual(
    [(await report(carillon, id)).status, (await report(carillon, id)).unconfirmed],
    ['paused', true],
  );
  assert.equal(await submissions(carillon, id), 0);
  assert.equal((await carillon.call('PATCH', `/api/campaigns/${id}/resume`)).status, 200);
  await waitFor(async () => (await report(carillon, id)).statistics.delivered === 2, {
    what: 'the receipts',
  });
  assert.deepEqual((await examine(carillon.db)).breaches, []);
});

test('a campaign to a list waits for its author as a file does', async (t) => {
  const carillon = await startTestCarillon(t);
  const list = await carillon.call('POST', '/api/groups', { name: 'List' });
  const groups = [list.body.data.id];
  await carillon.call('POST', '/api/contacts', { phone: 34600000101, groups });
  const order = { groups, sender: 'Shop', text: 'Hi', start: false };
  const made = await carillon.call('POST', '/api/campaigns/sms/send-groups', order);
  assert.equal(made.status, 200, made.text);
  const { id } = made.body.data;
  const shown = await waitFor(async () => {
    const seen = await report(carillon, id);
    return seen.status === 'paused' && seen;
  });
  assert.deepEqual([shown.unconfirmed, shown.total_messages], [true, 1]);
  await another(carillon);
  assert.equal(await submissions(carillon, id), 0);
  assert.equal((await carillon.call('PATCH', `/api/campaigns/${id}/resume`)).status, 200);
  await waitFor(async () => (await report(carillon, id)).statistics.delivered === 1, { what: 'the receipt' });
  assert.deepEqual((await examine(carillon.db)).breaches, []);
});

test('whether it starts is yes or no', async (t) => {
  const carillon = await startTestCarillon(t);
  const answer = await upload(carillon, '/api/campaigns/sms/import', { ...fields, start: 'perhaps' }, file);
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.body.errors, { start: ['This must be true or false.'] });
});
