// Quiet hours: messages of campaigns that respect them wait while it is quiet where they go, and no others do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actOn, type Buyer } from '../src/campaigns/index.ts';
import { Status } from '../src/messages/index.ts';
import {
  clearQuietHours,
  listQuietHours,
  parseSpan,
  type QuietSpan,
  setQuietHours,
} from '../src/quiet/index.ts';
import { admin, customer, testApi } from './support/api.ts';
import { type EngineBench, engineBench, ordinary, waitFor } from './support/index.ts';

const spain = (count: number) => ordinary(count, 34_600_000_000);
const france = (count: number) => ordinary(count, 33_600_000_000);
const dayMinutes = 1440;

/** A span around the present local time of a zone: from an hour ago until in two hours. */
function now(zone: string): QuietSpan {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const [hours = 0, minutes = 0] = time.format(new Date()).split(':').map(Number);
  const minute = hours * 60 + minutes;
  return { from: (minute + dayMinutes - 60) % dayMinutes, to: (minute + 120) % dayMinutes };
}

const byCountry = async (bench: EngineBench, id: number) => {
  const { rows } = await bench.db.pool.query<{ country: string | null; sent: number; held: boolean }>(
    `select b.country, b.not_before > now() as held,
       (select count(*) from message m where m.id between b.first_id and b.last_id and m.status <> ${Status.queued})
         as sent
     from batch b where b.campaign_id = $1 order by b.first_id`,
    [id],
  );
  return rows.map(({ country, sent, held }) => ({ country, sent, held: held ?? false }));
};

const quietFrance = (bench: EngineBench, { accountId }: Buyer) =>
  setQuietHours(bench.db, accountId, 'FR', now('Europe/Paris'), null);

test('messages to a country wait while it is quiet there, and those to others and of other campaigns leave', async (t) => {
  const bench = await engineBench(t);
  const simulator = await bench.simulator();
  await bench.engine();
  const buyer = await bench.buyer();
  await quietFrance(bench, buyer);
  const phones = [...france(1200), ...spain(30)];
  const id = await bench.send(buyer, { phones, respect_curfew: true });
  const heedless = await bench.send(buyer, { phones: france(10) });
  const other = await bench.send(await bench.buyer(), { phones: france(10), respect_curfew: true });
  await bench.settled(heedless, other);
  await waitFor(async () => (await bench.report(id)).messages.delivered === 30, { what: 'Spain to be sent' });
  assert.deepEqual(await byCountry(bench, id), [
    { country: 'FR', sent: 0, held: true },
    { country: 'FR', sent: 0, held: true },
    { country: 'ES', sent: 30, held: false },
  ]);
  assert.equal(simulator.stats().accepted, 50);
  const until = await bench.value<Date>('select max(not_before) from batch');
  const ahead = until.getTime() - Date.now();
  assert.ok(ahead > 118 * 60_000 && ahead <= 120 * 60_000, 'until the end of the span');
  // Nobody claims them again and again.
  const fences = () => bench.value('select sum(fence) from batch where campaign_id = $1', id);
  const claims = await fences();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.equal(await fences(), claims);

  await bench.db.pool.query(
    `update batch set not_before = now() + interval '300 ms' where not_before is not null`,
  );
  await bench.db.pool.query('delete from quiet_hours');
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 1230 } });
  await bench.stopEngines();
  await bench.sound();
});

test('hours that are set in the middle of a campaign hold the rest of it, and hours that are removed let it go', async (t) => {
  const bench = await engineBench(t);
  const throttle = 500;
  const simulator = await bench.simulator({}, { throttle });
  await bench.engine();
  const buyer = await bench.buyer();
  const id = await bench.send(buyer, { phones: france(2500), respect_curfew: true });
  await waitFor(() => simulator.stats().accepted > 200, { what: 'the campaign to be under way' });
  await quietFrance(bench, buyer);
  const before = simulator.stats().accepted;
  const waits = async () =>
    (await bench.value<number>(
      'select count(*) from batch where campaign_id = $1 and state = 0 and (lease_owner is not null or not_before is null)',
      id,
    )) === 0;
  await waitFor(waits, { what: 'all of it to be held' });
  const after = simulator.stats().accepted;
  assert.ok(after - before <= throttle * 2, `${after - before} more were sent`);
  assert.equal((await bench.report(id)).status, 'sending');
  await waitFor(async () => (await bench.report(id)).messages.delivered === after, { what: 'receipts' });

  assert.equal(await clearQuietHours(bench.db, buyer.accountId, 'FR', null), true);
  assert.equal(await clearQuietHours(bench.db, buyer.accountId, 'FR', null), false);
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'done', messages: { delivered: 2500 } });
  assert.equal(simulator.stats().accepted, 2500, 'none was sent twice');
  await bench.stopEngines();
  await bench.sound();
});

