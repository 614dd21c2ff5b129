// What operators do with sessions: receivers elsewhere, receipts on other sessions, windows of one, silence, unbinds,
// throttling by error and by slowness; and how several processes share what an operator takes a second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSimulator } from '../src/simulator/index.ts';
import { duplicates, engineBench, ownOperator, waitFor } from './support/index.ts';

test('transmitters and receivers bind to hosts and ports of their own', async (t) => {
  const bench = await engineBench(t);
  const simulator = await startSimulator({ receiversApart: true, receiptDelayMs: { min: 1, max: 20 } });
  bench.later(() => simulator.stop());
  await bench.operator({
    port: simulator.port,
    bindMode: 'pair',
    sessions: 2,
    receiverHost: 'localhost',
    receiverPort: simulator.receiverPort,
  });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 300 });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 300 } });
  assert.notEqual(simulator.receiverPort, simulator.port);
  const { binds, bindsRefused } = simulator.stats();
  assert.deepEqual([binds, bindsRefused], [4, 0]);
  await bench.stopEngines();
  await bench.sound();
});

test('receipts come on another session than their message, and in any order', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator(
    { quirks: { receiptsElsewhere: true }, receiptDelayMs: { mean: 30 } },
    { sessions: 3 },
  );
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 900, text: 'A long word. '.repeat(20) });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 900 } });
  assert.equal(simulator.stats().receiptsAcknowledged, 1800);
  assert.equal(await bench.value('select count(*) from orphan_receipt'), 0);
  await bench.stopEngines();
  await bench.sound();
});

test('with a window of 1 one submit at a time is unanswered', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({}, { windowSize: 1 });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 100 });
  await bench.settled(id);
  assert.deepEqual((await bench.report(id)).messages, { delivered: 100 });
  assert.equal(simulator.stats().mostUnanswered, 1);
  assert.equal(simulator.stats().submits, 100);
  await bench.stopEngines();
  await bench.sound();
});

for (const { name, quirks } of [
  { name: 'a peer that falls silent on an open connection', quirks: { silentAfter: 60 } },
  { name: 'an operator that unbinds in the middle', quirks: { unbindAfter: 60 } },
]) {
  test(`${name} is bound again, and all messages arrive`, async (t) => {
    const bench = await engineBench(t);
    const simulator = await bench.simulator(
      { quirks },
      { windowSize: 5, responseTimeoutMs: 500, enquireLinkMs: 500 },
    );
    await bench.engine();
    const id = await bench.send(await bench.buyer(), { phones: 150 });
    await bench.settled(id);
    assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 150 } });
    assert.ok(simulator.stats().binds >= 3);
    assert.equal(simulator.submits().size, 150);
    const uncertain = await bench.value<number>(
      'select coalesce(sum(messages), 0)::int from uncertain_event',
    );
    const twice = duplicates(simulator.submits());
    assert.ok(twice <= uncertain, `${twice} were taken twice, ${uncertain} uncertain`);
    await bench.stopEngines();
    await bench.sound();
  });
}

test('an operator that never answers enquire_link is bound anew when it is idle, and its messages arrive', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator(
    { quirks: { ignoreEnquireLink: true } },
    { responseTimeoutMs: 300, enquireLinkMs: 300 },
  );
  await bench.engine();
  await waitFor(() => simulator.stats().binds >= 3, { what: 'it to be bound anew' });
  const id = await bench.send(await bench.buyer(), { phones: 200 });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 200 } });
  const uncertain = await bench.value<number>('select coalesce(sum(messages), 0)::int from uncertain_event');
  assert.ok(duplicates(simulator.submits()) <= uncertain);
  await bench.stopEngines();
  await bench.sound();
});

for (const { name, options } of [
  { name: 'by errors', options: { throughput: 200 } },
  { name: 'by slowness', options: { latencyMs: { min: 200, max: 400 } } },
]) {
  test(`an operator that throttles ${name} loses no message and gets none twice`, async (t) => {
    const bench = await engineBench(t);
    const simulator = await bench.simulator(options, { windowSize: 50 });
    await bench.engine();
    const id = await bench.send(await bench.buyer(), { phones: 400 });
    await bench.settled(id);
    assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 400 } });
    assert.equal(simulator.stats().accepted, 400);
    if ('throughput' in options) assert.ok(simulator.stats().throttled > 0);
    assert.equal(await bench.value('select count(*) from uncertain_event'), 0);
    await bench.stopEngines();
    await bench.sound();
  });
}

test('an operator’s limit of sessions: the others are tried again in time, and what is bound sends all', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({ sessionsLimit: 1 }, { sessions: 3 });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 300 });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 300 } });
  const { binds, bindsRefused } = simulator.stats();
  assert.equal(binds, 1);
  assert.ok(bindsRefused >= 2);
  await bench.stopEngines();
  await bench.sound();
});

test('two dispatchers send together what the operator takes a second, not each', async (t) => {
  const bench = await engineBench(t);
  const throttle = 1500;
  const messages = 8000;
  const at: number[] = [];
  const operator = await ownOperator((submit, own) => {
    at.push(performance.now());
    own.accept(submit);
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, throttle });
  await bench.engine();
  await bench.engine();
  await waitFor(() => operator.sessions.size === 2, { what: 'both to be bound' });
  const id = await bench.send(await bench.buyer(), { phones: messages });
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent' });
  assert.deepEqual((await bench.report(id)).messages, { sent: messages });
  assert.equal(new Set(operator.submits.map((submit) => submit.session)).size, 2, 'both have sent');
  // What they may have saved up: one and a tenth of a second each; and the first may not know of the second yet.
  const seconds = (at.at(-1)! - at[0]!) / 1000;
  const allowed = throttle * seconds + 2 + throttle * 0.2;
  assert.ok(at.length <= allowed * 1.05, `${at.length} in ${seconds} s`);
  await bench.stopEngines();
  await bench.sound();
});
