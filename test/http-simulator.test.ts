// Proves the admin API of the simulator: it is shown and changed by administrators alone, each change is checked and
// written down, and where no simulator runs that is said.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { quirkTable, startSimulator } from '../src/simulator/index.ts';
import { admin, customer, testApi } from './support/api.ts';
import { consoleUser, signIn } from './support/console.ts';

const path = '/admin/api/simulator';

type Shown = {
  behaviour: object;
  stats: { sessions: number };
  normal: boolean;
  choices: Record<string, string[]>;
};

async function bench(t: TestContext) {
  const simulator = await startSimulator({ latencyMs: { min: 2, max: 10 }, receiptDelayMs: { mean: 50 } });
  t.after(() => simulator.stop());
  const api = await testApi(t, {}, undefined, simulator);
  return { simulator, api, boss: await admin(api) };
}

test('the simulator is shown, changed at once, and brought back to normal; each is written down', async (t) => {
  const { simulator, boss } = await bench(t);
  const shown = await boss.get(path);
  assert.equal(shown.status, 200, shown.text);
  const { behaviour, stats, normal, choices } = shown.body.data as unknown as Shown;
  assert.equal(normal, true);
  assert.equal(stats.sessions, 0);
  assert.deepEqual(behaviour, {
    response_delay_ms: { from: 2, to: 10 },
    receipt_delay_ms: { mean: 50 },
    ...{ late_ms: 300_000, throughput: null, refuse_binds: false },
    shares: { throttled: 0, refused: 0, undelivered: 0, rejected: 0, expired: 0, silent: 0 },
    quirks: {
      ...{ ids: null, receipt_ids: null, receipt_form: null, receipt_addresses: null },
      ...{ receipts_elsewhere: false, silent_after: null, unbind_after: null, ignore_enquire_link: false },
    },
  });
  assert.deepEqual(choices.receipt_form, [...quirkTable.receiptForm.of]);

  const change = {
    receipt_delay_ms: { from: 0, to: 100 },
    throughput: 50,
    refuse_binds: true,
    shares: { undelivered: 20.5, refused: 1 },
    quirks: { ids: 'hex', silent_after: 10, ignore_enquire_link: true },
  };
  const changed = await boss.patch(path, change);
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual(simulator.behaviour(), {
    latencyMs: { min: 2, max: 10 },
    receiptDelayMs: { min: 0, max: 100 },
    ...{ lateMs: 300_000, throughput: 50, refuseBinds: true },
    shares: { undelivered: 20.5, refused: 1 },
    quirks: { ids: 'hex', silentAfter: 10, ignoreEnquireLink: true },
  });
  // What is not named stays; what is null, false or 0 goes.
  await boss.patch(path, {
    quirks: { silent_after: null, ignore_enquire_link: false },
    shares: { refused: 0 },
  });
  assert.deepEqual(simulator.behaviour().quirks, { ids: 'hex' });
  assert.deepEqual(simulator.behaviour().shares, { undelivered: 20.5 });

  assert.equal((await boss.post(`${path}/reset`)).status, 200);
  assert.equal(simulator.normal(), true);
  const cut = await boss.post(`${path}/cut`);
  assert.deepEqual([cut.status, cut.body.data], [200, { sessions: 0 }]);

  const { body } = await boss.get(
    '/admin/api/audit?filter[action]=simulator&filter[subject]=operator/simulator',
  );
  const entries = body.data as never as {
    action: string;
    account_id: number;
    details: { change?: unknown };
  }[];
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['simulator.cut', 'simulator.reset', 'simulator.change', 'simulator.change'],
  );
  assert.equal(entries[0]!.account_id, boss.account.id);
  assert.deepEqual(entries[3]!.details.change, change);
});

test('what makes no sense is refused in words and changes nothing', async (t) => {
  const { simulator, boss } = await bench(t);
  const before = simulator.behaviour();
  for (const [field, body] of [
    ['shares', { shares: { refused: 60, expired: 41 } }],
    ['shares.refused', { shares: { refused: 101 } }],
    ['shares.lost', { shares: { lost: 1 } }],
    ['receipt_delay_ms.to', { receipt_delay_ms: { from: 5, to: 1 } }],
    ['receipt_delay_ms', { receipt_delay_ms: { from: 5 } }],
    ['response_delay_ms', { response_delay_ms: { from: 1, to: 2, mean: 3 } }],
    ['throughput', { throughput: 0 }],
    ['quirks.ids', { quirks: { ids: 'roman' } }],
    // An id that is given again would be another message's.
    ['quirks.first_id', { quirks: { first_id: 1 } }],
    ['body', {}],
    ['speed', { speed: 1 }],
  ] as const) {
    const answer = await boss.patch(path, body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.ok(field in answer.body.errors, `${field}: ${answer.text}`);
  }
  assert.equal(simulator.behaviour(), before);
  const { body } = await boss.get('/admin/api/audit?filter[action]=simulator');
  assert.deepEqual(body.data, []);
});

test('only administrators see and change it, with a key or in the console', async (t) => {
  const { api, boss } = await bench(t);
  const shop = await customer(api);
  const moderating = await admin(api, ['moderate', 'read', 'send']);
  const user = async (account: typeof boss.account, role: 'customer' | 'moderator' | 'administrator') =>
    signIn(api, (await consoleUser(api, account, role)).email);
  for (const caller of [
    shop,
    moderating,
    await user(shop.account, 'customer'),
    await user(boss.account, 'moderator'),
  ]) {
    for (const answer of [
      await caller.get(path),
      await caller.patch(path, { throughput: 1 }),
      await caller.post(`${path}/reset`),
      await caller.post(`${path}/cut`),
    ]) {
      assert.equal(answer.status, 403, answer.text);
    }
  }
  const administrator = await user(boss.account, 'administrator');
  assert.equal((await administrator.patch(path, { throughput: 10 })).status, 200);
});

test('where no simulator runs, that is said', async (t) => {
  const api = await testApi(t);
  const boss = await admin(api);
  for (const answer of [
    await boss.get(path),
    await boss.patch(path, { throughput: 1 }),
    await boss.post(`${path}/reset`),
    await boss.post(`${path}/cut`),
  ]) {
    assert.equal(answer.status, 404);
    assert.match(answer.body.message, /No simulator runs in this process/);
  }
});
