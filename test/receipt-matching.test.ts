// Which message a receipt belongs to, whatever the operator does to ids and numbers between response and receipt: never
// to another one, and none is lost.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { OperatorConfig } from '../src/operators/index.ts';
import {
  type EngineBench,
  engineBench,
  type OwnOperator,
  ordinary,
  ownOperator,
  type Submit,
  waitFor,
} from './support/index.ts';

type Format = OperatorConfig['messageIdFormat'];

/** A campaign of as many messages, each answered with an id of the test's making, and all of them sent. */
async function sent(
  t: TestContext,
  ids: readonly string[],
  { format = 'auto', phones = ordinary(ids.length) }: { format?: Format; phones?: readonly number[] } = {},
): Promise<{ bench: EngineBench; operator: OwnOperator; campaign: number; submitOf(phone: number): Submit }> {
  const bench = await engineBench(t);
  const idOf = new Map(phones.map((phone, i) => [phone, ids[i]!]));
  const operator = await ownOperator((submit, own) =>
    own.answer(submit, 0, idOf.get(submit.phone) ?? ids[0]),
  );
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, messageIdFormat: format });
  await bench.engine();
  const campaign = await bench.send(await bench.buyer(), { phones });
  await waitFor(async () => (await bench.report(campaign)).messages.sent === ids.length, {
    what: 'all sent',
  });
  return { bench, operator, campaign, submitOf: (phone) => operator.submits.find((s) => s.phone === phone)! };
}

/** Forgets what the engine remembers: receipts find their messages in the table only. */
async function startAgain(bench: EngineBench, operator: OwnOperator): Promise<void> {
  await bench.stopEngines();
  await bench.engine();
  await waitFor(() => operator.sessions.size === 1, { what: 'the engine to be back' });
}

/** The states of a campaign's messages in the order of their phones. */
async function states(bench: EngineBench, campaign: number): Promise<number[]> {
  return bench.value('select array_agg(status order by phone) from message where campaign_id = $1', campaign);
}

const orphans = (bench: EngineBench) => bench.value<number>('select count(*) from orphan_receipt');

/** How an operator writes the id of its response in its receipt. */
const rewrites: readonly { name: string; ids: string[]; receipt(id: string): string }[] = [
  { name: 'capitals', ids: ['ab12cd', 'ff00-e1'], receipt: (id) => id.toUpperCase() },
  { name: 'small letters', ids: ['AB12CD', 'FF00-E1'], receipt: (id) => id.toLowerCase() },
  { name: 'no leading zeros', ids: ['0012345', '0E999F21-81EF'], receipt: (id) => id.replace(/^0+/, '') },
  { name: 'leading zeros', ids: ['12345', '98765'], receipt: (id) => id.padStart(12, '0') },
  { name: '0x', ids: ['1a2b3c', 'FFEE01'], receipt: (id) => `0x${id}` },
  { name: 'no 0x', ids: ['0x1A2B3C', '0xFFEE01'], receipt: (id) => id.slice(2) },
  { name: 'hexadecimal', ids: ['123456789', '4294967290'], receipt: (id) => Number(id).toString(16) },
  {
    name: 'padded 0xHEX',
    ids: ['123456789', '4294967290'],
    receipt: (id) => `0x0${(+id).toString(16).toUpperCase()}`,
  },
  { name: 'decimal', ids: ['00B8BE19', '39F99DD5'], receipt: (id) => String(Number.parseInt(id, 16)) },
  { name: '64 characters', ids: ['a'.repeat(64), `${'b'.repeat(63)}C`], receipt: (id) => id },
];

