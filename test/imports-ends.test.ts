// What becomes of imports: campaigns whose texts reach the phones as the file has them, and imports that are cancelled
// while their job is at them.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { examine } from '../src/doctor/index.ts';
import { addOperator, addRoute } from '../src/operators/index.ts';
import {
  atEnd,
  importEnded,
  importOf,
  ownOperator,
  shown,
  startTestCarillon,
  type TestCarillon,
  upload,
  waitedFor,
  waitFor,
} from './support/index.ts';

const phoneOf = (i: number) => 380_501_000_000 + i;

test('every phone of an imported campaign gets exactly the text of its row, over SMPP', async (t) => {
  const operator = await ownOperator((submit, own) => {
    own.accept(submit);
    own.receipt(submit, 'DELIVRD');
  });
  atEnd(t, () => operator.close());
  const carillon = await startTestCarillon(t, { env: { SIMULATOR: 'off' }, routed: false });
  await addOperator(carillon.db, {
    ...{ name: 'own', host: '127.0.0.1', port: operator.port, systemId: 'carillon', password: 'secret' },
  });
  await addRoute(carillon.db, { prefix: '', operator: 'own' });

  // GSM and not, of one part and of several, with what CSV must quote.
  const words = (i: number) =>
    [
      `Ann "${i}", €5 {off}`,
      `Olé ${i} ${'and more; '.repeat(40)}end`,
      `Олена ${i}`,
      `${i}\n${'і ще, '.repeat(30)}край`,
      '',
    ][i % 5]!;
  const rows = 2_000;
  const lines = Array.from(
    { length: rows },
    (_, i) => `${phoneOf(i)},"${words(i).replaceAll('"', '""')}",R${i}`,
  );
  const answer = await upload(
    carillon,
    '/api/campaigns/sms/import',
    { sender: 'Shop', text: '{name|Nobody}: code {{x}}' },
    `phone,name,reference_id\n${lines.join('\n')}`,
  );
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await importEnded(carillon, answer.body.import.id)).accepted, rows);
  const report = await waitFor(
    async () => {
      const { data } = (await carillon.call('GET', `/api/campaigns/${answer.body.data.id}/detail`)).body;
      return data.status === 'done' && data.statistics.delivered === rows && data;
    },
    { what: 'every message to be delivered' },
  );
  const got = Map.groupBy(operator.submits, (submit) => submit.phone);
  assert.equal(got.size, rows);
  for (let i = 0; i < rows; i += 1) {
    const text = `${words(i) || 'Nobody'}: code {x}`;
    assert.deepEqual(shown(got.get(phoneOf(i))!), { sender: 'Shop', text });
  }
  assert.equal(report.total_messages, rows);
  const listed = await carillon.call('GET', `/api/messages?filter[reference_id]=R7`);
  assert.equal(listed.body.data[0].phone, phoneOf(7));
  assert.deepEqual((await examine(carillon.db)).breaches, []);
});

/** Holds the jobs of a Carillon by a lock; gives what lets them go on, after it has seen one wait for the lock. */
async function held(t: TestContext, carillon: TestCarillon, lock: string) {
  const client = await carillon.db.pool.connect();
  let holds = true;
  const free = async () => {
    if (!holds) return;
    holds = false;
    await client.query('rollback');
    client.release();
  };
  atEnd(t, free);
  await client.query('begin');
  await client.query(lock);
  return {
    waited: () => waitedFor(carillon.db, client, 'the job to wait'),
    free,
  };
}

async function nothingRuns(carillon: TestCarillon): Promise<void> {
  await waitFor(
    async () =>
      (await carillon.db.pool.query('select from graphile_worker.jobs where attempts > 0')).rowCount === 0,
    { what: 'the job to end' },
  );
  assert.equal((await carillon.db.pool.query('select from import_chunk')).rowCount, 0, 'the spool is empty');
  assert.deepEqual((await examine(carillon.db)).breaches, []);
}

test('a campaign whose import is cancelled while it runs is stopped, empty, and costs nothing', async (t) => {
  const carillon = await startTestCarillon(t);
  const balance = async () => (await carillon.call('GET', '/api/accounts/balance')).body.data.balance;
  const before = await balance();
  const lock = await held(t, carillon, 'lock table stop_entry');
  const file = `phone\n${Array.from({ length: 5_000 }, (_, i) => phoneOf(i)).join('\n')}`;
  const answer = await upload(carillon, '/api/campaigns/sms/import', { sender: 'Shop', text: 'Hi' }, file);
  const { data: campaign, import: made } = answer.body;
  await lock.waited();
  assert.equal((await importOf(carillon, made.id)).state, 'running');

  const cancelled = await carillon.call('DELETE', `/api/imports/${made.id}`);
  assert.equal(cancelled.status, 200, cancelled.text);
  assert.equal(cancelled.body.data.state, 'cancelled');
  await lock.free();
  await nothingRuns(carillon);
  assert.equal((await importOf(carillon, made.id)).state, 'cancelled');
  const { data } = (await carillon.call('GET', `/api/campaigns/${campaign.id}/detail`)).body;
  assert.deepEqual([data.status, data.total_messages], ['stopped', 0]);
  assert.equal(await balance(), before);
  assert.equal((await carillon.db.pool.query('select from message')).rowCount, 0);
  assert.equal((await carillon.call('DELETE', `/api/imports/${made.id}`)).status, 422);
});

test('an import of contacts that is cancelled in the middle keeps what it has committed, and counts that', async (t) => {
  const carillon = await startTestCarillon(t);
  const group = (await carillon.call('POST', '/api/groups', { name: 'News' })).body.data.id;
  const rows = 30_000;
  await carillon.call('POST', '/api/contacts', { phone: phoneOf(rows - 1) });
  const lock = await held(t, carillon, 'select from contact for update');
  const lines = Array.from({ length: rows }, (_, i) => `${phoneOf(i)},${'Name '.repeat(5)}${i}`);
  const answer = await upload(
    carillon,
    '/api/contacts/import',
    { create_fields: 'true', groups: `[${group}]` },
    `phone,name\n${lines.join('\n')}`,
  );
  assert.equal(answer.status, 200, answer.text);
  const { id } = answer.body.data;
  await lock.waited();
  const half = await importOf(carillon, id);
  assert.equal(half.state, 'running');
  assert.ok(half.accepted > 0 && half.accepted < rows, `${half.accepted} rows are committed`);

  assert.equal((await carillon.call('DELETE', `/api/imports/${id}`)).status, 200);
  await lock.free();
  await nothingRuns(carillon);
  const over = await importOf(carillon, id);
  assert.deepEqual([over.state, over.accepted], ['cancelled', half.accepted]);
  assert.equal((await carillon.call('GET', '/api/contacts')).body.total, half.accepted + 1);
  assert.equal((await carillon.call('GET', `/api/groups/${group}`)).body.data.items, half.accepted);
});
