// What Carillon tells Prometheus: that the numbers are those of what happened, and that the dashboard, the alert rules
// and the documentation speak of metrics that there are.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { examine, recordExamination } from '../src/doctor/index.ts';
import {
  atEnd,
  call,
  child,
  createTestDatabase,
  engineBench,
  ordinary,
  ownOperator,
  scrape,
  startTestCarillon,
  type TestCarillon,
  waitFor,
} from './support/index.ts';

const monitored = { METRICS_PORT: '0' };

async function send(carillon: TestCarillon, phones: readonly number[]): Promise<number> {
  const { status, body, text } = await carillon.call('POST', '/api/campaigns/sms/send', {
    phones: phones.map((number) => ({ number })),
    sender: 'Shop',
    text: 'Hello',
  });
  assert.equal(status, 200, text);
  return body.data.id;
}

async function statistics(carillon: TestCarillon, id: number): Promise<Record<string, number>> {
  return (await carillon.call('GET', `/api/campaigns/${id}/detail`)).body.data.statistics;
}

test('the numbers are those of what happened', async (t) => {
  const carillon = await startTestCarillon(t, { env: monitored });
  // The last three digits say what becomes of them: undelivered, expired, refused, twice, throttled twice, unknown.
  const magic = [1, 2, 3, 7, 8, 9].map((ending) => 380_670_000_000 + ending);
  const phones = [...ordinary(94), ...magic];
  const before = await scrape(carillon.metricsPort);
  assert.equal(before.sum('carillon_parts_taken_total'), 0);
  const id = await send(carillon, phones);
  await waitFor(async () => (await statistics(carillon, id)).delivered === 96, { what: 'the deliveries' });
  const after = await waitFor(
    async () => {
      const now = await scrape(carillon.metricsPort);
      return now.sum('carillon_receipts_total') === 100 && now.sum('carillon_journal_backlog') === 0 && now;
    },
    { what: 'the receipts' },
  );
  const operator = 'simulator';
  const answers = (result: string) => after.sum('carillon_submit_answers_total', { operator, result });
  assert.equal(after.sum('carillon_parts_taken_total'), 100);
  assert.equal(after.sum('carillon_parts_sent_total'), 99);
  assert.equal(after.sum('carillon_parts_failed_total'), 1);
  assert.equal(after.sum('carillon_submit_written_total', { operator }), 102);
  assert.deepEqual(['accepted', 'refused', 'throttled', 'temporary'].map(answers), [99, 1, 2, 0]);
  assert.equal(after.sum('carillon_submit_response_seconds_count', { operator }), 102);
  const receipts = (state: string) => after.sum('carillon_receipts_total', { operator, state });
  assert.deepEqual(['delivered', 'undelivered', 'expired', 'unknown'].map(receipts), [97, 1, 1, 1]);
  const delays = after.sum('carillon_receipt_delay_seconds_count', { operator });
  assert.equal(after.sum('carillon_receipts_matched_total', { way: 'memory' }), delays);
  assert.equal(
    after.sum('carillon_receipts_matched_total') + after.sum('carillon_receipts_orphaned_total'),
    100,
  );
  assert.equal(after.sum('carillon_journal_group_entries_sum', { journal: 'submissions' }), 100);
  assert.equal(after.sum('carillon_journal_group_entries_sum', { journal: 'receipts' }), 100);
  assert.ok(after.sum('carillon_journal_commit_seconds_count', { journal: 'submissions' }) > 0);
  assert.equal(after.sum('carillon_operator_sessions', { operator, state: 'bound' }), 1);
  assert.equal(after.sum('carillon_operator_in_flight'), 0);
  assert.equal(after.sum('carillon_operator_uncommitted'), 0);
  assert.equal(after.sum('carillon_uncertain_total'), 0);
  const route = '/api/campaigns/sms/send';
  assert.equal(after.sum('carillon_http_requests_total', { method: 'POST', route, status: '200' }), 1);
  assert.equal(after.sum('carillon_http_request_seconds_count', { method: 'POST', route }), 1);
  assert.ok(after.sum('carillon_http_requests_total', { route: '/api/campaigns/:id/detail' }) > 0);
  assert.equal(after.sum('carillon_ready'), 1);
});

