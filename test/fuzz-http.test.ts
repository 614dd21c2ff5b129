// Every HTTP operation against hostile requests; fuzz/http.ts says what must hold. `npm run fuzz -- --only http` tries
// more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzHttp } from '../fuzz/http.ts';
import { fuzzSettings } from '../fuzz/settings.ts';
import { createKey } from '../src/accounts/index.ts';
import { examine } from '../src/doctor/index.ts';
import { scopes } from '../src/http/index.ts';
import { startSimulator } from '../src/simulator/index.ts';
import { admin, customer, testApi } from './support/api.ts';

test('no request makes an operation fail, answer in another form, or do half of what it refuses', async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.stop());
  const api = await testApi(t, {}, undefined, simulator);
  const settings = fuzzSettings(4000);
  const [chief, shop] = [await admin(api), await customer(api, { balance: '100000' })];
  const { statuses, operations } = await fuzzHttp(
    {
      ...{ app: api.app, db: api.db },
      async newKeys() {
        const [customerKey, adminKey] = [
          await createKey(api.db, shop.account.id, 'live'),
          await createKey(api.db, chief.account.id, 'live', { scopes }),
        ];
        return { accountId: shop.account.id, customer: customerKey.key, admin: adminKey.key };
      },
    },
    settings,
  );

  const { ok, breaches } = await examine(api.db);
  assert.ok(ok, JSON.stringify(breaches));

  const all = new Map<number, number>();
  for (const seen of statuses.values()) {
    for (const [status, n] of seen) all.set(status, (all.get(status) ?? 0) + n);
  }
  t.diagnostic(`seed ${settings.seed}: ${JSON.stringify(Object.fromEntries([...all].toSorted()))}`);
  // A replay of one request cannot reach every operation.
  if (settings.first > 0 || settings.inputs < 20 * operations.length) return;
  for (const { id, body } of operations) {
    const seen = [...statuses.get(id)!.keys()];
    assert.ok(
      seen.some((status) => status < 300),
      `${id} never succeeded: ${seen}`,
    );
    if (body !== undefined) assert.ok(seen.includes(422), `${id} never refused a body: ${seen}`);
  }
});
