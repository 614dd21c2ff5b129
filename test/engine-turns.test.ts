// Whose turn it is, and when it ends: fairness among campaigns and accounts, stopping, fail-over and weights among
// operators.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reason } from '../src/messages/index.ts';
import {
  duplicates,
  engineBench,
  ordinary,
  ownOperator,
  perPhone,
  type Submit,
  waitFor,
} from './support/index.ts';

const accept = (submit: Submit, own: { accept(submit: Submit): void }) => own.accept(submit);

test('a campaign of 1 waits for less than one second of the messages of larger ones before it', async (t) => {
  const bench = await engineBench(t);
  const throttle = 200;
  const operator = await ownOperator(accept);
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, throttle });
  await bench.engine();
  const large: number[] = [];
  for (let account = 0; account < 3; account++) {
    const buyer = await bench.buyer();
    for (let i = 0; i < 2; i++) {
      large.push(await bench.send(buyer, { phones: ordinary(5000, 380_500_000_000 + large.length * 1e6) }));
    }
  }
  await waitFor(() => operator.submits.length > throttle, { what: 'the large campaigns to be under way' });
  const phone = 380_671_234_567;
  const small = await bench.send(await bench.buyer(), { phones: [phone] });
  const before = operator.submits.length;
  const mine = await waitFor(() => operator.submits.find((submit) => submit.phone === phone), {
    what: 'the small campaign',
  });
  assert.ok(mine.index - before < throttle, `${mine.index - before} others came first`);
  for (const id of large) await bench.stopCampaign(id);
  await waitFor(async () => (await bench.report(small)).status === 'done', {
    what: 'the small one to be done',
  });
  await bench.stopEngines();
  await bench.sound();
});

test('two accounts share an operator by halves although one has ten campaigns', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator(accept);
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, throttle: 600 });
  const many = await bench.buyer();
  const one = await bench.buyer();
  const campaigns: number[] = [];
  for (let i = 0; i < 10; i++) {
    campaigns.push(await bench.send(many, { phones: ordinary(1000, 380_500_000_000 + i * 1e6) }));
  }
  campaigns.push(await bench.send(one, { phones: ordinary(1000, 380_670_000_000) }));
  await bench.engine();
  await waitFor(() => operator.submits.length >= 1000, { what: 'a thousand messages' });
  const first = operator.submits.slice(0, 1000);
  const ofOne = first.filter(({ phone }) => phone >= 380_670_000_000).length;
  assert.ok(ofOne > 400 && ofOne < 600, `${ofOne} of 1000`);
  // And the ten share the other half.
  const shares = campaigns.slice(0, 10).map((_, i) => {
    const from = 380_500_000_000 + i * 1e6;
    return first.filter(({ phone }) => phone >= from && phone < from + 1e6).length;
  });
  assert.ok(Math.min(...shares) > 25 && Math.max(...shares) < 100, shares.join(' '));
  for (const id of campaigns) await bench.stopCampaign(id);
  await bench.stopEngines();
  await bench.sound();
});

test('a stopped campaign sends no more than a second’s worth, keeps what was sent and gives the rest back', async (t) => {
  const bench = await engineBench(t);
  const throttle = 500;
  const simulator = await bench.simulator({}, { throttle });
  await bench.engine();
  const buyer = await bench.buyer();
  const start = await bench.balance(buyer);
  const id = await bench.send(buyer, { phones: 5000 });
  await waitFor(() => simulator.stats().accepted > throttle, { what: 'the campaign to be under way' });
  await bench.stopCampaign(id);
  const before = simulator.stats().accepted;
  await bench.settled(id);
  const { status, messages } = await bench.report(id);
  const sent = simulator.stats().accepted;
  assert.ok(sent - before < throttle, `${sent - before} after the stop`);
  assert.equal(status, 'stopped');
  assert.deepEqual(messages, { delivered: sent, failed: 5000 - sent });
  assert.equal(duplicates(simulator.submits()), 0);
  assert.deepEqual(await bench.value('select array_agg(distinct error) from message where status = 7'), [
    Reason.cancelled,
  ]);
  assert.equal(start - (await bench.balance(buyer)), await bench.priceOf(id, 'delivered'));
  assert.equal(await bench.value('select count(*) from batch where state = 0'), 0);
  await bench.stopEngines();
  await bench.sound();
});