test('the queue is counted by what its campaigns do, and an operator that is down is seen', async (t) => {
  const carillon = await startTestCarillon(t, { env: { ...monitored, SIMULATOR: 'off' }, routed: false });
  const { pool } = carillon.db;
  await pool.query(
    `with o as (insert into operator (name, host, port, system_id, password)
       values ('gone', '127.0.0.1', 1, 'me', 'secret') returning id)
     insert into route (prefix, operator_id) select '', id from o`,
  );
  const paused = await send(carillon, ordinary(30));
  await send(carillon, ordinary(50));
  await waitFor(async () => {
    const { status } = await carillon.call('PATCH', `/api/campaigns/${paused}/pause`);
    return status === 200;
  });
  const now = await waitFor(
    async () => {
      const seen = await scrape(carillon.metricsPort);
      return (
        seen.sum('carillon_queue_messages', { status: 'sending' }) === 50 &&
        seen.sum('carillon_queue_messages', { status: 'paused' }) === 30 &&
        seen.samples.some(({ labels }) => labels.operator === 'gone') &&
        seen
      );
    },
    { what: 'the queue' },
  );
  assert.equal(now.sum('carillon_campaigns', { status: 'sending' }), 1);
  assert.equal(now.sum('carillon_campaigns', { status: 'scheduled' }), 0);
  assert.equal(now.sum('carillon_dispatchers'), 1);
  assert.equal(now.sum('carillon_operator_sessions', { operator: 'gone', state: 'configured' }), 1);
  assert.equal(now.sum('carillon_operator_sessions', { operator: 'gone', state: 'bound' }), 0);
});

test('orphans, time-outs and lost sessions are counted', async (t) => {
  const bench = await engineBench(t);
  const operator = await ownOperator((submit, own) => {
    // The first is never answered; the second gets another id in its receipt.
    if (submit.index > 0) own.accept(submit);
  });
  bench.later(() => operator.close());
  await bench.operator({ port: operator.port, name: 'own', responseTimeoutMs: 200 });
  const engine = await bench.engine();
  const now = async () => {
    const metrics = await engine.metrics();
    assert.ok(metrics);
    // Nothing but plain values: it may come from a thread of its own.
    assert.deepEqual(structuredClone(metrics), JSON.parse(JSON.stringify(metrics)));
    return { ...metrics, operator: metrics.operators[0]! };
  };
  const id = await bench.send(await bench.buyer(), { phones: 2 });
  await waitFor(async () => (await now()).operator.answers.timed_out === 1, { what: 'the time-out' });
  const accepted = await waitFor(() => operator.submits.find((submit) => submit.id !== ''));
  accepted.id = 'somebody-else';
  operator.receipt(accepted, 'DELIVRD');
  await waitFor(async () => (await now()).receipts.orphaned === 1, { what: 'the orphan' });
  for (const session of operator.sessions) session.destroy();
  await waitFor(async () => (await now()).operator.sessionsLost === 1, { what: 'the lost session' });
  const { counts, takenOver, operator: its } = await now();
  assert.equal(counts.uncertain - takenOver, its.answers.timed_out + its.answers.disconnected);
  await waitFor(async () => (await bench.report(id)).status === 'done', { what: 'the end' });
});

