// Several processes on one database: they share the work, take over from each other at once, never both hold a batch,
// and a clean stop leaves nothing uncertain. Real processes, real signals.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { parseAmount } from '../src/money/index.ts';
import {
  type Child,
  call,
  child,
  duplicates,
  type EngineBench,
  engineBench,
  ordinary,
  waitFor,
} from './support/index.ts';

const inFlightLimit = 200;
/** Slow enough that whatever happens happens in the middle. */
const throttle = 1500;

async function serve(
  t: TestContext,
  bench: EngineBench,
  roles: string,
  leaseSeconds: number,
): Promise<Child> {
  const process = child(t, ['src/main.ts', 'serve', '--roles', roles], {
    DATABASE_URL: bench.connectionString,
    PORT: '0',
    SIMULATOR: 'off',
    LOG_LEVEL: 'info',
    LEASE_SECONDS: String(leaseSeconds),
  });
  await process.said(roles === 'api' ? /serves at/ : /session bound/);
  return process;
}

async function stop(process: Child): Promise<void> {
  process.kill('SIGTERM');
  assert.equal(await process.ended, 0, process.stderr());
}

/** How many dispatchers have committed that messages were sent: each writes counters of its own. */
const senders = (bench: EngineBench) =>
  bench.value<number>('select count(*) from campaign_count where status = 1 and slot > 0 and n <> 0');

test('two dispatching processes and one for the API share a campaign; when one is killed the other takes over at once', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({}, { throttle, inFlightLimit });
  // So long a lease that the test would fail if it had to end.
  const leaseSeconds = 600;
  const [one, two, api] = await Promise.all([
    serve(t, bench, 'dispatch', leaseSeconds),
    serve(t, bench, 'dispatch', leaseSeconds),
    serve(t, bench, 'api', leaseSeconds),
  ]);
  const account = await createAccount(bench.db, { name: 'customer' });
  await topUp(bench.db, account.id, parseAmount('1000'), 'test');
  const { key } = await createKey(bench.db, account.id, 'live');
  const [url = ''] = await api.said(/http:\/\/127\.0\.0\.1:\d+/);
  const { body, status, text } = await call(
    url,
    'POST',
    '/api/campaigns/sms/send',
    { phones: ordinary(8000).map((number) => ({ number })), sender: 'Shop', text: 'Hello' },
    key,
  );
  assert.equal(status, 200, text);
  const { id } = body.data;

  await waitFor(async () => (await senders(bench)) >= 2, { what: 'both to send' });
  one.kill('SIGKILL');
  await one.ended;
  const before = simulator.stats().accepted;
  assert.ok(before < 7000, 'it was killed in the middle');
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 8000 } });
  assert.equal(simulator.submits().size, 8000);
  const twice = duplicates(simulator.submits());
  const uncertain = await bench.value<number>('select coalesce(sum(messages), 0)::int from uncertain_event');
  t.diagnostic(`${twice} sent twice, ${uncertain} uncertain`);
  assert.ok(uncertain <= inFlightLimit, `${uncertain} were uncertain`);
  assert.ok(twice <= uncertain, `${twice} sent twice`);
  await Promise.all([stop(two), stop(api)]);
  assert.equal(await bench.value('select count(*) from dispatcher'), 0);
  await bench.sound();
});

/** Lets a process sleep until another one has done its work. Gives how many submit_sm it wrote when it woke. */
async function sleepPastLease(t: TestContext): Promise<number> {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({}, { throttle, inFlightLimit });
  const sleeper = await serve(t, bench, 'dispatch', 2);
  const id = await bench.send(await bench.buyer(), { phones: 6000 });
  await waitFor(() => simulator.stats().accepted > 500, { what: 'the first to send' });
  sleeper.kill('SIGSTOP');
  const other = await serve(t, bench, 'dispatch', 2);
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'the other one to finish' });
  const before = simulator.stats().submits;
  sleeper.kill('SIGCONT');
  await sleeper.said(/lease lost/);
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 6000 } });
  assert.equal(simulator.submits().size, 6000);
  const late = simulator.stats().submits - before;
  const twice = duplicates(simulator.submits());
  t.diagnostic(`${twice} sent twice, ${late} of them after it woke`);
  assert.ok(twice <= inFlightLimit, `${twice} sent twice`);
  // It works again.
  const next = await bench.send(await bench.buyer(), { phones: ordinary(300, 380_670_000_000) });
  await bench.settled(next);
  await Promise.all([stop(sleeper), stop(other)]);
  await bench.sound();
  return late;
}

test('a process that sleeps past its lease writes nothing more of what another one took over', async (t) => {
  // One that is stopped between the look at its clock and the write, a few hundredths of the time, finishes that write: no
  // program can look and write at once. Three times in a row is no such accident.
  let late = await sleepPastLease(t);
  for (let tries = 1; late > 0 && tries < 3; tries += 1) late = await sleepPastLease(t);
  assert.equal(late, 0, 'nothing was sent after it woke up');
});

test('a process that sleeps past its lease while nobody else works goes on with its batches', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({}, { throttle, inFlightLimit });
  const sleeper = await serve(t, bench, 'dispatch', 3);
  const id = await bench.send(await bench.buyer(), { phones: 3000 });
  await waitFor(() => simulator.stats().accepted > 500, { what: 'it to send' });
  sleeper.kill('SIGSTOP');
  await waitFor(
    () => bench.value('select bool_and(lease_until < now()) from batch where lease_owner is not null'),
    {
      what: 'the lease to end',
    },
  );
  sleeper.kill('SIGCONT');
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 3000 } });
  assert.equal(duplicates(simulator.submits()), 0, 'nobody else had its batches');
  await stop(sleeper);
  await bench.sound();
});

test('after a clean stop in the middle nothing is uncertain, and the next start sends the rest once', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator({ latencyMs: { min: 5, max: 30 } }, { throttle });
  const id = await bench.send(await bench.buyer(), { phones: 3000 });
  const long = await bench.send(await bench.buyer(), {
    phones: ordinary(500, 380_670_000_000),
    text: 'A long word. '.repeat(20),
  });
  for (let i = 0; i < 3; i++) {
    const before = simulator.stats().accepted;
    const process = await serve(t, bench, 'dispatch', 15);
    await waitFor(() => simulator.stats().accepted > before + 500, { what: 'messages to be sent' });
    await stop(process);
    assert.equal(await bench.value('select count(*) from batch where lease_owner is not null'), 0);
    assert.equal(await bench.uncertainNow(), 0);
    await bench.sound();
  }
  assert.ok(simulator.stats().accepted < 4000, 'it was stopped in the middle');
  await bench.engine();
  await bench.settled(id, long);
  assert.deepEqual((await bench.report(id)).messages, { delivered: 3000 });
  assert.deepEqual((await bench.report(long)).messages, { delivered: 500 });
  assert.equal(simulator.stats().accepted, 3000 + 2 * 500, 'each part once');
  assert.equal(await bench.value('select count(*) from uncertain_event'), 0);
  await bench.stopEngines();
  await bench.sound();
});
