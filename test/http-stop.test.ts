// How the HTTP server stops.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { testApi } from './support/api.ts';

/** Far beyond the grace that a connection has, and well below the minute that its first request may take. */
const patienceMs = 30_000;

test('a connection on which nothing was ever asked does not hold up the stop', async (t) => {
  const { app } = await testApi(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const idle = connect((app.server.address() as { port: number }).port, '127.0.0.1');
  idle.on('error', () => {});
  t.after(() => idle.destroy());
  await new Promise((done) => idle.once('connect', done));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((done) => {
    timer = setTimeout(() => done('late'), patienceMs);
  });
  assert.equal(await Promise.race([app.close().then(() => 'closed'), late]), 'closed');
  clearTimeout(timer);
});
