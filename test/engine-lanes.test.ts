// A campaign whose messages go to several operators: none waits for another's operator, whatever happens to that, and
// campaigns share as if each had one.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { actOn } from '../src/campaigns/index.ts';
import { Reason, Status } from '../src/messages/index.ts';
import { addRoute, listRoutes, type NewOperator, removeRoute } from '../src/operators/index.ts';
import { startSimulator } from '../src/simulator/index.ts';
import {
  child,
  duplicates,
  type EngineBench,
  engineBench,
  type OwnOperator,
  ordinary,
  ownOperator,
  perPhone,
  type Submit,
  waitFor,
} from './support/index.ts';

const ukraine = (count: number, first = 0) => ordinary(count, 380_500_000_000 + first);
const poland = (count: number, first = 0) => ordinary(count, 48_500_000_000 + first);
const isUkraine = (phone: number) => String(phone).startsWith('380');

/** Numbers of both in turn, so that no batch would be of one kind by chance. */
function mixed(...lists: number[][]): number[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

const accept = (submit: Submit, own: { accept(submit: Submit): void }) => own.accept(submit);

/** A port where nobody listens, nor will: one that is free now may be another test's in a moment. */
const nobody = 1;

/** A port of 127.0.0.1 where nobody listens for now. */
async function freePort(): Promise<number> {
  const operator = await ownOperator(accept);
  await operator.close();
  return operator.port;
}

/** Two operators: Poland's is a simulator; Ukraine's is the test's, and may be away. */
async function twoCountries(t: TestContext, ukraineOperator: { port: number } & Partial<NewOperator>) {
  const bench = await engineBench(t);
  await bench.operator({ name: 'ukraine', ...ukraineOperator }, { prefix: '380' });
  const polish = await bench.simulator({}, { name: 'poland' }, { prefix: '48' });
  return { bench, polish };
}

async function up(bench: EngineBench, port: number): Promise<OwnOperator> {
  const operator = await ownOperator(accept, { port });
  bench.later(() => operator.close());
  return operator;
}

const delivered = (bench: EngineBench, id: number, n: number) =>
  waitFor(async () => (await bench.report(id)).messages.delivered === n, {
    timeoutMs: 120_000,
    what: `${n} to be delivered`,
  });
const done = (bench: EngineBench, id: number) =>
  waitFor(async () => (await bench.report(id)).status === 'done', {
    timeoutMs: 120_000,
    what: `campaign ${id} to be done`,
  });

test('while one operator is away from the start the messages to the other are delivered, and its own when it comes', async (t) => {
  const port = await freePort();
  const { bench, polish } = await twoCountries(t, { port });
  await bench.engine();
  // A number without a route does not wait either.
  const id = await bench.send(await bench.buyer(), {
    phones: [...mixed(ukraine(2500), poland(2500)), 34_600_000_000],
  });
  await delivered(bench, id, 2500);
  assert.deepEqual(await bench.report(id), {
    status: 'sending',
    messages: { queued: 2500, delivered: 2500, failed: 1 },
  });
  assert.deepEqual(await bench.value('select array_agg(error) from message where status = 7'), [
    Reason.noRoute,
  ]);
  const first = await up(bench, port);
  await done(bench, id);
  assert.deepEqual((await bench.report(id)).messages, { sent: 2500, delivered: 2500, failed: 1 });
  assert.deepEqual([first.submits.length, polish.submits().size], [2500, 2500]);
  assert.equal(duplicates(polish.submits()) + duplicates(perPhone(first.submits)), 0);
  await bench.stopEngines();
  await bench.sound();
});

for (const uncertain of ['resend', 'unknown'] as const) {
  test(`when an operator goes away in the middle the other is not held up, and nothing is lost (${uncertain})`, async (t) => {
    const inFlightLimit = 100;
    const first = await ownOperator(accept);
    const { bench, polish } = await twoCountries(t, { port: first.port, throttle: 500, inFlightLimit });
    await bench.engine();
    await waitFor(() => first.sessions.size === 1, { what: 'it to be connected' });
    const id = await bench.send(await bench.buyer(), {
      phones: mixed(ukraine(1500), poland(3000)),
      uncertain,
    });
    await waitFor(() => first.submits.length > 200, { what: 'some to be sent' });
    await first.close();
    await delivered(bench, id, 3000);
    const before = (await bench.report(id)).messages;
    assert.ok((before.queued ?? 0) > 0, JSON.stringify(before));
    const back = await up(bench, first.port);
    await done(bench, id);
    const { sent = 0, timedOut = 0, ...rest } = (await bench.report(id)).messages;
    assert.deepEqual(rest, { delivered: 3000 });
    assert.equal(sent + timedOut, 1500);
    const twice = duplicates(perPhone([...first.submits, ...back.submits]));
    if (uncertain === 'resend') {
      assert.equal(timedOut, 0);
      assert.ok(twice <= inFlightLimit, `${twice} twice`);
    } else {
      assert.equal(twice, 0);
      assert.ok(timedOut <= inFlightLimit, `${timedOut} uncertain`);
    }
    assert.equal(duplicates(polish.submits()), 0);
    await bench.stopEngines();
    await bench.sound();
  });
}

for (const [what, slow] of [
  ['throttled to 5 a second', { throttle: 5 }],
  ['with a window of 1', { windowSize: 1 }],
] as const) {
  test(`an operator ${what} holds up its own messages only, also those of other campaigns`, async (t) => {
    const held: (() => void)[] = [];
    const first = await ownOperator((submit, own) => {
      if ('throttle' in slow) own.accept(submit);
      else held.push(() => own.accept(submit));
    });
    const { bench } = await twoCountries(t, { port: first.port, ...slow });
    bench.later(() => first.close());
    await bench.engine();
    const buyer = await bench.buyer();
    const ids = [
      await bench.send(buyer, { phones: mixed(ukraine(3000), poland(3000)) }),
      await bench.send(buyer, { phones: mixed(ukraine(1200, 1e8), poland(1200, 1e8)) }),
    ] as const;
    await delivered(bench, ids[0], 3000);
    await delivered(bench, ids[1], 1200);
    assert.ok(first.submits.length < 3000, `${first.submits.length}`);
    assert.ok(first.submits.every(({ phone }) => isUkraine(phone)));
    for (const id of ids) await bench.stopCampaign(id);
    await waitFor(
      async () => {
        for (const answer of held.splice(0)) answer();
        return (await bench.value<number>(`select count(*) from message where status = 0`)) === 0;
      },
      { what: 'the rest to be cancelled' },
    );
    assert.equal((await bench.report(ids[0])).messages.delivered, 3000);
    await bench.stopEngines();
    assert.equal(
      await bench.value('select count(*) from message where status = $1', Status.sent),
      first.submits.length,
    );
    await bench.sound();
  });
}

test('a pause and a stop take hold of all lanes, and what is resumed is complete', async (t) => {
  const port = await freePort();
  const { bench, polish } = await twoCountries(t, { port });
  await bench.db.pool.query(`update operator set throttle = 500 where name = 'poland'`);
  await bench.engine();
  const buyer = await bench.buyer();
  const [paused, stopped] = [
    await bench.send(buyer, { phones: mixed(ukraine(1500), poland(1500)) }),
    await bench.send(buyer, { phones: mixed(ukraine(1500, 1e8), poland(1500, 1e8)) }),
  ] as const;
  await waitFor(() => polish.stats().accepted > 300, { what: 'both to be under way' });
  await actOn(bench.db.pool, 'pause', { id: paused });
  await bench.stopCampaign(stopped);
  await bench.settled(stopped);
  const { messages } = await bench.report(stopped);
  assert.equal((messages.delivered ?? 0) + (messages.failed ?? 0), 3000);
  assert.ok(messages.failed! >= 1500, JSON.stringify(messages));
  await waitFor(
    async () =>
      (await bench.value(
        'select count(*) from batch where state = 0 and lease_owner is not null and campaign_id = $1',
        paused,
      )) === 0,
    { what: 'the batches of both lanes to be given back' },
  );
  assert.equal(await bench.uncertainNow(), 0);
  assert.equal((await bench.report(paused)).status, 'paused');
  const first = await up(bench, port);
  await actOn(bench.db.pool, 'resume', { id: paused });
  await done(bench, paused);
  await delivered(bench, paused, 1500);
  assert.deepEqual((await bench.report(paused)).messages, { sent: 1500, delivered: 1500 });
  assert.equal(duplicates(polish.submits()) + duplicates(perPhone(first.submits)), 0);
  await bench.stopEngines();
  await bench.sound();
});

test('after kill -9 with one operator away nothing is lost, and no more is sent twice than the limits allow', async (t) => {
  const kills = 2;
  const inFlightLimit = 150;
  const port = await freePort();
  const bench = await engineBench(t);
  await bench.operator({ port, inFlightLimit }, { prefix: '380' });
  const polish = await bench.simulator({}, { throttle: 1500, inFlightLimit }, { prefix: '48' });
  const buyer = await bench.buyer();
  const phones = {
    resend: mixed(ukraine(3000), poland(3000)),
    unknown: mixed(ukraine(3000, 1e8), poland(3000, 1e8)),
  };
  const resend = await bench.send(buyer, { phones: phones.resend, uncertain: 'resend' });
  const unknown = await bench.send(buyer, { phones: phones.unknown, uncertain: 'unknown' });
  const serve = async () => {
    const server = child(t, ['src/main.ts', 'serve', '--roles', 'dispatch'], {
      DATABASE_URL: bench.connectionString,
      PORT: '0',
      SIMULATOR: 'off',
      LOG_LEVEL: 'info',
    });
    await server.said(/session bound/);
    return server;
  };
  const kill = async (server: Awaited<ReturnType<typeof serve>>, sent: () => number) => {
    const before = sent();
    await waitFor(() => sent() > before + 200, { timeoutMs: 120_000, what: 'messages to be sent' });
    server.kill('SIGKILL');
    await server.ended;
  };
  for (let i = 0; i < kills; i++) await kill(await serve(), () => polish.stats().accepted);
  assert.equal(
    await bench.value(`select count(*) from message where status <> 0 and phone / 1000000000 = 380`),
    0,
  );
  // And once more with both.
  const ukrainian = await startSimulator({ port, recordSubmits: true, receiptDelayMs: { min: 1, max: 20 } });
  bench.later(() => ukrainian.stop());
  await kill(await serve(), () => ukrainian.stats().accepted);
  const last = await serve();
  await bench.settled(resend, unknown);
  assert.deepEqual((await bench.report(resend)).messages, { delivered: 6000 });
  const { delivered: arrived = 0, timedOut = 0, unknown: said = 0 } = (await bench.report(unknown)).messages;
  assert.equal(arrived + timedOut + said, 6000);
  // One operator at the first kills, two at the last.
  const limit = (kills + 2) * inFlightLimit;
  const submits = new Map([...polish.submits(), ...ukrainian.submits()]);
  const twice = (list: number[]) => list.reduce((sum, p) => sum + Math.max(0, (submits.get(p) ?? 0) - 1), 0);
  assert.equal(phones.resend.filter((phone) => !submits.has(phone)).length, 0);
  assert.ok(twice(phones.resend) <= limit, `${twice(phones.resend)} twice`);
  assert.equal(twice(phones.unknown), 0);
  assert.ok(timedOut <= limit, `${timedOut} unknown`);
  t.diagnostic(
    `${twice(phones.resend)} second sends, ${timedOut} unknown after ${kills + 1} kills (limit ${limit})`,
  );
  last.kill('SIGTERM');
  assert.equal(await last.ended, 0, last.stderr());
  await bench.sound();
});

test('a campaign with three routes has no larger share of an operator than another with one', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator(accept);
  bench.later(() => operator.close());
  const port = await freePort();
  await bench.operator({ name: 'main', port: operator.port, throttle: 600 }, { prefix: '380' });
  await bench.operator({ name: 'spare', port }, { prefix: '48', priority: 1 });
  await bench.operator({ name: 'other', port }, { prefix: '49', priority: 1 });
  for (const prefix of ['48', '49']) await addRoute(bench.db, { prefix, operator: 'main' });
  const buyer = await bench.buyer();
  const three = mixed(ukraine(500), poland(500), ordinary(500, 49_500_000_000));
  const id = await bench.send(buyer, { phones: three });
  const other = await bench.send(buyer, { phones: ukraine(1500, 1e8) });
  assert.equal(await bench.value('select cardinality(routes) from campaign where id = $1', id), 3);
  assert.equal(await bench.value('select cardinality(routes) from campaign where id = $1', other), 1);
  await bench.engine();
  await waitFor(() => operator.submits.length >= 1000, { what: 'a thousand messages' });
  const its = new Set(three);
  const first = operator.submits.slice(0, 1000).filter(({ phone }) => its.has(phone));
  assert.ok(first.length > 400 && first.length < 600, `${first.length} of 1000`);
  for (const prefix of ['380', '48', '49']) {
    const share = first.filter(({ phone }) => String(phone).startsWith(prefix)).length;
    assert.ok(share > 100 && share < 240, `${share} of ${first.length} to ${prefix}`);
  }
  for (const each of [id, other]) await bench.stopCampaign(each);
  await bench.stopEngines();
  await bench.sound();
});