for (const memory of [true, false]) {
  test(`ids that receipts write otherwise than responses, found in ${memory ? 'memory' : 'the table'}`, async (t) => {
    const all = rewrites.flatMap(({ name, ids, receipt }) => ids.map((id) => ({ name, id, receipt })));
    const { bench, operator, campaign, submitOf } = await sent(
      t,
      all.map(({ id }) => id),
    );
    if (!memory) await startAgain(bench, operator);
    for (const [i, phone] of ordinary(all.length).entries()) {
      operator.receipt(submitOf(phone), 'DELIVRD', { id: all[i]!.receipt(all[i]!.id) });
    }
    await waitFor(() => operator.acknowledged === all.length, { what: 'all to be acknowledged' });
    const after = await states(bench, campaign);
    const lost = all.filter((_, i) => after[i] !== 3).map(({ name, id }) => `${name}: ${id}`);
    assert.deepEqual(lost, []);
    assert.equal(await orphans(bench), 0);
    await bench.stopEngines();
    await bench.sound();
  });
}

for (const memory of [true, false]) {
  test(`a hexadecimal id that reads as another message’s decimal one, found in ${memory ? 'memory' : 'the table'}`, async (t) => {
    // 0x22 is 34, and 22 is the other's.
    const [first, second] = ordinary(2) as [number, number];
    const { bench, operator, campaign, submitOf } = await sent(t, ['34', '22']);
    if (!memory) await startAgain(bench, operator);
    operator.receipt(submitOf(first), 'DELIVRD', { id: '22' });
    await waitFor(async () => (await states(bench, campaign))[0] === 3, {
      what: 'the receipt to be counted',
    });
    assert.deepEqual(await states(bench, campaign), [3, 1], 'the other one is still sent');
    operator.receipt(submitOf(second), 'UNDELIV', { id: '16' });
    await bench.settled(campaign);
    assert.deepEqual(await states(bench, campaign), [3, 4]);
    assert.equal(await orphans(bench), 0);
    await bench.stopEngines();
    await bench.sound();
  });

  test(`ids that differ in letter case and leading zeros only, found in ${memory ? 'memory' : 'the table'}`, async (t) => {
    const ids = ['abc', 'ABC', 'Abc', '0abc', '0x0ABC'];
    const { bench, operator, campaign, submitOf } = await sent(t, ids);
    if (!memory) await startAgain(bench, operator);
    const words = ['DELIVRD', 'UNDELIV', 'EXPIRED', 'UNKNOWN', 'DELIVRD'];
    for (const [i, phone] of ordinary(5).entries()) operator.receipt(submitOf(phone), words[i]!);
    await bench.settled(campaign);
    assert.deepEqual(await states(bench, campaign), [3, 4, 5, 6, 3]);
    await bench.stopEngines();
    await bench.sound();
  });

  test(`numbers that the operator rewrites in receipts, found in ${memory ? 'memory' : 'the table'}`, async (t) => {
    const phones = ordinary(6);
    const { bench, operator, campaign, submitOf } = await sent(
      t,
      phones.map((_, i) => `id-${i}`),
    );
    if (!memory) await startAgain(bench, operator);
    const written: readonly ((phone: number) => { source: string; destination?: string })[] = [
      (phone) => ({ source: `+${phone}` }),
      (phone) => ({ source: `00${phone}` }),
      (phone) => ({ source: `0${String(phone).slice(3)}` }), // national
      (phone) => ({ source: `${String(phone).slice(0, 5)}***${String(phone).slice(-2)}` }), // masked
      () => ({ source: '' }),
      (phone) => ({ source: '380441112233', destination: `${phone}` }), // as they were in the message
    ];
    for (const [i, phone] of phones.entries()) {
      operator.receipt(submitOf(phone), 'DELIVRD', written[i]!(phone));
    }
    await bench.settled(campaign);
    assert.deepEqual((await bench.report(campaign)).messages, { delivered: 6 });
    assert.equal(await orphans(bench), 0);
    await bench.stopEngines();
    await bench.sound();
  });
}

