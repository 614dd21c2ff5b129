// Whether /healthz and /readyz tell the truth: the database is really taken away, the schema changed, a table broken, an
// operator gone, the process stopped; and each comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  atEnd,
  call,
  ordinary,
  scrape,
  startTestCarillon,
  type TcpProxy,
  type TestCarillon,
  tcpProxy,
  waitFor,
} from './support/index.ts';

const monitored = { METRICS_PORT: '0', LEASE_SECONDS: '2' };

function probe({ metricsPort }: TestCarillon, path: '/healthz' | '/readyz') {
  return call(`http://127.0.0.1:${metricsPort}`, 'GET', path);
}

/** Waits for a verdict of /readyz that names this, or for one that is good. */
function readiness(carillon: TestCarillon, problem: RegExp | null) {
  return waitFor(
    async () => {
      const { status, body } = await probe(carillon, '/readyz');
      if (problem === null) return status === 200 && body;
      return status === 503 && problem.test(body.problems.join(' ')) && body;
    },
    { what: `/readyz to say ${problem ?? 'ready'}` },
  );
}

test('without its database a process is alive and not ready, and ready again when it is back', async (t) => {
  let proxy: TcpProxy | undefined;
  let to = 0;
  const carillon = await startTestCarillon(t, {
    env: monitored,
    async databaseUrl(direct) {
      const url = new URL(direct);
      to = Number(url.port);
      proxy = await tcpProxy(to);
      url.host = `127.0.0.1:${proxy.port}`;
      return url.href;
    },
  });
  atEnd(t, () => proxy?.close());
  const { port } = proxy!;
  await readiness(carillon, null);
  assert.equal((await carillon.call('GET', '/readyz', undefined, null)).status, 200);

  await proxy!.close();
  const body = await readiness(carillon, /The database does not answer/);
  assert.equal(body.status, 'not ready');
  await readiness(carillon, /Leases are not renewed in time/);
  const api = await carillon.call('GET', '/readyz', undefined, null);
  assert.equal(api.status, 503);
  assert.deepEqual(Object.keys(api.body), ['message']);
  assert.match(api.body.message, /The database does not answer\./);
  assert.equal((await probe(carillon, '/healthz')).status, 200);
  assert.equal((await carillon.call('GET', '/healthz', undefined, null)).status, 200);
  const away = await scrape(carillon.metricsPort);
  assert.equal(away.sum('carillon_database_up'), 0);
  assert.equal(away.sum('carillon_ready'), 0);
  assert.ok(away.sum('carillon_lease_renewals_failed_total') > 0);
  assert.ok(!away.samples.some(({ name }) => name === 'carillon_queue_messages'));

  proxy = await tcpProxy(to, { port });
  await readiness(carillon, null);
  assert.equal((await carillon.call('GET', '/readyz', undefined, null)).status, 200);
  await waitFor(async () => (await scrape(carillon.metricsPort)).sum('carillon_database_up') === 1, {
    what: 'the numbers of the database',
  });
});

test('a schema of another version, leases that cannot be renewed and a journal that fails make it unready', async (t) => {
  const carillon = await startTestCarillon(t, { env: monitored });
  const { pool } = carillon.db;
  await readiness(carillon, null);
  await pool.query(
    `insert into schema_migration (version, name, checksum) values (9999, '9999_later.sql', '')`,
  );
  await readiness(carillon, /changed by another version of Carillon/);
  await pool.query('delete from schema_migration where version = 9999');
  await readiness(carillon, null);
  const { rows } = await pool.query('delete from schema_migration where version = 1 returning *');
  await readiness(carillon, /lacks migrations/);
  await pool.query(
    'insert into schema_migration select * from jsonb_populate_record(null::schema_migration, $1)',
    [rows[0]],
  );
  await readiness(carillon, null);

  await pool.query('alter table batch rename to elsewhere');
  await readiness(carillon, /Leases are not renewed in time/);
  await pool.query('alter table elsewhere rename to batch');
  await readiness(carillon, null);

  await pool.query('alter table submission rename to elsewhere');
  const sent = await carillon.call('POST', '/api/campaigns/sms/send', {
    phones: ordinary(5).map((number) => ({ number })),
    sender: 'Shop',
    text: 'Hello',
  });
  await readiness(carillon, /The journal of submissions cannot be written/);
  const failing = await scrape(carillon.metricsPort);
  assert.ok(failing.sum('carillon_journal_failures_total', { journal: 'submissions' }) > 0);
  assert.equal(failing.sum('carillon_journal_backlog', { journal: 'submissions' }), 5);
  await pool.query('alter table elsewhere rename to submission');
  await readiness(carillon, null);
  await waitFor(
    async () => {
      const { body } = await carillon.call('GET', `/api/campaigns/${sent.body.data.id}/detail`);
      return body.data.statistics.delivered === 5;
    },
    { what: 'the deliveries' },
  );
});

test('an operator that is down is shown, and does not make the process unready', async (t) => {
  const carillon = await startTestCarillon(t, { env: monitored });
  await carillon.db.pool.query(
    `insert into operator (name, host, port, system_id, password) values ('gone', '127.0.0.1', 1, 'me', 'secret')`,
  );
  const body = await waitFor(
    async () => {
      const ready = await readiness(carillon, null);
      return ready.operators.length === 2 && ready;
    },
    { what: 'the operators' },
  );
  const shown = Object.fromEntries(
    body.operators.map((operator: { name: string }) => [operator.name, operator]),
  );
  assert.deepEqual(shown.gone, { name: 'gone', configured: 1, bound: 0 });
  assert.deepEqual(shown.simulator, { name: 'simulator', configured: 1, bound: 1 });
  const api = await carillon.call('GET', '/readyz', undefined, null);
  assert.deepEqual([api.status, api.body], [200, { status: 'ready' }]);
});

test('while it stops it is not ready, and answers until the end', async (t) => {
  const carillon = await startTestCarillon(t, {
    env: monitored,
    simulator: { latencyMs: { min: 3000, max: 3000 }, receiptDelayMs: { min: 1, max: 1 } },
  });
  await carillon.call('POST', '/api/campaigns/sms/send', {
    phones: [{ number: ordinary(1)[0] }],
    sender: 'Shop',
    text: 'Hello',
  });
  await waitFor(async () => (await scrape(carillon.metricsPort)).sum('carillon_operator_in_flight') === 1, {
    what: 'the message to be on its way',
  });
  const stopped = carillon.stop();
  const { problems } = await readiness(carillon, /Carillon is stopping/);
  assert.ok(problems.includes('The engine is stopping.') || problems.length === 1);
  assert.equal((await probe(carillon, '/healthz')).status, 200);
  await stopped;
  await assert.rejects(probe(carillon, '/healthz'));
  assert.equal(await sentMessages(carillon), 1);
});

async function sentMessages({ databaseUrl }: TestCarillon): Promise<number> {
  const { openDatabase } = await import('../src/db/index.ts');
  const db = await openDatabase({ connectionString: databaseUrl, max: 1 });
  try {
    const { rows } = await db.pool.query('select count(*) from message where status in (1, 3)');
    return rows[0].count;
  } finally {
    await db.close();
  }
}
