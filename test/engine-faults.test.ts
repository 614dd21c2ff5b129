// What broken connections may cost while a campaign is sent: those to the database nothing, those to an operator what
// was unanswered on them, and a change of an operator's settings nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newClient } from '../src/db/index.ts';
import { startSimulator } from '../src/simulator/index.ts';
import { duplicates, engineBench, ownOperator, perPhone, tcpProxy, waitFor } from './support/index.ts';

test('with every database connection cut again and again nothing is lost and nothing is sent twice', async (t) => {
  const bench = await engineBench(t);
  const cuts = 5;
  const simulator = await bench.simulator({}, { throttle: 1500, inFlightLimit: 300 });
  const id = await bench.send(await bench.buyer(), { phones: 4000 });
  const client = await newClient(bench.db);
  bench.later(() => client.end());
  await bench.engine();
  for (let i = 0; i < cuts; i++) {
    const before = simulator.stats().accepted;
    await waitFor(() => simulator.stats().accepted > before + 200, { what: 'messages to be sent again' });
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
  }
  await waitFor(
    async () => {
      const { rows } = await client.query(`select count(*) as n from message where status in (0, 1, 2)`);
      return rows[0].n === 0;
    },
    { what: 'every message to be decided' },
  );
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 4000 } });
  assert.equal(simulator.submits().size, 4000);
  assert.equal(duplicates(simulator.submits()), 0);
  assert.equal(await bench.value('select count(*) from uncertain_event'), 0);
  await waitFor(() => simulator.stats().receiptsAcknowledged === 4000, { what: 'all acknowledgements' });
  await bench.stopEngines();
  await bench.sound();
});

test('an engine that cannot reach its database any more still stops', async (t) => {
  const bench = await engineBench(t);
  const url = new URL(bench.connectionString);
  const proxy = await tcpProxy(Number(url.port));
  bench.later(() => proxy.close());
  url.host = `127.0.0.1:${proxy.port}`;
  const simulator = await bench.simulator({}, { throttle: 500 });
  const id = await bench.send(await bench.buyer(), { phones: 1000 });
  const engine = await bench.engine({ databaseUrl: url.href });
  await waitFor(() => simulator.stats().accepted > 100, { what: 'messages to be sent' });
  await proxy.close();
  await engine.stop();
  // What could not be written down is below the marks: the next one knows.
  await bench.engine();
  await bench.settled(id);
  assert.deepEqual((await bench.report(id)).messages, { delivered: 1000 });
  assert.ok(
    duplicates(simulator.submits()) <=
      (await bench.value<number>('select sum(messages) from uncertain_event')),
  );
  await bench.stopEngines();
  await bench.sound();
});

for (const policy of ['resend', 'unknown'] as const) {
  test(`the socket to an operator is cut in the middle: ${policy}`, async (t) => {
    const bench = await engineBench(t);
    const cuts = 3;
    const windowSize = 40;
    const simulator = await startSimulator({
      latencyMs: { min: 20, max: 60 },
      receiptDelayMs: { min: 1, max: 20 },
      recordSubmits: true,
    });
    bench.later(() => simulator.stop());
    const proxy = await tcpProxy(simulator.port);
    bench.later(() => proxy.close());
    await bench.operator({ port: proxy.port, windowSize });
    await bench.engine();
    const id = await bench.send(await bench.buyer(), { phones: 1500, uncertain: policy });
    for (let i = 0; i < cuts; i++) {
      const before = simulator.stats().accepted;
      await waitFor(() => simulator.stats().accepted > before + 100, { what: 'messages to be sent again' });
      proxy.cut();
    }
    await bench.settled(id);
    const { messages } = await bench.report(id);
    const uncertain = await bench.value<number>('select sum(messages) from uncertain_event');
    assert.ok(uncertain > 0 && uncertain <= cuts * windowSize, `${uncertain} were uncertain`);
    const twice = duplicates(simulator.submits());
    if (policy === 'resend') {
      assert.deepEqual(messages, { delivered: 1500 });
      assert.ok(twice <= uncertain, `${twice} sent twice`);
    } else {
      assert.equal(twice, 0);
      assert.deepEqual(messages, { delivered: 1500 - uncertain, timedOut: uncertain });
    }
    await bench.stopEngines();
    await bench.sound();
  });
}

