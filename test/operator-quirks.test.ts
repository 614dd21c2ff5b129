// What operators do beside the specification, one line each in docs/smpp.md: nothing is lost, and nothing counted twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Quirks } from '../src/simulator/index.ts';
import { duplicates, engineBench, ordinary, ownOperator, type Submit, waitFor } from './support/index.ts';

const numbersOfEach = 3;
const withSuffixes = (suffixes: readonly number[], each = numbersOfEach) =>
  suffixes.flatMap((suffix) => Array.from({ length: each }, (_, i) => 380_500_000_000 + i * 1000 + suffix));

for (const { name, text, parts } of [
  { name: 'a short text', text: 'Hello', parts: 1 },
  { name: 'a text of three parts', text: 'A long word. '.repeat(30), parts: 3 },
]) {
  test(`receipts for unknown ids, bare, messy, localised, intermediate, out of order and late, with ${name}`, async (t) => {
    const bench = await engineBench(t);
    const simulator = await bench.simulator({ lateMs: 1000 });
    await bench.engine();
    const suffixes = [12, 13, 14, 15, 16, 17, 18, 22, 23, 200];
    const phones = withSuffixes(suffixes);
    const id = await bench.send(await bench.buyer(), { phones, text });
    await bench.settled(id);
    assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: phones.length } });
    const strangers = numbersOfEach * parts;
    await waitFor(async () => (await bench.value('select count(*) from orphan_receipt')) === strangers, {
      what: 'receipts for unknown ids to be kept, and no others',
    });
    const more: Partial<Record<number, number>> = { 12: 1, 16: 3, 17: 2 };
    const receipts = suffixes.reduce((sum, suffix) => sum + (1 + (more[suffix] ?? 0)) * strangers, 0);
    await waitFor(() => simulator.stats().receiptsAcknowledged === receipts, { what: 'acknowledgements' });
    assert.equal(simulator.stats().accepted, phones.length * parts, 'each part was taken once');
    assert.equal(simulator.stats().receiptsRefused, 0);
    assert.equal(simulator.stats().binds, 1, 'a PDU of 64 KiB and one that lies inside end no session');
    await bench.stopEngines();
    assert.equal(await bench.value('select count(*) from uncertain_event'), 0);
    await bench.sound();
  });
}

for (const { name, suffix } of [
  { name: 'a response never sent', suffix: 20 },
  { name: 'a response with a wrong sequence number', suffix: 21 },
  { name: 'a PDU of length zero', suffix: 24 },
  { name: 'a PDU that says to be longer than it is', suffix: 25 },
  { name: 'an unbind in the middle', suffix: 26 },
]) {
  test(`${name}: the messages are sent again, and counted once`, async (t) => {
    const bench = await engineBench(t);
    const simulator = await bench.simulator({}, { responseTimeoutMs: 500, enquireLinkMs: 500 });
    await bench.engine();
    const phones = [...ordinary(100), ...withSuffixes([suffix], 1), ...ordinary(100, 380_510_000_000)];
    const id = await bench.send(await bench.buyer(), { phones });
    await bench.settled(id);
    assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: phones.length } });
    const uncertain = await bench.value<number>('select sum(messages) from uncertain_event');
    assert.ok(uncertain >= 1);
    assert.equal(simulator.submits().size, phones.length);
    const twice = duplicates(simulator.submits());
    assert.ok(twice < uncertain, `${twice} were taken twice, ${uncertain} uncertain`);
    await bench.stopEngines();
    await bench.sound();
  });
}

/** Operators of one kind each, and their messages. */
const kinds: readonly Quirks[] = [
  { ids: 'zeros', receiptIds: 'decimal' },
  { ids: 'decimal', receiptIds: 'zeros' },
  { ids: 'decimal', receiptIds: '0x0HEX' },
  { ids: 'HEX', receiptIds: 'decimal' },
  { ids: '0x', receiptIds: 'HEX' },
  { ids: 'long' },
  { ids: 'case', receiptAddresses: 'plus' },
  { ids: 'decimal', firstId: 1, receiptAddresses: 'national', receiptForm: 'messy' },
  { ids: 'hex', firstId: 1, receiptIds: 'decimal', receiptForm: 'bare' },
  { ids: 'decimal', receiptAddresses: 'masked', receiptForm: 'tlv' },
  { ids: 'decimal', receiptAddresses: 'swapped' },
];

test('operators that write ids, numbers and receipts each in its own way, all at once', async (t) => {
  const bench = await engineBench(t);
  const each = 60;
  const simulators = [];
  for (const [i, quirks] of kinds.entries()) {
    simulators.push(await bench.simulator({ quirks }, {}, { prefix: `${38_050 + i}` }));
  }
  await bench.engine();
  // Each its own prefix: 38050, 38051, …
  const phones = kinds.flatMap((_, i) => ordinary(each, 380_500_000_000 + i * 10_000_000));
  const id = await bench.send(await bench.buyer(), { phones });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: each * kinds.length } });
  for (const simulator of simulators) assert.equal(simulator.stats().receiptsSent, each);
  assert.equal(await bench.value('select count(*) from orphan_receipt'), 0);
  await bench.stopEngines();
  await bench.sound();
});

