// Proves that the simulator does what docs/smpp.md says, seen by our own client on real sockets.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { buildSubmitTemplate, Esme, type SessionOptions } from '../smpp/index.ts';
import { Recording } from '../smpp/recording.ts';
import { type SimulatorOptions, startSimulator } from './index.ts';

async function simulator(t: TestContext, options: SimulatorOptions = {}) {
  const running = await startSimulator({ latencyMs: 5, receiptDelayMs: 10, ...options });
  t.after(() => running.stop());
  return running;
}

async function bound(
  t: TestContext,
  options: Partial<SessionOptions> & { port: number },
  acknowledge = true,
) {
  const client = new Recording(options, acknowledge);
  t.after(() => client.session.destroy());
  await client.whenBound();
  return client;
}

function template(registeredDelivery = 1, shortMessage = Buffer.from('Hello'), esmClass = 0) {
  return buildSubmitTemplate({
    source: { ton: 5, npi: 0, addr: 'Shop' },
    dest: { ton: 1, npi: 1 },
    esmClass,
    validityPeriod: '',
    registeredDelivery,
    dataCoding: 0,
    shortMessage,
  });
}

const states = (client: Recording) => client.deliveries.map((delivery) => delivery.receipt?.state);

for (const [suffix, expected] of [
  ['000', ['DELIVRD']],
  ['001', ['UNDELIV']],
  ['002', ['EXPIRED']],
  ['005', ['ACCEPTD', 'DELIVRD']],
  ['007', ['DELIVRD', 'DELIVRD']],
  ['009', ['UNKNOWN']],
  ['010', ['DELIVRD']],
  ['027', ['DELIVRD']],
  ['017', ['DELIVRD', 'ACCEPTD', 'UNDELIV']],
  ['777', ['DELIVRD']],
] as const) {
  test(`a number that ends in ${suffix} is taken and reported ${expected.join(', then ')}`, async (t) => {
    const { port } = await simulator(t);
    const client = await bound(t, { port });
    client.session.submit(template(), `49170000${suffix}`, 1);
    await client.until(() => client.deliveries.length === expected.length);
    assert.deepEqual(states(client), expected);
    assert.deepEqual(client.statuses, [0]);
    for (const { receipt, source, destination, esmClass } of client.deliveries) {
      assert.equal(receipt?.id, client.idOf(1));
      assert.match(receipt?.id ?? '', /^\d{16}$/);
      assert.equal(receipt?.fromTlv, suffix === '010');
      assert.deepEqual([source, destination, esmClass], [`49170000${suffix}`, 'Shop', 4]);
    }
  });
}

test('a number that ends in 003 is refused with ESME_RINVDSTADR', async (t) => {
  const running = await simulator(t);
  const client = await bound(t, { port: running.port });
  client.session.submit(template(), 491700000003, 1);
  await client.until(() => client.tokens.length === 1);
  assert.deepEqual([client.statuses, client.smscIds], [[Esme.ESME_RINVDSTADR], ['']]);
  assert.equal(running.stats().refused, 1);
});

test('a number that ends in 004 never gets a receipt', async (t) => {
  const running = await simulator(t, { recordSubmits: true });
  const client = await bound(t, { port: running.port });
  client.session.submit(template(), 491700000004, 1);
  client.session.submit(template(), 491700000000, 2);
  await client.until(() => client.deliveries.length === 1);
  assert.equal(client.deliveries[0]!.source, '491700000000');
  assert.equal(running.stats().receiptsSent, 1);
  assert.equal(running.stats().accepted, 2);
});

test('a number that ends in 006 gets its receipt before the response', async (t) => {
  const { port } = await simulator(t, { latencyMs: 500 });
  const client = await bound(t, { port });
  client.session.submit(template(), 491700000006, 1);
  await client.until(() => client.deliveries.length === 1);
  assert.deepEqual(client.tokens, []);
  await client.until(() => client.tokens.length === 1);
  assert.equal(client.deliveries[0]!.receipt?.id, client.idOf(1));
});

