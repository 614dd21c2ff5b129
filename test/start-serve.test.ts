// Starting and stopping as on a user's machine: real processes, the PostgreSQL that comes with Carillon, signals.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  atEnd,
  type Child,
  call,
  child,
  createTestDatabase,
  temporaryFolder,
  waitFor,
} from './support/index.ts';

/** Small and quick: what is tested is the life of the processes, not the disk. */
const quick = { EMBEDDED_SETTINGS: 'fsync=off,shared_buffers=32MB', PORT: '0', SIMULATOR_PORT: '0' };

type Ready = { url: string; port: number; firstAdmin?: { name: string; live: string; test: string } };

function serve(t: TestContext, env: Record<string, string>, ...args: string[]): Child {
  return child(t, ['bin/carillon.js', 'serve', ...args], { ...quick, ...env });
}

async function ready(process: Child): Promise<Ready> {
  return JSON.parse((await process.said(/^\{"url".*$/m))[0]);
}

async function stop(process: Child, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  process.kill(signal);
  assert.equal(await process.ended, 0, process.stderr());
}

const phones = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ number: 346_000_00100 + index * 1000 }));
const order = (count: number) => ({ phones: phones(count), sender: 'Shop', text: 'Hello' });

async function delivered(url: string, key: string, id: number): Promise<number> {
  const { body } = await call(url, 'GET', `/api/campaigns/${id}/detail`, undefined, key);
  return body.data.statistics.delivered;
}

test('the first start shows the keys once and takes a campaign; the second start goes on with the data', async (t) => {
  const env = { DATA_DIR: await temporaryFolder(t) };
  const first = serve(t, env);
  const [, live = ''] = await first.said(/(live_\S+) +sends for real/);
  const [, key = ''] = await first.said(/(test_\S+) +reaches the simulator only/);
  const [, url = ''] = await first.said(/Carillon serves at (\S+)/);
  await first.said(/curl .*campaigns\/sms\/send/);
  await first.said(/account top-up admin/);
  const sent = await call(url, 'POST', '/api/campaigns/sms/send', order(3), key);
  assert.equal(sent.status, 200, sent.text);
  const { id } = sent.body.data;
  await waitFor(async () => (await delivered(url, key, id)) === 3, { what: 'three deliveries' });
  const broke = await call(url, 'POST', '/api/campaigns/sms/send', order(1), live);
  assert.equal(broke.status, 422, broke.text);
  await stop(first, 'SIGINT');

  const second = serve(t, env);
  const [, again = ''] = await second.said(/Carillon serves at (\S+)/);
  assert.equal(await delivered(again, key, id), 3);
  await second.said(/Ctrl-C stops it/);
  assert.doesNotMatch(second.stdout(), /live_|First start/);
  await stop(second);
});

test('a campaign that kill -9 interrupts is finished by the next start, and the doctor is content', async (t) => {
  const env = { DATA_DIR: await temporaryFolder(t) };
  const killed = serve(t, env, '--json');
  const { url, firstAdmin } = await ready(killed);
  const key = firstAdmin?.test ?? '';
  const { body } = await call(url, 'POST', '/api/campaigns/sms/send', order(10_000), key);
  killed.kill('SIGKILL');
  assert.equal(await killed.ended, 'SIGKILL');

  const next = serve(t, env, '--json');
  const again = await ready(next);
  assert.equal(again.firstAdmin, undefined);
  const report = await waitFor(
    async () => {
      const answer = await call(again.url, 'GET', `/api/campaigns/${body.data.id}/detail`, undefined, key);
      return answer.body.data.status === 'done' && answer.body.data;
    },
    { what: 'the end of the campaign', timeoutMs: 120_000 },
  );
  const sum = Object.values(report.statistics as Record<string, number>).reduce((a, b) => a + b, 0);
  assert.equal(sum, 10_000);
  const doctor = child(t, ['bin/carillon.js', 'doctor'], { ...quick, ...env });
  assert.equal(await doctor.ended, 0, doctor.stdout() + doctor.stderr());
  await stop(next);
});

