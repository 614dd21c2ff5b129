// What becomes of messages: every answer and every receipt an operator may give, receipts that never come or come
// late, and numbers that no operator takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatusName } from '../src/messages/index.ts';
import { Reason } from '../src/messages/index.ts';
import { type EngineBench, engineBench, ordinary, ownOperator, perPhone, waitFor } from './support/index.ts';

/** What the simulator makes of the last three digits, and how many receipts it sends. */
const magic: readonly [suffix: number, becomes: StatusName, receipts: number][] = [
  [1, 'undelivered', 1],
  [2, 'expired', 1],
  [3, 'failed', 0],
  [4, 'sent', 0],
  [5, 'delivered', 2],
  [6, 'delivered', 1],
  [7, 'delivered', 2],
  [8, 'delivered', 1],
  [9, 'unknown', 1],
  [10, 'delivered', 1],
  [11, 'delivered', 1],
  [200, 'delivered', 1],
];
const numbersOfEach = 4;

/** The state of every message of a campaign, by its phone. */
async function statesOf(bench: EngineBench, campaignId: number): Promise<Map<number, number>> {
  const { rows } = await bench.db.pool.query<{ phone: number; status: number }>(
    'select phone, status from message where campaign_id = $1',
    [campaignId],
  );
  return new Map(rows.map((row) => [row.phone, row.status]));
}

for (const { name, text, parts } of [
  { name: 'a short text', text: 'Hello', parts: 1 },
  { name: 'a text of three parts', text: 'A long word. '.repeat(30), parts: 3 },
]) {
  test(`every magic number comes out as it should with ${name}`, async (t) => {
    const bench = await engineBench(t);
    const simulator = await bench.simulator();
    await bench.engine();
    const buyer = await bench.buyer();
    const phones = magic.flatMap(([suffix]) =>
      Array.from({ length: numbersOfEach }, (_, i) => 380_500_000_000 + i * 1000 + suffix),
    );
    const id = await bench.send(buyer, { phones, text });

    const expected: Partial<Record<StatusName, number>> = {};
    let receipts = 0;
    for (const [, becomes, perPart] of magic) {
      expected[becomes] = (expected[becomes] ?? 0) + numbersOfEach;
      receipts += perPart * parts * numbersOfEach;
    }
    await waitFor(
      async () => {
        const { status, messages } = await bench.report(id);
        return (
          status === 'done' &&
          messages.sent === expected.sent &&
          messages.queued === undefined &&
          messages.accepted === undefined
        );
      },
      { what: 'all but the unreported to be decided' },
    ).catch(() => {});
    assert.deepEqual(await bench.report(id), { status: 'done', messages: expected });
    assert.equal(await bench.value('select max(parts) from message'), parts);

    await waitFor(() => simulator.stats().receiptsAcknowledged >= receipts, { what: 'acknowledgements' });
    const stats = simulator.stats();
    assert.equal(stats.receiptsAcknowledged, receipts);
    assert.equal(stats.receiptsRefused + stats.receiptsWaiting + stats.receiptsRepeated, 0);
    const refused = numbersOfEach * parts;
    assert.equal(stats.accepted, phones.length * parts - refused, 'each part was taken once');
    assert.equal(await bench.value('select count(*) from orphan_receipt'), 0);
    await bench.stopEngines();
    assert.equal(await bench.value('select count(*) from uncertain_event'), 0);
    await bench.sound();
  });
}

for (const billOn of ['sent', 'delivered'] as const) {
  test(`a receipt that comes after the time-out replaces our guess, billed when ${billOn}`, async (t) => {
    const bench = await engineBench(t);
    const operator = await ownOperator((submit, own) => own.accept(submit));
    bench.later(() => operator.close());
    await bench.operator({ port: operator.port });
    await bench.engine();
    const buyer = await bench.buyer();
    await bench.db.pool.query('update rate set bill_on = $1', [billOn]);
    const start = await bench.balance(buyer);
    const id = await bench.send(buyer, { phones: 6 });
    const price = await bench.priceOf(id, 'queued', 'sent');
    assert.ok(price > 0n);
    const taken = async () => start - (await bench.balance(buyer));

    await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent' });
    assert.deepEqual((await bench.report(id)).messages, { sent: 6 });
    assert.equal(await taken(), price, 'held or charged');
    await bench.db.pool.query(`update batch set deadline = now() - interval '1 second'`);
    await waitFor(async () => (await bench.report(id)).messages.timedOut === 6, { what: 'the time-out' });
    assert.equal(await taken(), billOn === 'sent' ? price : 0n);
    await bench.sound();

    for (const submit of operator.submits.slice(0, 4)) operator.receipt(submit, 'DELIVRD');
    operator.receipt(operator.submits[4]!, 'UNDELIV');
    operator.receipt(operator.submits[5]!, 'ACCEPTD');
    await waitFor(() => operator.acknowledged === 6, { what: 'late receipts to be acknowledged' });
    assert.deepEqual((await bench.report(id)).messages, { delivered: 4, undelivered: 1, timedOut: 1 });
    assert.equal(await taken(), billOn === 'sent' ? price : (price / 6n) * 4n);

    // A second word changes nothing.
    for (const submit of operator.submits.slice(0, 5)) operator.receipt(submit, 'EXPIRED');
    await waitFor(() => operator.acknowledged === 11, { what: 'the repeated receipts' });
    assert.deepEqual((await bench.report(id)).messages, { delivered: 4, undelivered: 1, timedOut: 1 });
    await bench.stopEngines();
    await bench.sound();
  });
}