test('every role answers on METRICS_PORT, also of an engine in a thread, and never on the port of the API', async (t) => {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  const env = { DATABASE_URL: connectionString, PORT: '0', SIMULATOR_PORT: '0', METRICS_PORT: '0' };
  const dispatch = child(t, ['src/main.ts', 'serve', '--roles', 'dispatch', '--json'], env);
  const { metricsPort } = JSON.parse((await dispatch.said(/^\{.*"metricsPort".*$/m))[0]);
  const here = await scrape(metricsPort);
  assert.equal(here.sum('carillon_build_info', { roles: 'dispatch' }), 1);
  assert.equal(here.sum('carillon_engine_up'), 1);
  for (const path of ['/healthz', '/readyz']) {
    assert.equal((await call(`http://127.0.0.1:${metricsPort}`, 'GET', path)).status, 200, path);
  }
  const api = child(t, ['src/main.ts', 'serve', '--roles', 'api', '--json'], env);
  const its = JSON.parse((await api.said(/^\{.*"metricsPort".*$/m))[0]);
  assert.equal((await call(its.url, 'GET', '/metrics')).status, 404);
  // A request is counted when its answer is sent, which may be after the answer has come.
  const counted = (seen: Awaited<ReturnType<typeof scrape>>) =>
    seen.samples.some(({ labels }) => labels.route === '/*');
  const there = await waitFor(async () => {
    const seen = await scrape(its.metricsPort);
    return counted(seen) && seen;
  });
  assert.ok(!there.names.has('carillon_parts_taken_total'));
  assert.equal(there.sum('carillon_http_requests_total', { route: '/*', status: '404' }), 1);
  const both = child(t, ['src/main.ts', 'serve', '--json'], env);
  const threaded = JSON.parse((await both.said(/^\{.*"metricsPort".*$/m))[0]);
  const fromThread = await scrape(threaded.metricsPort);
  assert.equal(fromThread.sum('carillon_engine_up'), 1);
  assert.equal(fromThread.sum('carillon_parts_taken_total'), 0);
  assert.equal(fromThread.sum('carillon_ready'), 1);
  const second = child(t, ['src/main.ts', 'serve', '--roles', 'api'], {
    ...env,
    METRICS_PORT: String(metricsPort),
  });
  assert.equal(await second.ended, 1);
  assert.match(second.stderr(), new RegExp(`port ${metricsPort} is taken: set METRICS_PORT to another one`));
});

const metric = /\b(?:carillon|process|nodejs)_\w+/g;

/** The expressions of a dashboard or of rules, wherever they are. */
function expressions(of: unknown): string[] {
  if (typeof of !== 'object' || of === null) return [];
  return Object.entries(of).flatMap(([key, value]) =>
    key === 'expr' && typeof value === 'string' ? [value] : expressions(value),
  );
}

const ops = (path: string) => readFile(new URL(`../ops/${path}`, import.meta.url), 'utf8');

test('every metric of the dashboard and of the alert rules is exposed, with the labels they ask for', async (t) => {
  const carillon = await startTestCarillon(t, { env: monitored });
  await recordExamination(carillon.db, await examine(carillon.db), 0.1);
  await carillon.call('GET', '/api/accounts/balance');
  const exposed = await scrape(carillon.metricsPort);
  const dashboard = expressions(JSON.parse(await ops('grafana/carillon.json')));
  const rules = expressions(parse(await ops('prometheus/alerts.yml')));
  assert.ok(dashboard.length > 50 && rules.length > 20);
  const { scrape_configs, rule_files } = parse(await ops('prometheus/prometheus.yml'));
  assert.deepEqual([scrape_configs[0].job_name, rule_files], ['carillon', ['alerts.yml']]);
  for (const expression of [...dashboard, ...rules]) {
    const names = [...expression.matchAll(metric)].map(([name]) => name);
    assert.ok(names.length > 0 || expression.startsWith('up{'), expression);
    for (const name of names) {
      assert.ok(exposed.names.has(name), `${name} is not exposed: ${expression}`);
      assert.ok(
        exposed.samples.some((sample) => sample.name === name),
        `${name} has no sample`,
      );
    }
    for (const [, name = '', labels = ''] of expression.matchAll(/(carillon_\w+)\{([^}]*)\}/g)) {
      for (const [, label = '', value] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
        exposed.sum(name, { [label]: value ?? '' });
      }
    }
  }
});

test('every metric of Carillon is on the dashboard and in the documentation, and nothing else is in it', async (t) => {
  const carillon = await startTestCarillon(t, { env: monitored });
  const { text } = await scrape(carillon.metricsPort);
  const own = [...text.matchAll(/^# TYPE (carillon_\w+) /gm)].map(([, name]) => name!);
  const shown = new Set((await ops('grafana/carillon.json')).match(metric));
  const documentation = await readFile(new URL('../docs/operations.md', import.meta.url), 'utf8');
  const described = new Set([...documentation.matchAll(/^\| `(carillon_\w+)/gm)].map(([, name]) => name!));
  const bare = [...shown].map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  assert.deepEqual(
    own.filter((name) => !bare.includes(name) && !shown.has(name)),
    [],
  );
  assert.deepEqual([...described].sort(), own.sort());
});