test('a number that ends in 008 is throttled twice and then taken, each number for itself', async (t) => {
  const running = await simulator(t);
  const client = await bound(t, { port: running.port });
  for (const number of [491700000008, 491711111008]) {
    for (let time = 0; time < 3; time++) {
      const answers = client.tokens.length;
      client.session.submit(template(), number, time);
      await client.until(() => client.tokens.length > answers);
    }
  }
  assert.deepEqual(client.statuses, [0x58, 0x58, 0, 0x58, 0x58, 0]);
  assert.equal(running.stats().throttled, 4);
});

test('a number that ends in 011 gets its id in hexadecimal', async (t) => {
  const { port } = await simulator(t);
  const client = await bound(t, { port });
  client.session.submit(template(), 491700000011, 1);
  await client.until(() => client.deliveries.length === 1);
  const { id } = client.deliveries[0]!.receipt!;
  assert.equal(BigInt(`0x${id}`), BigInt(client.idOf(1)!));
});

test('receipts come as registered_delivery asks: none, all, or failures only', async (t) => {
  const running = await simulator(t);
  const client = await bound(t, { port: running.port });
  client.session.submit(template(0), 491700000001, 1);
  client.session.submit(template(2), 491700000000, 2);
  client.session.submit(template(2), 491700000001, 3);
  client.session.submit(template(1), 491700000000, 4);
  await client.until(() => client.deliveries.length === 2);
  assert.deepEqual(
    client.deliveries.map((delivery) => delivery.receipt?.id),
    [client.idOf(3), client.idOf(4)],
  );
  assert.equal(running.stats().receiptsSent, 2);
});

test('each part of a long text gets an id and a receipt of its own', async (t) => {
  const running = await simulator(t, { recordSubmits: true });
  const client = await bound(t, { port: running.port });
  for (const part of [1, 2, 3]) {
    const text = Buffer.concat([Buffer.from([5, 0, 3, 9, 3, part]), Buffer.alloc(100, 'x')]);
    client.session.submit(template(1, text, 0x40), 491700000000, part);
  }
  await client.until(() => client.deliveries.length === 3);
  assert.deepEqual(
    new Set(client.deliveries.map((delivery) => delivery.receipt?.id)),
    new Set(client.smscIds),
  );
  assert.equal(new Set(client.smscIds).size, 3);
  assert.deepEqual([...running.submits()], [[491700000000, 3]]);
});

test('receipts go to the receiver of the same system_id, not to a transmitter or a stranger', async (t) => {
  const { port } = await simulator(t);
  const transmitter = await bound(t, { port, mode: 'transmitter' });
  const receiver = await bound(t, { port, mode: 'receiver' });
  const stranger = await bound(t, { port, systemId: 'other' });
  for (let i = 0; i < 50; i++) transmitter.session.submit(template(), 491700001000 + i * 1000, i);
  await receiver.until(() => receiver.deliveries.length === 50);
  assert.equal(transmitter.deliveries.length + stranger.deliveries.length, 0);
});

test('unacknowledged receipts, and those due while nobody is bound, come when the system_id binds again', async (t) => {
  const running = await simulator(t, { receiptDelayMs: { min: 10, max: 60 } });
  const first = await bound(t, { port: running.port }, false);
  for (let i = 0; i < 60; i++) first.session.submit(template(), 491700001000 + i * 1000, i);
  await first.until(() => first.tokens.length === 60 && first.deliveries.length > 0);
  const acknowledged = first.deliveries.slice(0, 1);
  first.session.acknowledge(acknowledged.map((delivery) => delivery.sequence));
  await first.session.unbind();
  const seen = first.deliveries.length;

  const second = await bound(t, { port: running.port });
  await second.until(() => second.deliveries.length === 60 - acknowledged.length);
  await second.session.unbind();
  const ids = [...acknowledged, ...second.deliveries].map((delivery) => delivery.receipt!.id);
  assert.equal(new Set(ids).size, 60);
  const stats = running.stats();
  assert.equal(stats.receiptsAcknowledged, 60);
  assert.equal(stats.receiptsRepeated, seen - acknowledged.length);
  assert.equal(stats.receiptsWaiting, 0);
});