test('a receipt for an id that no response has named is kept, acknowledged, and matched later', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator((submit, own) => own.accept(submit));
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 1 });
  await waitFor(() => operator.submits.length === 1, { what: 'the submit' });
  const [submit] = operator.submits;
  operator.receipt({ ...submit!, id: 'never-heard-of' }, 'DELIVRD');
  await waitFor(() => operator.acknowledged === 1, { what: 'the receipt to be acknowledged' });
  assert.equal(await bench.value('select count(*) from orphan_receipt'), 1);
  assert.deepEqual((await bench.report(id)).messages, { sent: 1 });
  // Its submission becomes known, as when a process that slept commits it.
  await bench.db.pool.query(`update submission set smsc_message_id = 'never-heard-of'`);
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 1 } });
  assert.equal(await bench.value('select count(*) from orphan_receipt'), 0);
  await bench.stopEngines();
  await bench.sound();
});

test('campaigns of test_ keys reach simulators only and cost nothing, wherever routes lead', async (t) => {
  const bench = await engineBench(t);
  const real = await bench.simulator({}, { name: 'real' });
  const fake = await bench.simulator({}, { name: 'fake', simulator: true }, null);
  await bench.engine();
  const tester = await bench.buyer('test');
  const buyer = await bench.buyer();
  const before = await bench.balance(tester);
  const tested = await bench.send(tester, { phones: ordinary(30) });
  const paid = await bench.send(buyer, { phones: ordinary(20, 380_600_000_000) });
  await bench.settled(tested, paid);
  assert.deepEqual((await bench.report(tested)).messages, { delivered: 30 });
  assert.equal(await bench.balance(tester), before);
  assert.deepEqual([...fake.submits().keys()].sort(), ordinary(30));
  assert.deepEqual([...real.submits().keys()].sort(), ordinary(20, 380_600_000_000));
  await bench.stopEngines();
  await bench.sound();
});

test('numbers without a route fail and their money comes back', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({}, {}, { prefix: '38050' });
  await bench.engine();
  const buyer = await bench.buyer();
  const start = await bench.balance(buyer);
  const id = await bench.send(buyer, { phones: [...ordinary(5), ...ordinary(7, 380_670_000_000)] });
  await bench.settled(id);
  assert.deepEqual((await bench.report(id)).messages, { delivered: 5, failed: 7 });
  assert.equal(simulator.stats().submits, 5);
  assert.deepEqual(await bench.value('select array_agg(distinct error) from message where status = 7'), [
    Reason.noRoute,
  ]);
  assert.equal(start - (await bench.balance(buyer)), await bench.priceOf(id, 'delivered'));
  await bench.stopEngines();
  await bench.sound();
});

test('a route that was added a moment ago is known to the next campaign', async (t) => {
  const bench = await engineBench(t);
  await bench.engine();
  const buyer = await bench.buyer();
  await bench.simulator();
  const id = await bench.send(buyer, { phones: 3 });
  await bench.settled(id);
  assert.deepEqual((await bench.report(id)).messages, { delivered: 3 });
});

