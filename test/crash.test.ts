// What kill -9 of the serving process may cost: nothing lost, nothing counted twice, and no more second sends than
// the in-flight limit allows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { examine } from '../src/doctor/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { crashBench, waitFor } from './support/index.ts';

/** How often the process is killed, at moments within this span after it has begun to send. */
const kills = 6;
const longestLifeMs = 700;
const perCampaign = 10_000;
const inFlightLimit = 300;
/** Slow enough that every life ends in the middle of the campaigns. */
const throttle = 1500;

type Report = { data: { status: string; statistics: Record<string, number>; total_messages: number } };

test('after kill -9 at random moments every message is accounted for and few are sent twice', async (t) => {
  const { db, simulator, serve } = await crashBench(t, { inFlightLimit, throttle });

  let { server, url } = await serve();
  const account = await createAccount(db, { name: 'crash' });
  await topUp(db, account.id, parseAmount('100000'), 'test');
  const { key } = await createKey(db, account.id, 'live');
  const headers = { 'content-type': 'application/json', 'x-api-key': key };
  const send = async (first: number, uncertain: string) => {
    const phones = Array.from({ length: perCampaign }, (_, i) => ({
      number: first + Math.floor(i / 900) * 1000 + 100 + (i % 900),
    }));
    const body = JSON.stringify({ phones, sender: 'Carillon', text: 'Hello', uncertain });
    const answer = await fetch(`${url}/api/campaigns/sms/send`, { method: 'POST', headers, body });
    assert.equal(answer.status, 200, await answer.clone().text());
    const { data } = (await answer.json()) as { data: { id: number } };
    return { id: data.id, phones: phones.map((p) => p.number) };
  };
  const resend = await send(380_500_000_000, 'resend');
  const unknown = await send(380_600_000_000, 'unknown');

  for (let i = 0; i < kills; i++) {
    const before = simulator.stats().accepted;
    await waitFor(() => simulator.stats().accepted > before, {
      timeoutMs: 120_000,
      what: 'messages to be sent',
    });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * longestLifeMs));
    server.kill('SIGKILL');
    await server.ended;
    ({ server, url } = await serve());
  }

  const report = async (id: number) =>
    ((await (await fetch(`${url}/api/campaigns/${id}/detail`, { headers })).json()) as Report).data;
  const settled = async (id: number) => {
    const { statistics, status } = await report(id);
    return status === 'done' && (statistics.sent ?? 0) + (statistics.sending ?? 0) === 0;
  };
  await waitFor(async () => (await settled(resend.id)) && (await settled(unknown.id)), {
    timeoutMs: 120_000,
    what: 'every message to be decided',
  });

  const submits = simulator.submits();
  const duplicates = (phones: number[]) =>
    phones.reduce((sum, p) => sum + Math.max(0, (submits.get(p) ?? 0) - 1), 0);
  const never = (phones: number[]) => phones.filter((p) => !submits.has(p)).length;

  const resent = await report(resend.id);
  assert.equal(resent.statistics.delivered, perCampaign, 'at least once: all are delivered');
  assert.equal(never(resend.phones), 0);
  assert.ok(
    duplicates(resend.phones) <= kills * inFlightLimit,
    `${duplicates(resend.phones)} second sends in ${kills} kills with a limit of ${inFlightLimit}`,
  );

  const once = await report(unknown.id);
  assert.equal(duplicates(unknown.phones), 0, 'at most once: none is sent twice');
  assert.equal((once.statistics.delivered ?? 0) + (once.statistics.unknown ?? 0), perCampaign);
  assert.ok((once.statistics.unknown ?? 0) <= kills * inFlightLimit);
  t.diagnostic(
    `${duplicates(resend.phones)} second sends, ${once.statistics.unknown} unknown after ${kills} kills (limit ${inFlightLimit})`,
  );

  server.kill('SIGTERM');
  assert.equal(await server.ended, 0, server.stderr());
  const events = await db.pool.query<{ n: string }>(
    'select coalesce(sum(messages), 0)::text as n from uncertain_event',
  );
  assert.ok(Number(events.rows[0]!.n) >= duplicates(resend.phones), 'each second send was logged');
  assert.deepEqual((await examine(db)).breaches, []);
});
