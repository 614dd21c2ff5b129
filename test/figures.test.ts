// Proves the figures of a campaign against a count over its messages, when they are computed again, and what an account
// is told of its spending.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customer, testApi } from './support/api.ts';
import { ordinary, startTestCarillon, waitFor } from './support/index.ts';

test('timeline and breakdown of a sent campaign add up to its report, and are kept', async (t) => {
  const carillon = await startTestCarillon(t);
  const numbers = [
    ...ordinary(100, 34_600_000_000),
    ...ordinary(50, 447_781_000_000),
    34_600_000_001,
    34_600_000_003,
  ];
  const { body } = await carillon.call('POST', '/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Figures', phones: numbers.map((number) => ({ number })) },
  });
  const { id } = body.data;
  const get = async (path: string) => (await carillon.call('GET', `/api/campaigns/${id}${path}`)).body.data;
  const early = await get('/breakdown');
  assert.equal(early.final, false);
  const report = await waitFor(async () => {
    const { status, statistics } = await get('/detail');
    const open = statistics.sending + statistics.sent + statistics.accepted + statistics.scheduled;
    return status === 'done' && open === 0 ? statistics : undefined;
  });
  const breakdown = await waitFor(async () => {
    const data = await get('/breakdown');
    return data.final ? data : undefined;
  });
  assert.deepEqual(
    breakdown.countries.map(({ country, total }: { country: string; total: number }) => [country, total]),
    [
      ['ES', 102],
      ['GG', 50],
    ],
  );
  const sum = (rows: Record<string, number>[], name: string) => rows.reduce((n, row) => n + row[name]!, 0);
  for (const rows of [breakdown.countries, breakdown.operators]) {
    for (const name of ['delivered', 'undelivered', 'expired', 'failed', 'unknown'])
      assert.equal(sum(rows, name), report[name], name);
    assert.equal(sum(rows, 'total'), 152);
    assert.equal(sum(rows, 'waiting'), 0);
  }
  const { rows } = await carillon.db.pool.query<{ code: number; count: number }>(
    'select error as code, count(*) from message where error <> 0 group by error order by 2 desc, 1',
  );
  assert.deepEqual(
    breakdown.errors.map(({ code, count }: { code: number; count: number }) => ({ code, count })),
    rows,
  );
  const timeline = await get('/timeline');
  assert.deepEqual([timeline.by, timeline.final], ['minute', true]);
  const left = 152 - report.failed;
  assert.equal(sum(timeline.points, 'sent'), left);
  assert.equal(sum(timeline.points, 'delivered'), report.delivered);
  const days = await get('/timeline?by=day');
  assert.match(days.points[0].at, / 00:00:00$/);
  assert.equal((await carillon.call('GET', `/api/campaigns/${id}/timeline?by=year`)).status, 422);

  const kept = await carillon.db.pool.query('select campaign_id from campaign_figures');
  assert.deepEqual(kept.rows, [{ campaign_id: id }]);
  // What is kept is asked for again by another process, as long as the counters say the same.
  await carillon.db.pool.query(
    `update campaign_figures set figures = jsonb_set(figures, '{errors}', '[[-1, 7]]')`,
  );
  const other = await startTestCarillon(t, {
    ...{ databaseUrl: async () => carillon.databaseUrl, routed: false, env: { ROLES: 'api' } },
  });
  const again = (await other.call('GET', `/api/campaigns/${id}/breakdown`, undefined, carillon.liveKey)).body;
  assert.deepEqual(again.data.errors, [{ code: -1, reason: 'no route to this number', count: 7 }]);

  const [compared] = (await carillon.call('GET', `/api/campaigns/comparison?ids=${id},99`)).body.data;
  assert.deepEqual(compared.statistics, report);
  assert.ok(compared.delivered_share > 0.9 && compared.delivered_share <= 1);
  const newest = (await carillon.call('GET', '/api/campaigns/comparison')).body.data;
  assert.deepEqual(newest, [compared]);

  const spending = (await carillon.call('GET', '/api/accounts/spending')).body;
  assert.equal(spending.meta.messages, left);
  assert.equal(spending.data.length, 1);
  assert.equal(spending.data[0].topped_up, 1000);
  assert.equal(spending.data[0].charged.toFixed(7), compared.total_price);
});

test('another account sees neither figures nor spending', async (t) => {
  const api = await testApi(t);
  const [owner, stranger] = [await customer(api), await customer(api)];
  const sent = await owner.post('/api/campaigns/sms/send', {
    ...{ sender: 'Carillon', text: 'Mine', phones: [{ number: 34600000000 }] },
  });
  const { id } = sent.body.data;
  for (const path of ['timeline', 'breakdown']) {
    assert.equal((await owner.get(`/api/campaigns/${id}/${path}`)).status, 200);
    assert.equal((await stranger.get(`/api/campaigns/${id}/${path}`)).status, 404);
  }
  assert.deepEqual((await stranger.get(`/api/campaigns/comparison?ids=${id}`)).body.data, []);
  assert.equal((await owner.get(`/api/campaigns/comparison?ids=${id}`)).body.data.length, 1);
  for (const ids of ['x', '0', '1,', '1,-2'])
    assert.equal((await owner.get(`/api/campaigns/comparison?ids=${ids}`)).status, 422);
  const mine = (await owner.get('/api/accounts/statement')).body;
  assert.equal(mine.meta.page.total, 2);
  assert.equal((await stranger.get('/api/accounts/statement')).body.meta.page.total, 1);
  const wrong = await owner.get('/api/accounts/spending?from=2026-01-02&by=day');
  assert.deepEqual([wrong.status, Object.keys(wrong.body.errors)], [422, ['from']]);
  const months = await owner.get('/api/accounts/spending?by=month');
  assert.match(String((months.body.data[0] as unknown as { at: string }).at), /-01 00:00:00$/);
});

test('a text is measured, with the very characters that force UCS-2', async (t) => {
  const api = await testApi(t);
  const shop = await customer(api);
  const measure = async (text: string) =>
    (await shop.post('/api/text/measure', { text })).body.data as unknown as Record<string, never>;
  assert.deepEqual(await measure('Hello €'), {
    ...{ encoding: 'gsm7', characters: 7, units: 8, segments: 1, per_segment: 160, units_left: 152 },
    ...{ too_long: false, forcing: [], forcing_total: 0, transliterated: null },
  });
  const forced = await measure('Ok “x” 🎉');
  assert.deepEqual(
    [forced.encoding, forced.forcing_total, forced.forcing],
    [
      'ucs2',
      3,
      [
        { index: 3, length: 1, character: '“', code: 'U+201C' },
        { index: 5, length: 1, character: '”', code: 'U+201D' },
        { index: 7, length: 2, character: '🎉', code: 'U+1F389' },
      ],
    ],
  );
  assert.equal((forced.transliterated as unknown as { encoding: string }).encoding, 'gsm7');
  const long = await measure('Я'.repeat(336));
  assert.deepEqual([long.segments, long.per_segment, long.too_long], [6, 67, true]);
  assert.equal((await measure('')).segments, 1);
  assert.equal((await shop.post('/api/text/measure', {})).status, 422);
});
