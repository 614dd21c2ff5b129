import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { waitFor } from '../../test/support/index.ts';
import { startSimulator } from '../simulator/index.ts';
import { createServer } from '../smpp/index.ts';
import { Backoff } from './backoff.ts';
import { Connector, type OperatorConfig } from './connector.ts';
import { OperatorCounts } from './counts.ts';

const limits = { firstMs: 10, longestMs: 80, stableAfterMs: 60_000 };
/** The least that so many waits in a row last: half of each is certain. */
const least = (waits: number) =>
  Array.from({ length: waits }, (_, i) => Math.min(80, 10 * 2 ** i) / 2).reduce((sum, ms) => sum + ms, 0);

test('waits double up to the longest, half of each by chance, and begin anew only after a stable session', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          bound: fc.option(fc.nat(100_000)),
          chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
        }),
      ),
      (ends) => {
        let chance = 0;
        const backoff = new Backoff(limits, () => chance);
        let inARow = 0;
        for (const end of ends) {
          if (end.bound !== null && end.bound > limits.stableAfterMs) inARow = 0;
          chance = end.chance;
          const wait = Math.min(limits.longestMs, limits.firstMs * 2 ** inARow);
          assert.ok(Math.abs(backoff.failed(end.bound) - (wait / 2) * (1 + end.chance)) < 1e-9);
          inARow++;
        }
      },
    ),
  );
});

function connectTo(port: number, sessions: number): Connector<never> {
  const config: OperatorConfig = {
    ...{
      id: 1,
      name: 'north',
      simulator: false,
      host: '127.0.0.1',
      port,
      receiverHost: null,
      receiverPort: null,
    },
    ...{ tls: false, systemId: 'me', password: 'secret', systemType: '', bindMode: 'transceiver', sessions },
    ...{
      windowSize: 10,
      inFlightLimit: 10,
      throttle: null,
      responseTimeoutMs: 30_000,
      enquireLinkMs: 30_000,
    },
    messageIdFormat: 'auto',
  };
  const nothing = () => {};
  const handlers = {
    answered: nothing,
    delivered: nothing,
    unanswered: nothing,
    late: nothing,
    returned: nothing,
  };
  return new Connector<never>(
    config,
    { ...handlers, changed: nothing, mayWrite: () => true, log: nothing },
    new OperatorCounts(),
    limits,
  );
}

test('a session that is refused for the limit of sessions binds again and again, but never hammers', async (t) => {
  const simulator = await startSimulator({ sessionsLimit: 1 });
  t.after(() => simulator.stop());
  const connector = connectTo(simulator.port, 2);
  t.after(() => connector.stop());
  const attempts = 12;
  const since = performance.now();
  connector.start();
  await waitFor(() => simulator.stats().bindsRefused >= attempts, { what: 'the refusals' });
  const passed = performance.now() - since;
  const { bindsRefused, binds } = simulator.stats();
  assert.ok(passed >= least(bindsRefused - 1), `${bindsRefused} refusals in ${passed} ms`);
  assert.equal(binds, 1, 'the other one stays');
  assert.ok(connector.up);
});

test('an operator that lets in and unbinds at once does not make the waits begin anew', async (t) => {
  let binds = 0;
  const server = await createServer<never>(
    {
      ...{ host: '127.0.0.1', port: 0, systemId: 'flapping', authenticate: () => 0, windowSize: 10 },
      ...{ enquireLinkMs: 30_000, bindTimeoutMs: 10_000 },
    },
    (session) => {
      binds++;
      void session.unbind();
      return { onSubmits() {}, onAcknowledged() {}, onClosed() {} };
    },
  );
  t.after(() => server.close());
  const connector = connectTo(server.port, 1);
  t.after(() => connector.stop());
  const since = performance.now();
  connector.start();
  await waitFor(() => binds >= 12, { what: 'the binds' });
  const passed = performance.now() - since;
  assert.ok(passed >= least(binds - 1), `${binds} binds in ${passed} ms`);
});