test('commands work beside a running server and leave it running, and start the database without one', async (t) => {
  const env = { ...quick, DATA_DIR: await temporaryFolder(t) };
  const list = async () => {
    const command = child(t, ['bin/carillon.js', 'account', 'list', '--json'], env);
    assert.equal(await command.ended, 0, command.stderr());
    return JSON.parse(command.stdout()).map((account: { name: string }) => account.name);
  };
  assert.deepEqual(await list(), []);
  const server = serve(t, env, '--json');
  const { url } = await ready(server);
  assert.deepEqual(await list(), ['admin']);
  assert.equal((await call(url, 'GET', '/healthz')).status, 200);
  const second = serve(t, env);
  assert.equal(await second.ended, 1);
  assert.match(
    second.stderr(),
    new RegExp(`already serves from .* \\(process ${server.process.pid}\\): stop it first`),
  );
  assert.equal((await call(url, 'GET', '/healthz')).status, 200);
  await stop(server);
  assert.deepEqual(await list(), ['admin']);
});

test('a taken port is told, and the next free one is used', async (t) => {
  const { connectionString, drop } = await createTestDatabase();
  const blocker = createServer();
  const port = await new Promise<number>((done) => {
    blocker.listen(0, '127.0.0.1', () => done((blocker.address() as { port: number }).port));
  });
  atEnd(t, drop);
  atEnd(t, () => blocker.close());
  const server = serve(t, { DATABASE_URL: connectionString, PORT: String(port) });
  const [, said = ''] = await server.said(new RegExp(`port ${port} is taken: serving on (\\d+) instead`));
  assert.ok(Number(said) > port);
  assert.equal((await call(`http://127.0.0.1:${said}`, 'GET', '/healthz')).status, 200);
  await stop(server);
});

test('several processes share one database: one takes campaigns, another sends them', async (t) => {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  const env = { DATABASE_URL: connectionString };
  const api = serve(t, env, '--roles', 'api', '--json');
  const { url, firstAdmin } = await ready(api);
  const key = firstAdmin?.test ?? '';
  const sent = await call(url, 'POST', '/api/campaigns/sms/send', order(5), key);
  assert.equal(sent.status, 200, sent.text);
  const dispatchers = [1, 2].map(() => serve(t, env, '--roles', 'dispatch'));
  await Promise.all(dispatchers.map((each) => each.said(/Carillon dispatches messages/)));
  await waitFor(async () => (await delivered(url, key, sent.body.data.id)) === 5, {
    what: 'five deliveries',
  });
  await Promise.all([...dispatchers, api].map((each) => stop(each)));
});

test('the demo sends, reports, adds up and ends by itself', async (t) => {
  const env = { ...quick, DATA_DIR: await temporaryFolder(t) };
  const demo = child(t, ['bin/carillon.js', 'demo', '--count', '220', '--json'], env);
  assert.equal(await demo.ended, 0, demo.stderr());
  const { data } = JSON.parse(demo.stdout());
  const { delivered, sent, expired, failed, undelivered, unknown } = data.statistics;
  assert.deepEqual(
    { delivered, sent, expired, failed, undelivered, unknown },
    { delivered: 215, sent: 1, expired: 1, failed: 1, undelivered: 1, unknown: 1 },
  );
  assert.deepEqual([data.status, data.total_messages], ['done', 220]);
  assert.match(demo.stderr(), /\n219\/220 final: /);
});

test('the demo can be kept running, takes the curl that it shows, and stops at Ctrl-C', async (t) => {
  const env = { ...quick, DATA_DIR: await temporaryFolder(t) };
  const demo = child(t, ['bin/carillon.js', 'demo', '--count', '20', '--keep'], env);
  const [, url = '', key = ''] = await demo.said(/curl (http\S+?)\/api\S+ -H 'X-API-KEY: (live_\S+)'/);
  const [, body = ''] = await demo.said(/-d '(.*)'/);
  await demo.said(/until Ctrl-C/);
  const sent = await call(url, 'POST', '/api/campaigns/sms/send', body, key);
  assert.equal(sent.status, 200, sent.text);
  await waitFor(async () => (await delivered(url, key, sent.body.data.id)) === 1, { what: 'one delivery' });
  await stop(demo, 'SIGINT');
});