test('temporary errors are tried again, permanent ones fail, throttling only slows down', async (t) => {
  const bench = await engineBench(t);
  const seen = new Map<number, number>();
  /** By the last three digits: what is answered the first times, before ESME_ROK. */
  const answers: Record<number, readonly number[]> = {
    101: [0x08], // ESME_RSYSERR
    102: [0x0b], // ESME_RINVDSTADR
    103: [0x58, 0x58, 0x58], // ESME_RTHROTTLED
    104: [0x14, 0x14], // ESME_RMSGQFUL
    105: [0x14, 0x58, 0x08],
    106: [0xffff_ffff], // no number that SMPP knows, and more than an integer of the database holds
  };
  const operator = await ownOperator((submit, own) => {
    const times = seen.get(submit.phone) ?? 0;
    seen.set(submit.phone, times + 1);
    const status = answers[submit.phone % 1000]?.[times];
    if (status === undefined) own.accept(submit);
    else own.answer(submit, status);
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  const buyer = await bench.buyer();
  const id = await bench.send(buyer, {
    phones: [...Object.keys(answers), 107].map((n) => 380_500_000_000 + Number(n)),
  });
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be answered' });
  assert.deepEqual((await bench.report(id)).messages, { sent: 5, failed: 2 });
  const states = await statesOf(bench, id);
  assert.deepEqual([states.get(380_500_000_102), states.get(380_500_000_106)], [7, 7]);
  const counts = perPhone(operator.submits);
  const times = [101, 102, 103, 104, 105, 106, 107].map((n) => counts.get(380_500_000_000 + n));
  assert.deepEqual(times, [2, 1, 4, 3, 4, 1, 1]);
  await bench.stopEngines();
  await bench.sound();
});

test('an id longer than any operator should give does not hold up the others', async (t) => {
  const bench = await engineBench(t);
  const long = Array.from({ length: 6000 }, () => Math.random().toString(36)[2]).join('');
  const operator = await ownOperator((submit, own) => {
    if (submit.index === 0) own.answer(submit, 0, long);
    else own.accept(submit);
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 3 });
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent' });
  for (const submit of operator.submits.slice(1)) operator.receipt(submit, 'DELIVRD');
  await waitFor(async () => (await bench.report(id)).messages.delivered === 2, { what: 'the receipts' });
  await bench.stopEngines();
  await bench.sound();
});

for (const policy of ['resend', 'unknown'] as const) {
  test(`responses that never come: ${policy}`, async (t) => {
    const bench = await engineBench(t);
    const seen = new Set<number>();
    // The first submit to each number is never answered.
    const operator = await ownOperator((submit, own) => {
      if (seen.has(submit.phone)) own.accept(submit);
      seen.add(submit.phone);
    });
    bench.later(() => operator.close());
    await bench.operator({ port: operator.port, responseTimeoutMs: 200 });
    await bench.engine();
    const id = await bench.send(await bench.buyer(), { phones: 5, uncertain: policy });
    await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'the time-outs' });
    const resent = policy === 'resend';
    assert.deepEqual((await bench.report(id)).messages, resent ? { sent: 5 } : { timedOut: 5 });
    assert.equal(operator.submits.length, resent ? 10 : 5);
    assert.equal(await bench.value('select sum(messages) from uncertain_event'), 5);
    assert.equal(await bench.value('select min(policy) from uncertain_event'), policy);
    await bench.stopEngines();
    await bench.sound();
  });
}

for (const { name, text, parts } of [
  { name: 'short messages', text: 'Hello', parts: 1 },
  { name: 'messages of three parts', text: 'A long word. '.repeat(30), parts: 3 },
]) {
  test(`with an in-flight limit of 1, ${name} go one by one`, async (t) => {
    const bench = await engineBench(t);
    let mostUncertain = 0;
    const operator = await ownOperator((submit, own) => {
      void bench.uncertainNow().then((n) => {
        mostUncertain = Math.max(mostUncertain, n);
        own.accept(submit);
      });
    });
    bench.later(() => operator.close());
    await bench.operator({ port: operator.port, inFlightLimit: 1 });
    await bench.engine();
    const id = await bench.send(await bench.buyer(), { phones: 12, text });
    await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent' });
    assert.deepEqual((await bench.report(id)).messages, { sent: 12 });
    assert.equal(operator.submits.length, 12 * parts);
    assert.equal(operator.mostOutstanding, parts);
    assert.equal(mostUncertain, 1);
    await bench.stopEngines();
    await bench.sound();
  });
}

test('never more than the in-flight limit is unanswered or not committed, though the window would allow it', async (t) => {
  const bench = await engineBench(t);
  const limit = 25;
  const held: (() => void)[] = [];
  const operator = await ownOperator((submit, own) => {
    held.push(() => own.accept(submit));
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, inFlightLimit: limit, windowSize: 1000 });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 300 });
  await waitFor(() => operator.outstanding === limit, { what: 'the limit to be used' });
  let mostUncertain = 0;
  await waitFor(
    async () => {
      for (const answer of held.splice(0, 10)) answer();
      mostUncertain = Math.max(mostUncertain, await bench.uncertainNow());
      return (await bench.report(id)).status === 'done';
    },
    { what: 'all to be sent' },
  );
  assert.equal(operator.mostOutstanding, limit);
  assert.ok(mostUncertain <= limit, `${mostUncertain} were uncertain`);
  await bench.stopEngines();
  await bench.sound();
});