test('a receipt with the number of nobody is kept and counted nowhere, until a person says that ids are as they are', async (t) => {
  const [phone] = ordinary(1) as [number];
  const { bench, operator, campaign, submitOf } = await sent(t, ['17']);
  operator.receipt(submitOf(phone), 'DELIVRD', { source: '380441112233' });
  await waitFor(() => operator.acknowledged === 1, { what: 'the receipt to be acknowledged' });
  assert.deepEqual((await bench.report(campaign)).messages, { sent: 1 });
  assert.equal(await orphans(bench), 1);
  await bench.db.pool.query(`update operator set message_id_format = 'as_is'`);
  await bench.settled(campaign);
  assert.deepEqual((await bench.report(campaign)).messages, { delivered: 1 });
  assert.equal(await orphans(bench), 0);
  await bench.stopEngines();
  await bench.sound();
});

test('ids that are declared to be as they are must be written alike', async (t) => {
  const phones = ordinary(2);
  const { bench, operator, campaign, submitOf } = await sent(t, ['abc', 'ABC'], { format: 'as_is' });
  operator.receipt(submitOf(phones[0]!), 'DELIVRD', { source: 'Shop' });
  operator.receipt(submitOf(phones[1]!), 'UNDELIV', { source: 'Shop' });
  operator.receipt(submitOf(phones[0]!), 'EXPIRED', { id: 'Abc' });
  await bench.settled(campaign);
  assert.deepEqual(await states(bench, campaign), [3, 4]);
  await waitFor(async () => (await orphans(bench)) === 1, { what: 'the third to be kept' });
  await bench.stopEngines();
  await bench.sound();
});

for (const [format, ids, receipts] of [
  ['receipt_hex', ['305419896', '2864434397'], ['12345678', '0xAABBCCDD']],
  ['response_hex', ['0x12345678', 'AABBCCDD'], ['305419896', '02864434397']],
] as const) {
  test(`ids declared as ${format}, whatever their letter case and zeros`, async (t) => {
    const { bench, operator, campaign } = await sent(t, ids, { format });
    for (const submit of operator.submits) {
      operator.receipt(submit, 'DELIVRD', { id: receipts[ids.indexOf(submit.id as never)]!, source: 'Shop' });
    }
    await bench.settled(campaign);
    assert.deepEqual((await bench.report(campaign)).messages, { delivered: 2 });
    assert.equal(await orphans(bench), 0);
    await bench.stopEngines();
    await bench.sound();
  });
}

test('an id that is used again days later is the new message’s, and for the old number still the old one’s', async (t) => {
  const [first] = ordinary(1) as [number];
  const { bench, operator, campaign, submitOf } = await sent(t, ['5']);
  await bench.stopEngines();
  await bench.db.pool.query(`select make_submission_partition(now() - interval '3 days')`);
  await bench.db.pool.query(`update submission set at = at - interval '3 days'`);
  await bench.engine();
  const again = first + 1;
  const next = await bench.send(await bench.buyer(), { phones: [again] });
  await waitFor(() => submitOf(again), { what: 'the next submit' });
  await waitFor(async () => (await bench.report(next)).messages.sent === 1, { what: 'it to be sent' });
  operator.receipt(submitOf(again), 'DELIVRD');
  await bench.settled(next);
  assert.deepEqual((await bench.report(campaign)).messages, { sent: 1 });
  operator.receipt(submitOf(first), 'UNDELIV');
  await bench.settled(campaign);
  assert.deepEqual((await bench.report(campaign)).messages, { undelivered: 1 });
  assert.deepEqual((await bench.report(next)).messages, { delivered: 1 });
  await bench.stopEngines();
  await bench.sound();
});

