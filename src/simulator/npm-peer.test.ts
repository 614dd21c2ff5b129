// Proves that the simulator works with an independent implementation: the client of the npm package `smpp`.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import smpp from 'smpp';
import { startSimulator } from './index.ts';

async function npmClient(t: TestContext, port: number) {
  const connected = Promise.withResolvers<void>();
  const session = smpp.connect({ host: '127.0.0.1', port }, connected.resolve);
  session.on('error', () => {});
  t.after(() => session.destroy());
  await connected.promise;
  const ask = (shortcut: keyof smpp.Session & string, fields: smpp.Fields = {}) =>
    new Promise<smpp.Pdu>((resolve) => (session[shortcut] as smpp.Shortcut)(fields, resolve));
  const deliveries: smpp.Pdu[] = [];
  let wake = () => {};
  session.on('deliver_sm', (pdu: smpp.Pdu) => {
    deliveries.push(pdu);
    session.send(pdu.response());
    wake();
  });
  const delivered = async (count: number) => {
    while (deliveries.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return deliveries;
  };
  return { session, ask, delivered };
}

const credentials = { system_id: 'npm', password: 'x', interface_version: 0x34 };
const message = { source_addr: 'Shop', destination_addr: '491700000000', registered_delivery: 1 };
const textOf = (pdu: smpp.Pdu) => (pdu.short_message as { message: string }).message;

test('npm smpp binds as a transceiver, submits every kind of text, gets receipts, and unbinds', async (t) => {
  const running = await startSimulator({ latencyMs: { min: 1, max: 3 }, receiptDelayMs: { mean: 10 } });
  t.after(() => running.stop());
  const { session, ask, delivered } = await npmClient(t, running.port);

  const bind = await ask('bind_transceiver', credentials);
  assert.deepEqual([bind.command, bind.command_status], ['bind_transceiver_resp', 0]);
  assert.equal(bind.system_id, 'simulator');
  assert.equal((await ask('enquire_link')).command_status, 0);

  const udh = Buffer.from([5, 0, 3, 1, 2, 1]);
  const answers = await Promise.all([
    ask('submit_sm', { ...message, short_message: 'Hello' }),
    ask('submit_sm', { ...message, short_message: 'Привет' }),
    ask('submit_sm', { ...message, short_message: { udh, message: 'first part' } }),
    ask('submit_sm', { ...message, message_payload: 'x'.repeat(500) }),
    ask('submit_sm', { ...message, destination_addr: '491700000001', short_message: 'bad luck' }),
    ask('submit_sm', { ...message, destination_addr: '491700000010', short_message: 'parameters' }),
  ]);
  assert.ok(answers.every((answer) => answer.command_status === 0));
  const ids = answers.map((answer) => String(answer.message_id));
  assert.equal(new Set(ids).size, 6);

  const receipts = await delivered(6);
  for (const receipt of receipts) {
    assert.equal(receipt.esm_class, 4);
    assert.equal(receipt.destination_addr, 'Shop');
    if (receipt.source_addr === '491700000010') {
      assert.equal(receipt.receipted_message_id, ids[5]);
      assert.equal(receipt.message_state, 2);
    } else {
      const [, id, state] =
        /^id:(\d+) sub:001 dlvrd:00\d submit date:\d{10} done date:\d{10} stat:(\w+) err:\d{3} text:/.exec(
          textOf(receipt),
        )!;
      assert.equal(state, id === ids[4] ? 'UNDELIV' : 'DELIVRD');
      assert.ok(ids.includes(id!));
    }
  }

  const query = await ask('query_sm', { message_id: ids[0] });
  assert.deepEqual([query.command, query.command_status], ['generic_nack', 3]);
  const again = await ask('bind_transceiver', credentials);
  assert.equal(again.command_status, 5);
  assert.equal(
    (await ask('submit_sm', { ...message, destination_addr: '491700000003' })).command_status,
    0x0b,
  );

  const closed = new Promise<void>((resolve) => session.on('close', resolve));
  assert.equal((await ask('unbind')).command, 'unbind_resp');
  await closed;
  assert.equal(running.stats().receiptsAcknowledged, 6);
});

test('npm smpp binds as a transmitter and a receiver, and the receiver gets the receipts', async (t) => {
  const running = await startSimulator({ latencyMs: 0, receiptDelayMs: 5 });
  t.after(() => running.stop());
  const transmitter = await npmClient(t, running.port);
  const receiver = await npmClient(t, running.port);
  assert.equal((await transmitter.ask('bind_transmitter', credentials)).command_status, 0);
  assert.equal((await receiver.ask('bind_receiver', credentials)).command_status, 0);
  const answer = await transmitter.ask('submit_sm', { ...message, short_message: 'Hello' });
  const [receipt] = await receiver.delivered(1);
  assert.ok(textOf(receipt!).startsWith(`id:${answer.message_id} `));
  assert.equal((await receiver.ask('submit_sm', message)).command_status, 4);
});

test('npm smpp with a wrong password is refused and disconnected', async (t) => {
  const running = await startSimulator({ systemId: 'npm', password: 'right' });
  t.after(() => running.stop());
  const { session, ask } = await npmClient(t, running.port);
  const closed = new Promise<void>((resolve) => session.on('close', resolve));
  assert.equal((await ask('bind_transceiver', credentials)).command_status, 0x0e);
  await closed;
});
