// What kill -9 of the engine costs messages from subscribers: none is lost that was acknowledged, and what was not
// acknowledged the operator delivers again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from '../src/db/index.ts';
import { addOperator } from '../src/operators/index.ts';
import type { Submit } from './support/index.ts';
import { atEnd, child, createTestDatabase, ownOperator, waitedFor, waitFor } from './support/index.ts';

const letters = 300;
const textOf = (i: number) => `Letter ${i}`;

test('messages that come while the engine is killed are kept, or delivered again, and never lost', async (t) => {
  const { connectionString, drop } = await createTestDatabase();
  atEnd(t, drop);
  const db = await openDatabase({ connectionString, max: 3 });
  atEnd(t, () => db.close());
  const operator = await ownOperator((submit, own) => own.accept(submit));
  atEnd(t, () => operator.close());
  await addOperator(db, {
    ...{ name: 'own', host: '127.0.0.1', port: operator.port, systemId: 'carillon', password: 'secret' },
  });
  const serve = () =>
    child(t, ['bin/carillon.js', 'serve'], {
      ...{ DATABASE_URL: connectionString, ROLES: 'dispatch', SIMULATOR: 'off', LOG_LEVEL: 'warn' },
    });
  /** Delivers letters on the one session; which of them are acknowledged is known by their order. */
  const deliver = (from: number, to: number) => {
    const [session] = operator.sessions;
    for (let i = from; i < to; i += 1) {
      session!.deliver(
        {
          ...{ sourceTon: 1, sourceNpi: 1, source: `${380_501_000_000 + i}` },
          ...{ destinationTon: 0, destinationNpi: 0, destination: '3838', esmClass: 0, dataCoding: 0 },
          ...{ shortMessage: Buffer.from(textOf(i)), optional: new Uint8Array(0) },
        },
        {} as Submit,
      );
    }
    session!.flush();
  };
  const kept = async () => {
    const { rows } = await db.pool.query<{ text: string }>('select text from inbound_message');
    return rows.map(({ text }) => text);
  };

  const first = serve();
  await waitFor(() => operator.sessions.size === 1, { what: 'the engine to bind' });
  deliver(0, letters / 3);
  await waitFor(() => operator.acknowledged === letters / 3, { what: 'the first to be acknowledged' });
  // The rest arrives, but cannot be made durable: the engine dies with it in its hands.
  const lock = await db.pool.connect();
  await lock.query('begin');
  await lock.query('lock table inbound_message in share row exclusive mode');
  deliver(letters / 3, letters);
  await waitedFor(db, lock, 'the commit to wait');
  first.kill('SIGKILL');
  await first.ended;
  await waitFor(() => operator.sessions.size === 0, { what: 'the session to end' });
  const { acknowledged } = operator;
  await lock.query('rollback');
  lock.release();
  assert.equal(acknowledged, letters / 3, 'nothing was acknowledged that was not durable');

  serve();
  await waitFor(() => operator.sessions.size === 1, { what: 'another engine to bind' });
  // As operators do: what got no acknowledgement comes again.
  deliver(acknowledged, letters);
  await waitFor(() => operator.acknowledged === letters, { what: 'all to be acknowledged' });
  const texts = await kept();
  assert.deepEqual(
    Array.from({ length: letters }, (_, i) => textOf(i)).filter((text) => !texts.includes(text)),
    [],
    'every letter is kept',
  );
  for (let i = 0; i < acknowledged; i += 1)
    assert.equal(texts.filter((text) => text === textOf(i)).length, 1, 'what was acknowledged, once');
});
