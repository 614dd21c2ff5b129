// Proves the statement of an account over HTTP: every row once over all pages, with exact running balances.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, customer, testApi } from './support/api.ts';

type Row = { id: number; kind: string; amount: number; held: number; balance: number; total_held: number };
type Meta = { page: { total: number }; opening: number; closing: number };

test('a statement runs on over its pages, and over any period', async (t) => {
  const api = await testApi(t);
  const { get, post } = await admin(api);
  const buyer = await customer(api, { balance: '100' });
  await api.db.pool.query(`update rate set price_e7 = 1000001 where prefix = '34'`);
  const phones = Array.from({ length: 3 }, (_, i) => ({ number: 34600000000 + i }));
  await buyer.post('/api/campaigns/sms/send', { sender: 'Shop', text: 'Hello', phones });
  await post(`/admin/api/accounts/${buyer.account.id}/adjustment`, { amount: '-0.5', note: 'x' });
  const path = `/admin/api/accounts/${buyer.account.id}/statement`;
  const read = async (query: string) => {
    const answer = await get(`${path}?${query}`);
    assert.equal(answer.status, 200, answer.text);
    const { data, meta } = answer.body as unknown as { data: Row[]; meta: Meta };
    return { rows: data, meta, text: answer.text };
  };

  const all = await read('');
  assert.deepEqual(
    all.rows.map(({ kind, amount, held, balance, total_held }) => [kind, amount, held, balance, total_held]),
    [
      ['top_up', 100, 0, 100, 0],
      ['hold', -0.3000003, 0.3000003, 99.6999997, 0.3000003],
      ['adjustment', -0.5, 0, 99.1999997, 0.3000003],
    ],
  );
  assert.match(all.text, /"opening":0,"closing":99.1999997/);
  const pages = await Promise.all([0, 1, 2].map((offset) => read(`page[offset]=${offset}&page[limit]=1`)));
  assert.deepEqual(
    pages.flatMap(({ rows }) => rows),
    all.rows,
  );
  assert.ok(pages.every(({ meta }) => meta.page.total === 3 && meta.closing === 99.1999997));

  await api.db.pool.query(`update ledger set at = at - interval '1 day' where kind = 'top_up'`);
  const noon = new Date(Date.now() - 3_600_000).toISOString();
  const later = await read(`filter[from]=${noon}`);
  assert.deepEqual([later.rows.length, later.meta.opening, later.meta.closing], [2, 100, 99.1999997]);
  const earlier = await read(`filter[to]=${noon}`);
  assert.deepEqual([earlier.rows.length, earlier.meta.opening, earlier.meta.closing], [1, 0, 100]);

  assert.equal((await get('/admin/api/accounts/999/statement')).status, 404);
  assert.equal((await get(`${path}?filter[from]=soon`)).status, 422);
  assert.equal((await buyer.get(path)).status, 403);
});