test('what a crash left uncertain stays so until it is answered, also when its next sender stops and it is cancelled', async (t) => {
  const bench = await engineBench(t);
  const uncertain = 100;
  const silent = await ownOperator(() => {});
  bench.later(() => silent.close());
  await bench.operator({ port: silent.port, inFlightLimit: 1 });
  const id = await bench.send(await bench.buyer(), { phones: 300 });
  // As a process leaves it that was killed with so many on their way.
  await bench.db.pool.query(
    'update batch set submitted_upto = first_id + $1, uncertain_upto = first_id + $1',
    [uncertain - 1],
  );
  const engine = await bench.engine();
  await waitFor(() => silent.submits.length === 1, { what: 'the first to be sent again' });
  assert.equal(await bench.uncertainNow(), uncertain);
  // Its session ends, so that its only message on its way is not waited for.
  await silent.close();
  await engine.stop();
  assert.equal(await bench.uncertainNow(), uncertain);
  await bench.stopCampaign(id);
  await bench.engine();
  await bench.settled(id);
  assert.deepEqual((await bench.report(id)).messages, { timedOut: uncertain, failed: 300 - uncertain });
  await bench.stopEngines();
  await bench.sound();
});

test('nothing is sent again before it is written down that it was perhaps sent', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator((submit, own) => {
    if (own.submits.filter(({ phone }) => phone === submit.phone).length > 1) own.accept(submit);
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, inFlightLimit: 20, windowSize: 20 });
  const id = await bench.send(await bench.buyer(), { phones: 20 });
  await bench.db.pool.query('alter table uncertain_event rename to elsewhere');
  await bench.engine();
  await waitFor(() => operator.submits.length === 20, { what: 'all to be sent' });
  for (const session of operator.sessions) session.destroy();
  await waitFor(() => operator.sessions.size === 0, { what: 'the session to end' });
  await waitFor(() => operator.sessions.size === 1, { what: 'the next session' });
  // Longer than the wait before a message is sent again.
  await new Promise((done) => setTimeout(done, 2500));
  assert.equal(operator.submits.length, 20);
  await bench.db.pool.query('alter table elsewhere rename to uncertain_event');
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent again' });
  assert.equal(operator.submits.length, 40);
  assert.equal(await bench.value('select sum(messages) from uncertain_event'), 20);
  await bench.stopEngines();
  await bench.sound();
});

test('an operator that restarts on its port gets the rest, and its receipts find their messages', async (t) => {
  const bench = await engineBench(t);
  const first = await ownOperator((submit, own) => own.accept(submit));
  await bench.operator({ port: first.port, throttle: 500 });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 600 });
  await waitFor(() => first.submits.length > 200, { what: 'messages to be sent' });
  await first.close();
  const second = await ownOperator((submit, own) => own.answer(submit, 0, `second-${submit.index}`), {
    port: first.port,
  });
  bench.later(() => second.close());
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'all to be sent' });
  for (const submit of first.submits) if (submit.id !== '') second.receipt(submit, 'DELIVRD');
  for (const submit of second.submits) second.receipt(submit, 'DELIVRD');
  await bench.settled(id);
  assert.deepEqual((await bench.report(id)).messages, { delivered: 600 });
  await bench.stopEngines();
  await bench.sound();
});

test('changing an operator’s settings while it sends costs no message and sends none twice', async (t) => {
  const bench = await engineBench(t);
  let held: (() => void)[] = [];
  const operator = await ownOperator((submit, own) => {
    held.push(() => own.accept(submit));
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, inFlightLimit: 50 });
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 200 });
  await waitFor(() => operator.outstanding === 50, { what: 'the window to be full' });
  await bench.db.pool.query('update operator set throttle = 5000');
  await waitFor(() => operator.sessions.size === 2, { what: 'the new session' });
  await waitFor(
    async () => {
      for (const answer of held) answer();
      held = [];
      return (await bench.report(id)).status === 'done';
    },
    { what: 'all to be sent' },
  );
  await waitFor(() => operator.sessions.size === 1, { what: 'the old session to end' });
  assert.deepEqual((await bench.report(id)).messages, { sent: 200 });
  assert.equal(duplicates(perPhone(operator.submits)), 0);
  assert.equal(await bench.value('select count(*) from uncertain_event'), 0);
  await bench.stopEngines();
  await bench.sound();
});

test('an engine that cannot start says why and leaves no connection behind', async (t) => {
  const bench = await engineBench(t);
  await bench.db.pool.query('alter table dispatcher rename to elsewhere');
  await assert.rejects(bench.engine(), /relation "dispatcher" does not exist/);
  await bench.stopEngines();
  const others = `select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and pid not in (select pid from pg_stat_activity where query like 'alter table%')`;
  await waitFor(async () => (await bench.value<number>(others)) === 0, { what: 'its connections to end' });
});
