import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { atEnd, scrape, testDatabase } from '../../test/support/index.ts';
import { type MonitorOptions, startMonitor } from './monitor.ts';
import { remembered } from './remembered.ts';

async function monitor(t: TestContext, engine?: MonitorOptions['engine']) {
  const its = await startMonitor({
    db: await testDatabase(t),
    ...{ version: '1', roles: ['dispatch'], listen: { host: '127.0.0.1', port: 0 } },
    ...(engine === undefined ? {} : { engine }),
  });
  atEnd(t, its.stop);
  return its;
}

test('an engine that never answers is neither alive nor ready, and the metrics of the rest are there', async (t) => {
  const its = await monitor(t, () => new Promise(() => {}));
  its.started();
  const problems = ['The engine does not answer.'];
  assert.deepEqual(await its.live(), { ok: false, problems });
  assert.deepEqual(await its.ready(), { ok: false, problems });
  const { sum, samples } = await scrape(its.port);
  assert.equal(sum('carillon_engine_up'), 0);
  assert.equal(sum('carillon_database_up'), 1);
  assert.ok(!samples.some(({ name }) => name === 'carillon_parts_taken_total'));
});

test('an engine that fails to answer counts as one that does not', async (t) => {
  const its = await monitor(t, async () => {
    throw new Error('the thread has ended');
  });
  assert.equal((await its.live()).ok, false);
});

test('a process is alive while it starts and stops, and ready only between', async (t) => {
  const its = await monitor(t);
  assert.deepEqual(await its.ready(), { ok: false, problems: ['Carillon is starting.'] });
  assert.equal((await its.live()).ok, true);
  its.started();
  assert.deepEqual(await its.ready(), { ok: true, problems: [] });
  its.stopping();
  its.started();
  assert.deepEqual(await its.ready(), { ok: false, problems: ['Carillon is stopping.'] });
  assert.equal((await its.live()).ok, true);
});

test('its address knows three pages, to be read only', async (t) => {
  const { port } = await monitor(t);
  const status = async (path: string, method = 'GET') =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
  assert.deepEqual(
    await Promise.all([
      status('/'),
      status('/metrics?x=1'),
      status('/metrics', 'POST'),
      status('/api/campaigns'),
    ]),
    [404, 200, 405, 404],
  );
});

test('many who ask at once cost one question, also where it fails, and the answer is kept', async () => {
  let asked = 0;
  const ask = remembered(async () => {
    asked++;
    await new Promise((done) => setImmediate(done));
    if (asked === 1) throw new Error('first');
    return asked;
  }, 60_000);
  const first = await Promise.allSettled([ask(), ask(), ask()]);
  assert.deepEqual(
    first.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  await assert.rejects(ask());
  assert.equal(asked, 1);
  const always = remembered(async () => ++asked, 0);
  await always();
  await always();
  assert.equal(asked, 3);
});