for (const memory of [true, false]) {
  test(`receipts that come to another operator row of the same account, found in ${memory ? 'memory' : 'the table'}`, async (t) => {
    const bench = await engineBench(t);
    const operator = await ownOperator((submit, own) => own.accept(submit));
    bench.later(() => operator.close());
    await bench.operator({ port: operator.port, name: 'one' }, { prefix: '38050' });
    await bench.operator({ port: operator.port, name: 'two' }, { prefix: '38067' });
    await bench.operator({ port: operator.port, name: 'stranger', systemId: 'stranger' }, null);
    await bench.engine();
    await waitFor(() => operator.sessions.size === 3, { what: 'all to be bound' });
    const campaign = await bench.send(await bench.buyer(), {
      phones: [...ordinary(3), ...ordinary(3, 380_670_000_000)],
    });
    await waitFor(async () => (await bench.report(campaign)).messages.sent === 6, { what: 'all sent' });
    const submitters = new Set(operator.submits.map((submit) => submit.session));
    assert.equal(submitters.size, 2);
    const systemIds = [...operator.sessions].map((session) => session.systemId).sort();
    assert.deepEqual(systemIds, ['carillon', 'carillon', 'stranger']);
    if (!memory) {
      await bench.stopEngines();
      await bench.db.pool.query(`update operator set enabled = false where name = 'one'`);
      await bench.engine();
      await waitFor(() => operator.sessions.size === 2, { what: 'two to be bound again' });
    }
    // A stranger's receipt for an id of ours is none of ours.
    const [stranger] = [...operator.sessions].filter((session) => session.systemId === 'stranger');
    operator.receipt(operator.submits[0]!, 'UNDELIV', {}, stranger);
    await waitFor(async () => (await orphans(bench)) === 1, { what: 'it to be kept' });
    for (const submit of operator.submits) {
      const other = [...operator.sessions].find((s) => s.systemId === 'carillon' && s !== submit.session);
      operator.receipt(submit, 'DELIVRD', {}, other);
    }
    await bench.settled(campaign);
    assert.deepEqual((await bench.report(campaign)).messages, { delivered: 6 });
    assert.equal(await orphans(bench), 1);
    await bench.stopEngines();
    await bench.sound();
  });
}

test('parts of one message whose ids differ in letter case only, and whose responses come in another order', async (t) => {
  const bench = await engineBench(t);
  const ids = ['ab', 'AB', 'Ab'];
  const held: Submit[] = [];
  const operator = await ownOperator((submit, own) => {
    held.push(submit);
    if (held.length < 3) return;
    for (const each of held.splice(0).reverse()) own.answer(each, 0, ids[each.index]);
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  const campaign = await bench.send(await bench.buyer(), { phones: 1, text: 'A long word. '.repeat(30) });
  await waitFor(async () => (await bench.report(campaign)).messages.sent === 1, { what: 'it to be sent' });
  operator.receipt(operator.submits[2]!, 'DELIVRD');
  operator.receipt(operator.submits[0]!, 'DELIVRD');
  operator.receipt(operator.submits[0]!, 'DELIVRD');
  await waitFor(() => operator.acknowledged === 3, { what: 'three receipts' });
  assert.deepEqual(
    (await bench.report(campaign)).messages,
    { sent: 1 },
    'the second part is not delivered yet',
  );
  operator.receipt(operator.submits[1]!, 'DELIVRD');
  await bench.settled(campaign);
  assert.deepEqual((await bench.report(campaign)).messages, { delivered: 1 });
  await bench.stopEngines();
  await bench.sound();
});

test('receipts of what one process sent, on the session of another, which learns of it from the table', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator((submit, own) => own.accept(submit));
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port });
  await bench.engine();
  const campaign = await bench.send(await bench.buyer(), { phones: 20 });
  await waitFor(async () => (await bench.report(campaign)).messages.sent === 20, { what: 'all sent' });
  const submitter = operator.submits[0]!.session;
  await bench.engine();
  await waitFor(() => operator.sessions.size === 2, { what: 'the other engine' });
  const other = [...operator.sessions].find((session) => session !== submitter);
  for (const submit of operator.submits) operator.receipt(submit, 'DELIVRD', {}, other);
  await bench.settled(campaign);
  assert.deepEqual((await bench.report(campaign)).messages, { delivered: 20 });
  assert.equal(operator.acknowledged, 20);
  await bench.stopEngines();
  await bench.sound();
});
