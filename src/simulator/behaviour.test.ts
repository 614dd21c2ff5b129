// Proves that the simulator may be told to behave otherwise while it runs, seen by our own client on real sockets.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { buildSubmitTemplate, Esme } from '../smpp/index.ts';
import { Recording } from '../smpp/recording.ts';
import { type Behaviour, mannerOf } from './behaviour.ts';
import { seeded } from './distribution.ts';
import { type Outcome, outcomes, type Simulator, type SimulatorOptions, startSimulator } from './index.ts';

const template = buildSubmitTemplate({
  source: { ton: 5, npi: 0, addr: 'Shop' },
  dest: { ton: 1, npi: 1 },
  esmClass: 0,
  validityPeriod: '',
  registeredDelivery: 1,
  dataCoding: 0,
  shortMessage: Buffer.from('Hello'),
});

async function bench(t: TestContext, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ latencyMs: 0, receiptDelayMs: 0, ...options });
  t.after(() => simulator.stop());
  return { simulator, client: await bound(t, simulator) };
}

async function bound(t: TestContext, { port }: Simulator): Promise<Recording> {
  const client = new Recording({ port, windowSize: 5_000 }, true);
  t.after(() => client.session.destroy());
  await client.whenBound();
  return client;
}

/** Sends so many and resolves when all are answered. */
async function send(client: Recording, count: number, ending = '000'): Promise<void> {
  const before = client.tokens.length;
  for (let i = 0; i < count; i++) client.session.submit(template, `4917000${ending}`, before + i);
  await client.until(() => client.tokens.length === before + count);
}

const whole: Record<Outcome, { status: number; receipt?: string }> = {
  throttled: { status: Esme.ESME_RTHROTTLED },
  refused: { status: Esme.ESME_RINVDSTADR },
  undelivered: { status: 0, receipt: 'UNDELIV' },
  rejected: { status: 0, receipt: 'REJECTD' },
  expired: { status: 0, receipt: 'EXPIRED' },
  silent: { status: 0 },
};

test('each outcome can be had for all messages, at once; numbers with a meaning keep it', async (t) => {
  const { simulator, client } = await bench(t);
  for (const [name, { status, receipt }] of Object.entries(whole)) {
    simulator.behave({ shares: { [name]: 100 } });
    const [answered, reported] = [client.tokens.length, client.deliveries.length];
    await send(client, 3);
    await send(client, 1, '009');
    const receipts = receipt === undefined ? ['UNKNOWN'] : [receipt, receipt, receipt, 'UNKNOWN'];
    await client.until(() => client.deliveries.length === reported + receipts.length);
    assert.deepEqual(client.statuses.slice(answered), [status, status, status, 0], name);
    assert.deepEqual(
      client.deliveries.slice(reported).map((each) => each.receipt?.state),
      receipts,
      name,
    );
  }
  assert.deepEqual(Object.keys(whole).sort(), Object.keys(outcomes).sort());
});

test('shares are met by chance, and the rest is delivered', () => {
  const behaviour: Behaviour = {
    ...{ latencyMs: 0, receiptDelayMs: 0, lateMs: 1, throughput: null, refuseBinds: false, quirks: {} },
    shares: { undelivered: 20, refused: 5, expired: 0.5 },
  };
  const manner = mannerOf(behaviour, seeded(7));
  const draws = 100_000;
  const seen = new Map<unknown, number>();
  for (let i = 0; i < draws; i++) {
    const script = manner.drawn();
    seen.set(script, (seen.get(script) ?? 0) + 1);
  }
  const near = (script: unknown, percent: number) =>
    assert.ok(Math.abs((seen.get(script) ?? 0) / draws - percent / 100) < 0.005, `${percent} %`);
  near(outcomes.undelivered, 20);
  near(outcomes.refused, 5);
  near(outcomes.expired, 0.5);
  near(undefined, 74.5);
  for (const shares of [{ refused: 60, expired: 41 }, { refused: -1 }, { refused: Number.NaN }]) {
    assert.throws(() => mannerOf({ ...behaviour, shares }, seeded(1)), RangeError);
  }
  // Ten tenths of decimal shares are no more than the whole.
  mannerOf({ ...behaviour, shares: { refused: 33.1, expired: 33.2, silent: 33.7 } }, seeded(1));
});

test('a message keeps to the behaviour that it met: its receipt has the id of its response', async (t) => {
  const { simulator, client } = await bench(t, { receiptDelayMs: 150 });
  await send(client, 1);
  simulator.behave({ quirks: { ids: 'long', receiptForm: 'bare' }, receiptDelayMs: 0 });
  await send(client, 1);
  await client.until(() => client.deliveries.length === 2);
  const ids = client.deliveries.map((each) => each.receipt?.id);
  // The second was reported first.
  assert.deepEqual(ids, [client.idOf(1), client.idOf(0)]);
  assert.match(String(ids[0]), /^carillon-/);
  assert.match(String(ids[1]), /^\d+$/);
});

test('sessions are cut, and binds refused until all is normal again', async (t) => {
  const { simulator, client } = await bench(t);
  assert.equal(simulator.normal(), true);
  simulator.behave({ refuseBinds: true });
  assert.equal(simulator.normal(), false);
  await send(client, 1);
  assert.equal(simulator.cut(), 1);
  await client.whenClosed();
  assert.equal(simulator.stats().sessions, 0);
  const refused = new Recording({ port: simulator.port });
  assert.equal((await refused.whenClosed()).status, Esme.ESME_RBINDFAIL);
  simulator.reset();
  assert.equal(simulator.normal(), true);
  const again = await bound(t, simulator);
  await send(again, 1);
});

test('a limit holds from when it is set until it is taken away', async (t) => {
  const { simulator, client } = await bench(t);
  await send(client, 2_000);
  assert.equal(simulator.stats().throttled, 0);
  simulator.behave({ throughput: 10 });
  await send(client, 500);
  const { throttled } = simulator.stats();
  assert.ok(throttled > 400, `${throttled} throttled`);
  simulator.behave({ throughput: null });
  await send(client, 1_000);
  assert.equal(simulator.stats().throttled, throttled);
});

test('a session that fell silent ends when sessions are to fall silent no longer', async (t) => {
  const { simulator, client } = await bench(t);
  simulator.behave({ quirks: { silentAfter: 1 } });
  client.session.submit(template, '491700000000', 0);
  client.session.submit(template, '491700000000', 1);
  await client.until(() => simulator.stats().submits > 0);
  simulator.reset();
  await client.whenClosed();
});

test('what makes no sense changes nothing', async (t) => {
  const { simulator } = await bench(t);
  const before = simulator.behaviour();
  for (const change of [{ shares: { refused: 101 } }, { latencyMs: { min: 5, max: 1 } }, { latencyMs: -1 }]) {
    assert.throws(() => simulator.behave(change), RangeError);
  }
  assert.equal(simulator.behaviour(), before);
});