test('a stop takes effect at once although the operator is slow and its window small', async (t) => {
  const bench = await engineBench(t);
  const windowSize = 5;
  const held: (() => void)[] = [];
  const operator = await ownOperator((submit, own) => {
    held.push(() => own.accept(submit));
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, windowSize });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 3000 });
  await waitFor(() => operator.outstanding === windowSize, { what: 'the window to be full' });
  await bench.stopCampaign(id);
  const before = operator.submits.length;
  await waitFor(
    async () => {
      for (const answer of held.splice(0, 1)) answer();
      return (await bench.report(id)).messages.queued === undefined;
    },
    { what: 'the campaign to be cancelled' },
  );
  const after = operator.submits.length - before;
  assert.ok(after <= 2 * windowSize, `${after} after the stop`);
  await bench.stopEngines();
  await bench.sound();
});

test('when the first operator goes down the second takes over, and the first again when it is back', async (t) => {
  const bench = await engineBench(t);
  const first = await ownOperator(accept);
  const second = await ownOperator(accept);
  bench.later(() => second.close());
  await bench.operator({ port: first.port, throttle: 400 }, { priority: 0 });
  await bench.operator({ port: second.port, throttle: 400 }, { priority: 1 });
  await bench.engine();
  const buyer = await bench.buyer();
  await waitFor(() => first.sessions.size + second.sessions.size === 2, { what: 'both to be connected' });
  const phones = ordinary(500);
  const id = await bench.send(buyer, { phones });
  await waitFor(() => first.submits.length > 100, { what: 'the first to be used' });
  assert.equal(second.submits.length, 0);
  const unanswered = first.outstanding;
  await first.close();
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'the second to finish' });
  assert.deepEqual((await bench.report(id)).messages, { sent: 500 });
  const counts = perPhone([...first.submits, ...second.submits]);
  assert.equal(counts.size, 500);
  // What had left for the first one and was not answered, on either side of the socket.
  assert.ok(duplicates(counts) <= unanswered + 40, `${duplicates(counts)} twice`);

  const back = await ownOperator(accept, { port: first.port });
  bench.later(() => back.close());
  await waitFor(() => back.sessions.size === 1, { what: 'the first to be connected again' });
  const used = second.submits.length;
  const next = await bench.send(buyer, { phones: 50 });
  await waitFor(async () => (await bench.report(next)).status === 'done', { what: 'the next campaign' });
  assert.deepEqual([back.submits.length, second.submits.length], [50, used]);
  await bench.stopEngines();
  await bench.sound();
});

test('what one operator leaves unanswered does not exceed the limit of the next', async (t) => {
  const bench = await engineBench(t);
  const deaf = await ownOperator(() => {});
  const held: (() => void)[] = [];
  const next = await ownOperator((submit, own) => {
    held.push(() => own.accept(submit));
  });
  bench.later(() => next.close());
  await bench.operator({ port: deaf.port }, { priority: 0 });
  await bench.operator({ port: next.port, inFlightLimit: 8 }, { priority: 1 });
  await bench.engine();
  await waitFor(() => deaf.sessions.size + next.sessions.size === 2, { what: 'both to be connected' });
  const id = await bench.send(await bench.buyer(), { phones: 60 });
  await waitFor(() => deaf.submits.length === 60, { what: 'the first to have all' });
  await deaf.close();
  await waitFor(
    async () => {
      for (const answer of held.splice(0, 4)) answer();
      return (await bench.report(id)).status === 'done';
    },
    { what: 'the second to have all' },
  );
  assert.deepEqual((await bench.report(id)).messages, { sent: 60 });
  assert.ok(next.mostOutstanding <= 8, `${next.mostOutstanding} at once`);
  await bench.stopEngines();
  await bench.sound();
});

test('operators of one priority share by weight', async (t) => {
  const bench = await engineBench(t);
  const light = await ownOperator(accept);
  const heavy = await ownOperator(accept);
  bench.later(() => light.close());
  bench.later(() => heavy.close());
  await bench.operator({ port: light.port }, { weight: 100 });
  await bench.operator({ port: heavy.port }, { weight: 300 });
  await bench.engine();
  await waitFor(() => light.sessions.size + heavy.sessions.size === 2, { what: 'both to be connected' });
  const id = await bench.send(await bench.buyer(), { phones: 1000 });
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent' });
  const { length } = heavy.submits;
  assert.ok(length > 650 && length < 850, `${length} of 1000`);
  assert.equal(light.submits.length + length, 1000);
  await bench.stopEngines();
  await bench.sound();
});
