// Proves that an operator's word counts for its own messages only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineBench, ownOperator, waitFor } from './support/index.ts';

test('an operator that reports about messages of another changes nothing', async (t) => {
  const bench = await engineBench(t);
  const honest = await ownOperator((submit, own) => own.accept(submit));
  const liar = await ownOperator((submit, own) => own.accept(submit));
  bench.later(() => honest.close());
  bench.later(() => liar.close());
  await bench.operator({ port: honest.port });
  await bench.operator({ port: liar.port }, null);
  await bench.engine();
  const id = await bench.send(await bench.buyer(), { phones: 2 });
  await waitFor(() => honest.submits.length === 2 && honest.outstanding === 0, { what: 'both submits' });
  await waitFor(() => liar.sessions.size > 0, { what: 'the session of the liar' });
  for (const submit of honest.submits) {
    liar.receipt({ ...submit, session: [...liar.sessions][0]! }, 'DELIVRD');
  }
  await waitFor(() => liar.acknowledged === 2, { what: 'the lies to be acknowledged' });
  assert.deepEqual((await bench.report(id)).messages, { sent: 2 });
  for (const submit of honest.submits) honest.receipt(submit, 'UNDELIV');
  await bench.settled(id);
  assert.deepEqual((await bench.report(id)).messages, { undelivered: 2 });
  await bench.stopEngines();
  await bench.sound();
});