test('batches from before there were lanes go on, with whatever they hold', async (t) => {
  const port = await freePort();
  const { bench, polish } = await twoCountries(t, { port });
  const buyer = await bench.buyer();
  const id = await bench.send(buyer, { phones: mixed(ukraine(1500), poland(1500)) });
  // As the migration leaves them: numbers of both countries in turn, and no route.
  await bench.db.pool.query(`update batch set route = ''`);
  await bench.db.pool.query(`update campaign set routes = '{""}'`);
  await bench.db.pool.query(
    `update message m set phone = o.phone from (
       select id, row_number() over (order by phone % 1000000000, phone) as n, phone from message) o,
       (select id, row_number() over (order by id) as n from message) i
     where i.n = o.n and m.id = i.id`,
  );
  await bench.db.pool.query(
    `update batch b set (lowest_phone, highest_phone) =
       (select min(phone), max(phone) from message where id between b.first_id and b.last_id)`,
  );
  await bench.engine();
  await waitFor(() => polish.stats().accepted > 0 || polish.stats().sessions > 0, {
    what: 'it to be connected',
  });
  const first = await up(bench, port);
  await done(bench, id);
  await delivered(bench, id, 1500);
  assert.equal(first.submits.length, 1500);
  await bench.stopEngines();
  await bench.sound();
});