test('a receipt refused for the moment comes again, one refused for good does not', async (t) => {
  const running = await simulator(t, { receiptDelayMs: 0 });
  const client = await bound(t, { port: running.port }, false);
  client.session.submit(template(), 491700000000, 1);
  client.session.submit(template(), 491700001000, 2);
  await client.until(() => client.deliveries.length === 2);
  const [one, two] = client.deliveries.map((delivery) => delivery.sequence);
  client.session.acknowledge([one!], Esme.ESME_RX_T_APPN);
  client.session.acknowledge([two!], Esme.ESME_RX_P_APPN);
  await client.until(() => client.deliveries.length === 3);
  assert.equal(client.deliveries[2]!.receipt?.id, client.deliveries[0]!.receipt?.id);
  assert.equal(running.stats().receiptsRefused, 2);
});

test('no more receipts are on their way than the window of a session', async (t) => {
  const running = await simulator(t, { windowPerSession: 3, latencyMs: 0, receiptDelayMs: 0 });
  const client = await bound(t, { port: running.port }, false);
  for (let i = 0; i < 10; i++) client.session.submit(template(), 491700001000 + i * 1000, i);
  await client.until(() => client.deliveries.length === 3);
  assert.equal(running.stats().receiptsWaiting, 7);
  for (let from = 0; from < 10; from += 3) {
    client.session.acknowledge(client.deliveries.slice(from).map((delivery) => delivery.sequence));
    await client.until(() => client.deliveries.length === Math.min(10, from + 6));
  }
  assert.equal(new Set(client.deliveries.map((delivery) => delivery.receipt?.id)).size, 10);
});

test('beyond its throughput the simulator throttles', async (t) => {
  const running = await simulator(t, { throughput: 500 });
  const client = await bound(t, { port: running.port, windowSize: 5_000 });
  for (let i = 0; i < 5_000; i++) client.session.submit(template(), 491700001000 + i * 1000, i);
  await client.until(() => client.tokens.length === 5_000);
  const { accepted, throttled } = running.stats();
  assert.equal(accepted + throttled, 5_000);
  assert.ok(accepted >= 50 && accepted < 5_000, `${accepted} accepted`);
});

test('only who knows the system_id and the password may bind, and only so many', async (t) => {
  const running = await simulator(t, { systemId: 'shop', password: 'right', sessionsLimit: 1 });
  const { port } = running;
  const status = async (options: Partial<SessionOptions>) =>
    (await new Recording({ port, ...options }).whenClosed()).status;
  assert.equal(await status({ systemId: 'other', password: 'right' }), Esme.ESME_RINVSYSID);
  assert.equal(await status({ systemId: 'shop', password: 'wrong' }), Esme.ESME_RINVPASWD);
  const client = await bound(t, { port, systemId: 'shop', password: 'right' });
  assert.equal(await status({ systemId: 'shop', password: 'right' }), Esme.ESME_RBINDFAIL);
  assert.deepEqual([running.stats().sessions, running.stats().bindsRefused], [1, 3]);
  await client.session.unbind();
  await bound(t, { port, systemId: 'shop', password: 'right' });
});

test('the same number twice is seen as two submits', async (t) => {
  const running = await simulator(t, { recordSubmits: true });
  const client = await bound(t, { port: running.port });
  for (const number of [491700000000, 491700001000, 491700000000, 491700000003]) {
    client.session.submit(template(), number, number);
  }
  await client.until(() => client.tokens.length === 4);
  assert.deepEqual(
    running.submits(),
    new Map([
      [491700000000, 2],
      [491700001000, 1],
    ]),
  );
});

test('ids are not used again after a restart', async (t) => {
  const ids: string[] = [];
  for (let start = 0; start < 3; start++) {
    const running = await startSimulator({ latencyMs: 0 });
    const client = await bound(t, { port: running.port });
    for (let i = 0; i < 100; i++) client.session.submit(template(), 491700000000, i);
    await client.until(() => client.tokens.length === 100);
    ids.push(...client.smscIds);
    await running.stop();
    await client.whenClosed();
  }
  assert.equal(new Set(ids).size, 300);
});
