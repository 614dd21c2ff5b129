// An operator is removed when nothing needs it any more, and no receipt loses its message by that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeOrphans } from '../src/engine/orphans.ts';
import { addRoute, listOperators, listRoutes, removeOperator, removeRoute } from '../src/operators/index.ts';
import { engineBench, ordinary, ownOperator, waitedFor, waitFor } from './support/index.ts';

async function setUp(t: Parameters<typeof engineBench>[0], routed = true) {
  const bench = await engineBench(t);
  const own = await ownOperator(() => {});
  bench.later(() => own.close());
  await bench.operator({ name: 'north', port: own.port }, routed ? {} : null);
  const [north] = await listOperators(bench.db);
  const remove = () => removeOperator(bench.db, north!.id);
  return { bench, own, remove, id: north!.id };
}

test('an operator stays while routes lead to it, messages are with it, or receipts are to come', async (t) => {
  const { bench, own, remove } = await setUp(t);
  await bench.engine();
  const campaign = await bench.send(await bench.buyer(), { phones: 3 });
  await waitFor(() => own.submits.length === 3, { what: 'the messages to reach the operator' });

  const [route] = await listRoutes(bench.db);
  await assert.rejects(remove(), { statusCode: 409, message: new RegExp(`route ${route!.id} to north`) });
  await removeRoute(bench.db, route!.id);
  await assert.rejects(remove(), {
    statusCode: 409,
    message: new RegExp(`campaign ${campaign}: .*on their way`),
  });

  for (const submit of own.submits) own.accept(submit);
  await waitFor(async () => (await bench.report(campaign)).messages.sent === 3, { what: 'the answers' });
  await assert.rejects(remove(), { statusCode: 409, message: /took 3 messages that have no final receipt/ });
  own.receipt(own.submits[0]!, 'ACCEPTD');
  own.receipt(own.submits[1]!, 'DELIVRD');
  own.receipt(own.submits[2]!, 'DELIVRD');
  await waitFor(async () => (await bench.report(campaign)).messages.delivered === 2, { what: 'receipts' });
  await waitFor(async () => (await bench.report(campaign)).messages.accepted === 1, { what: 'receipts' });
  await assert.rejects(remove(), { statusCode: 409, message: /took 1 message that has no final receipt/ });
  own.receipt(own.submits[0]!, 'DELIVRD');
  await bench.settled(campaign);

  assert.equal((await remove()).name, 'north');
  await waitFor(() => own.sessions.size === 0, { what: 'its sessions to be closed' });
  assert.deepEqual(await bench.report(campaign), { status: 'done', messages: { delivered: 3 } });
  await assert.rejects(remove(), { statusCode: 404 });
  await bench.stopEngines();
  await bench.sound();
});

test('what goes on elsewhere is not in the way', async (t) => {
  const { bench, own, remove } = await setUp(t, false);
  const other = await ownOperator(() => {});
  bench.later(() => other.close());
  await bench.operator({ name: 'south', port: other.port });
  await bench.engine();
  const campaign = await bench.send(await bench.buyer(), { phones: 2 });
  await waitFor(() => other.submits.length === 2, { what: 'the messages to reach the other' });
  other.accept(other.submits[0]!);
  await waitFor(async () => (await bench.report(campaign)).messages.sent === 1, { what: 'an answer' });
  await remove();
  assert.equal(own.submits.length, 0);
  assert.deepEqual(
    (await listOperators(bench.db)).map(({ name }) => name),
    ['south'],
  );
});

test('a campaign that began long after the last route was removed is not in the way', async (t) => {
  const { bench, own, remove, id } = await setUp(t);
  await bench.engine();
  await bench.send(await bench.buyer(), { phones: 1 });
  await waitFor(() => own.submits.length === 1, { what: 'the message' });
  await removeRoute(bench.db, (await listRoutes(bench.db))[0]!.id);
  await assert.rejects(remove(), /on their way/);
  await bench.db.pool.query(
    `update operator set route_removed_at = now() - interval '1 hour' where id = $1`,
    [id],
  );
  await remove();
});

test('messages of test keys on their way to a simulator are in the way without any route', async (t) => {
  const { bench, own, remove } = await setUp(t, false);
  await bench.db.pool.query('update operator set simulator = true');
  await bench.engine();
  await bench.send(await bench.buyer('test'), { phones: ordinary(1) });
  await waitFor(() => own.submits.length === 1, { what: 'the message' });
  await assert.rejects(remove(), { statusCode: 409, message: /on their way/ });
});

test('a receipt that waits for its message finds it when the operator is gone', async (t) => {
  const { bench, own, remove, id } = await setUp(t);
  await bench.engine();
  const campaign = await bench.send(await bench.buyer(), { phones: 1 });
  await waitFor(() => own.submits.length === 1, { what: 'the message' });
  own.accept(own.submits[0]!);
  await waitFor(async () => (await bench.report(campaign)).status === 'done', { what: 'the answer' });
  await bench.db.pool.query(`update batch set deadline = now() where campaign_id = $1`, [campaign]);
  await waitFor(async () => (await bench.report(campaign)).messages.timedOut === 1, { what: 'the time-out' });
  await removeRoute(bench.db, (await listRoutes(bench.db))[0]!.id);
  await remove();
  await bench.stopEngines();
  await bench.db.pool.query(
    `insert into orphan_receipt (connector_id, smsc_message_id, phone, status, error)
     values ($1, $2, $3, 3, 0)`,
    [id, own.submits[0]!.id, String(own.submits[0]!.phone)],
  );
  assert.equal((await takeOrphans(bench.db.pool, [], 0, 1)).matched, 1);
  assert.deepEqual(await bench.report(campaign), { status: 'done', messages: { delivered: 1 } });
  await bench.sound();
});

test('a route cannot be added to an operator that is removed at the same time', async (t) => {
  const { bench, id } = await setUp(t, false);
  const removing = await bench.db.pool.connect();
  try {
    await removing.query('begin');
    await removing.query('delete from operator where id = $1', [id]);
    const adding = assert.rejects(addRoute(bench.db, { prefix: '', operator: 'north' }), { statusCode: 404 });
    await waitedFor(bench.db, removing, 'the route to wait');
    await removing.query('commit');
    await adding;
  } finally {
    removing.release();
  }
});