test('ids that an operator uses again after its restart name the messages of now', async (t) => {
  const bench = await engineBench(t);
  const first = await bench.simulator({ quirks: { firstId: 1 } });
  await bench.engine();
  const buyer = await bench.buyer();
  const before = await bench.send(buyer, { phones: withSuffixes([4], 50) });
  await waitFor(async () => (await bench.report(before)).messages.sent === 50, { what: 'all to be sent' });
  await bench.db.pool.query(`select make_submission_partition(now() - interval '3 days')`);
  await bench.db.pool.query(`update submission set at = at - interval '3 days'`);
  await first.stop();
  await bench.simulator({ port: first.port, quirks: { firstId: 1 } }, { name: 'unused' }, null);
  const after = await bench.send(buyer, { phones: ordinary(50, 380_670_000_000) });
  await bench.settled(after);
  assert.deepEqual((await bench.report(after)).messages, { delivered: 50 });
  assert.deepEqual((await bench.report(before)).messages, { sent: 50 });
  await bench.stopEngines();
  await bench.sound();
});

// ─── late responses ────────────────────────────────────────────────────────────────────────────────────────────────

test('a response that comes after its time-out, before the message went again: it does not go again', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({ lateMs: 400 }, { responseTimeoutMs: 200 });
  await bench.engine();
  const phones = withSuffixes([19], 10);
  const id = await bench.send(await bench.buyer(), { phones });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 10 } });
  assert.equal(simulator.stats().submits, 10);
  assert.equal(await bench.value('select sum(messages) from uncertain_event'), 10);
  assert.equal(await bench.value('select count(*) from orphan_receipt'), 0);
  await bench.stopEngines();
  await bench.sound();
});

for (const { name, second } of [
  { name: 'is taken too', second: 0 },
  { name: 'is refused', second: 0x0b },
  { name: 'is throttled', second: 0x58 },
  { name: 'fails for a while', second: 0x08 },
  { name: 'is never answered', second: null },
]) {
  test(`a response that comes after the message went again, which ${name}: both ids are its own`, async (t) => {
    const bench = await engineBench(t);
    const first = new Map<number, Submit>();
    const operator = await ownOperator((submit, own) => {
      const before = first.get(submit.phone);
      if (before === undefined) {
        first.set(submit.phone, submit);
        return;
      }
      own.answer(before, 0, `late-${before.index}`);
      if (second !== null) own.answer(submit, second, second === 0 ? `again-${submit.index}` : '');
    });
    bench.later(() => operator.close());
    await bench.operator({ port: operator.port, responseTimeoutMs: 300 });
    await bench.engine();
    const id = await bench.send(await bench.buyer(), { phones: 5 });
    await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent' });
    assert.deepEqual((await bench.report(id)).messages, { sent: 5 });
    assert.equal(operator.submits.length, 10, 'each went twice, and not a third time');
    for (const submit of first.values()) operator.receipt(submit, 'DELIVRD');
    await bench.settled(id);
    assert.deepEqual((await bench.report(id)).messages, { delivered: 5 });
    if (second === 0) {
      for (const submit of operator.submits) {
        if (submit.id.startsWith('again')) operator.receipt(submit, 'UNDELIV');
      }
      await waitFor(() => operator.acknowledged === 10, { what: 'the other receipts' });
      assert.deepEqual((await bench.report(id)).messages, { delivered: 5 });
    }
    assert.equal(await bench.value('select count(*) from orphan_receipt'), 0);
    await bench.stopEngines();
    await bench.sound();
  });
}

test('a message that was perhaps taken and is refused the second time is unknown, and not paid back', async (t) => {
  const bench = await engineBench(t);
  const first = new Map<number, Submit>();
  const operator = await ownOperator((submit, own) => {
    if (first.has(submit.phone)) own.answer(submit, 0x0b, '');
    else first.set(submit.phone, submit);
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, responseTimeoutMs: 200 });
  await bench.engine();
  const buyer = await bench.buyer();
  const id = await bench.send(buyer, { phones: 5 });
  const before = await bench.balance(buyer);
  await waitFor(async () => (await bench.report(id)).messages.timedOut === 5, { what: 'the refusals' });
  assert.equal(await bench.balance(buyer), before, 'it was charged');
  await bench.stopEngines();
  await bench.sound();
});

test('a response that comes after its message is unknown: the receipt proves otherwise', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator(() => {});
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, responseTimeoutMs: 200 });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 5, uncertain: 'unknown' });
  await waitFor(async () => (await bench.report(id)).messages.timedOut === 5, { what: 'the time-outs' });
  for (const submit of operator.submits) operator.accept(submit);
  for (const submit of operator.submits.slice(0, 3)) operator.receipt(submit, 'DELIVRD');
  await waitFor(async () => (await bench.report(id)).messages.delivered === 3, { what: 'the receipts' });
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 3, timedOut: 2 } });
  await bench.stopEngines();
  await bench.sound();
});

test('late responses to the parts of a long message make it whole, and its receipts are found', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({ lateMs: 400 }, { responseTimeoutMs: 200 });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), {
    phones: withSuffixes([19], 4),
    text: 'A long word. '.repeat(30),
  });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 4 } });
  assert.equal(simulator.stats().submits, 12);
  await bench.stopEngines();
  await bench.sound();
});