test('a route that changes after a campaign was accepted counts when its messages are sent', async (t) => {
  const { bench, polish } = await twoCountries(t, { port: nobody });
  const id = await bench.send(await bench.buyer(), { phones: mixed(ukraine(1200), poland(1200)) });
  await bench.engine();
  await delivered(bench, id, 1200);
  const [old] = (await listRoutes(bench.db)).filter(({ prefix }) => prefix === '380');
  // In this order: a number without any route would fail at once.
  await addRoute(bench.db, { prefix: '380', operator: 'poland' });
  await removeRoute(bench.db, old!.id);
  await delivered(bench, id, 2400);
  // It ends a moment after its last message.
  await done(bench, id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 2400 } });
  assert.equal(polish.submits().size, 2400);
  await bench.stopEngines();
  await bench.sound();
});

test('an operator that is full leaves its share to the others of its priority, and nothing to the next', async (t) => {
  const bench = await engineBench(t);
  const windowSize = 5;
  const deaf = await ownOperator(() => {});
  const [open, spare] = [await ownOperator(accept), await ownOperator(accept)];
  for (const operator of [deaf, open, spare]) bench.later(() => operator.close());
  await bench.operator({ port: deaf.port, windowSize, inFlightLimit: windowSize }, { weight: 900 });
  await bench.operator({ port: open.port }, { weight: 1 });
  await bench.operator({ port: spare.port }, { priority: 1 });
  await bench.engine();
  await waitFor(() => deaf.sessions.size + open.sessions.size + spare.sessions.size === 3, {
    what: 'all to be connected',
  });
  const id = await bench.send(await bench.buyer(), { phones: 1500 });
  await waitFor(() => open.submits.length === 1500 - windowSize, { what: 'all others to be sent' });
  assert.deepEqual([deaf.submits.length, spare.submits.length], [windowSize, 0]);
  for (const submit of deaf.submits) deaf.accept(submit);
  await done(bench, id);
  await bench.stopEngines();
  await bench.sound();
});

test('submissions, receipts and housekeeping count in slots of their own', async (t) => {
  const port = await freePort();
  const { bench } = await twoCountries(t, { port });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: mixed(ukraine(50), poland(50)) });
  await delivered(bench, id, 50);
  await bench.stopCampaign(id);
  await bench.settled(id);
  const slotsOf = (status: number, sign: string) =>
    bench.value<number[]>(
      `select array_agg(distinct slot) from campaign_count where slot > 0 and status = $1 and sign(n) = ${sign}`,
      status,
    );
  const [submissions, receipts, housekeeping] = await Promise.all([
    slotsOf(Status.sent, '1'),
    slotsOf(Status.delivered, '1'),
    slotsOf(Status.failed, '1'),
  ]);
  assert.deepEqual(receipts, [submissions![0]! + 1]);
  assert.deepEqual(housekeeping, [submissions![0]! + 2]);
  await bench.stopEngines();
  await bench.sound();
});
