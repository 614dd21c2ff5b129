// Proves that a test message goes by the operator that it is meant for, whatever the routes say, and by no other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { scopes } from '../src/http/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { addOperator } from '../src/operators/index.ts';
import { startSimulator } from '../src/simulator/index.ts';
import { startTestCarillon, waitFor } from './support/index.ts';

test('a test message goes by its operator, though no route leads there', async (t) => {
  const carillon = await startTestCarillon(t);
  const { db } = carillon;
  const north = await startSimulator({ latencyMs: 0, receiptDelayMs: 5 });
  t.after(() => north.stop());
  const id = await addOperator(db, {
    ...{ name: 'north', host: '127.0.0.1', port: north.port, systemId: 'me', password: 'secret' },
  });
  const office = await createAccount(db, { name: 'Office', role: 'admin' });
  await topUp(db, office.id, parseAmount('10'));
  const { key } = await createKey(db, office.id, 'live', { scopes });
  const boss = (method: string, path: string, body?: object) => carillon.call(method, path, body, key);
  const send = (operator: number, text: string) =>
    boss('POST', `/admin/api/operators/${operator}/test-message`, {
      phone: 34600000100,
      sender: 'Test',
      text,
    });
  const statusOf = async (message: number) =>
    (await boss('GET', `/api/messages?filter[id]=${message}`)).body.data[0]?.status;

  await waitFor(() => north.stats().sessions === 1, { what: 'north to be bound' });
  const usual = carillon.simulator!.simulator;
  const before = usual.stats().submits;
  const sent = await send(id, 'One');
  assert.equal(sent.status, 200, sent.text);
  assert.equal(sent.body.data.test, false);
  await waitFor(async () => (await statusOf(sent.body.data.id)) === 'delivered');
  assert.deepEqual([north.stats().submits, usual.stats().submits], [1, before]);

  // While it is away the message waits for it: the route to the other one is not taken.
  north.behave({ refuseBinds: true });
  north.cut();
  const waiting = await send(id, 'Two');
  const ordinary = await carillon.call('POST', '/api/campaigns/sms/send', {
    ...{ sender: 'Test', text: 'Three', phones: [{ number: 34600000100 }] },
  });
  await waitFor(async () => {
    const { body } = await carillon.call('GET', `/api/campaigns/${ordinary.body.data.id}/detail`);
    return body.data.statistics.delivered === 1;
  });
  assert.deepEqual([north.stats().submits, usual.stats().submits], [1, before + 1]);
  north.reset();
  await waitFor(async () => (await statusOf(waiting.body.data.id)) === 'delivered');
  assert.deepEqual([north.stats().submits, usual.stats().submits], [2, before + 1]);

  // To the simulator it is free, and in the world of test_ keys.
  const { rows } = await db.pool.query<{ id: number }>(`select id from operator where name = 'simulator'`);
  const free = await send(rows[0]!.id, 'Four');
  assert.equal(free.body.data.test, true);
  await waitFor(() => usual.stats().submits === before + 2);

  assert.equal((await send(987_654_321, 'Five')).status, 404);
  await boss('PATCH', `/admin/api/operators/${id}`, { enabled: false });
  const off = await send(id, 'Six');
  assert.deepEqual([off.status, off.body.message], [409, 'Operator north is off: turn it on first.']);
  const wrong = await boss('POST', `/admin/api/operators/${id}/test-message`, {
    phone: 1,
    sender: '',
    text: 'x',
  });
  assert.equal(wrong.status, 422);
  const { body } = await boss('GET', '/admin/api/audit?filter[action]=operator.test-message');
  assert.equal(body.data.length, 3);
});