test('a campaign that waits for the end of quiet hours can be stopped at once', async (t) => {
  const bench = await engineBench(t);
  await bench.simulator();
  await bench.engine();
  const buyer = await bench.buyer();
  await quietFrance(bench, buyer);
  const start = await bench.balance(buyer);
  const id = await bench.send(buyer, { phones: france(1500), respect_curfew: true });
  await waitFor(async () => (await byCountry(bench, id)).every(({ held }) => held), { what: 'it to wait' });
  await actOn(bench.db.pool, 'stop', { id });
  await bench.settled(id);
  assert.deepEqual(await bench.report(id), { status: 'stopped', messages: { failed: 1500 } });
  assert.equal(await bench.balance(buyer), start);
  await bench.stopEngines();
  await bench.sound();
});

test("an account's hours: those of a country before those of all, and none that leave nothing of a day", async (t) => {
  const bench = await engineBench(t);
  const { accountId } = await bench.buyer();
  const set = (country: string | null, span: string) =>
    setQuietHours(bench.db, accountId, country, parseSpan(span), null);
  await assert.rejects(set('ZZ', '22:00-08:00'), /There is no country "ZZ"/);
  await assert.rejects(set('RU', '18:00-09:00'), /less than an hour of the day in RU/);
  await assert.rejects(set(null, '19:00-09:00'), /less than an hour .* set hours for these countries first/);
  await set('FR', '21:00-09:00');
  await set(null, '22:00-08:00');
  await set('FR', '20:30-10:00');
  assert.deepEqual(await listQuietHours(bench.db, accountId), [
    { accountId, country: null, span: parseSpan('22:00-08:00') },
    { accountId, country: 'FR', span: parseSpan('20:30-10:00') },
  ]);
});

test('administrators set, see and remove quiet hours over the admin API, and it is written down who did', async (t) => {
  const api = await testApi(t);
  const { account, get } = await customer(api);
  const administrator = await admin(api);
  const path = `/admin/api/accounts/${account.id}/quiet-hours`;
  assert.equal((await get(path)).status, 403);
  assert.deepEqual((await administrator.get(path)).body, { data: [] });
  const france = { country: 'FR', from: '22:00', to: '08:00' };
  const others = { country: null, from: '23:30', to: '06:00' };
  assert.deepEqual((await administrator.put(path, france)).body, { data: [france] });
  assert.deepEqual((await administrator.put(path, others)).body, { data: [others, france] });
  for (const [wrong, field] of [
    [{ ...france, from: '08:00' }, 'from'],
    [{ ...france, from: '24:00' }, 'from'],
    [{ ...france, country: 'ZZ' }, 'country'],
    [{ ...france, country: 'RU', from: '18:00', to: '09:00' }, 'from'],
    [{ country: 'FR', from: '22:00' }, 'to'],
  ] as const) {
    const { status, body } = await administrator.put(path, wrong);
    assert.equal(status, 422, JSON.stringify(wrong));
    assert.deepEqual(Object.keys(body.errors), [field]);
  }
  assert.equal((await administrator.put('/admin/api/accounts/999/quiet-hours', france)).status, 404);
  assert.deepEqual((await administrator.delete(`${path}?country=FR`)).body, { data: [others] });
  assert.equal((await administrator.delete(`${path}?country=FR`)).status, 404);
  assert.deepEqual((await administrator.delete(path)).body, { data: [] });
  const { rows } = await api.db.pool.query(
    `select account_id, owner_id, details from audit_log where action = 'account.quiet_hours' order by id`,
  );
  const by = { account_id: administrator.account.id, owner_id: account.id };
  assert.deepEqual(rows, [
    { ...by, details: { country: 'FR', span: '22:00-08:00' } },
    { ...by, details: { country: null, span: '23:30-06:00' } },
    { ...by, details: { country: 'FR', span: null } },
    { ...by, details: { country: null, span: null } },
  ]);
});
