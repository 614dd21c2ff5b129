// What kill -9 may cost while authors pause, resume and stop their campaigns and moderators decide: the ledger is exact
// after every kill, and what was cancelled or rejected never left.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { examine } from '../src/doctor/index.ts';
import { Reason, Status } from '../src/messages/index.ts';
import { parseAmount } from '../src/money/index.ts';
import { crashBench, ordinary, waitFor } from './support/index.ts';

const kills = 5;
/** Actions between two kills, each after a random part of this time. */
const actionsPerLife = 14;
const longestPauseMs = 70;
const perCampaign = 1500;
const inFlightLimit = 300;
const throttle = 2500;
/** Half of them are held for a moderator. */
const campaignCount = 10;

const authorActions = ['pause', 'pause', 'resume', 'resume', 'stop'] as const;
const decisions = ['approve', 'approve', 'reject'] as const;

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}

test('pause, stop and moderation at random moments between kills leave the ledger exact and send nothing cancelled', async (t) => {
  const { db, simulator, serve } = await crashBench(t, { inFlightLimit, throttle });
  await db.pool.query(`insert into moderation_rule (kind, value) values ('word', 'casino')`);
  const account = await createAccount(db, { name: 'author' });
  await topUp(db, account.id, parseAmount('100000'), 'test');
  const moderator = await createAccount(db, { name: 'moderator', role: 'admin' });
  const author = (await createKey(db, account.id, 'live')).key;
  const moderates = (await createKey(db, moderator.id, 'live', { scopes: ['moderate'] })).key;

  let { server, url } = await serve();

  const call = async (key: string, method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as { data: { id: number; status: string } } };
  };
  const ids: number[] = [];
  for (let i = 0; i < campaignCount; i++) {
    const { status, body } = await call(author, 'POST', '/api/campaigns/sms/send', {
      phones: ordinary(perCampaign, 380_500_000_000 + i * 10_000_000).map((number) => ({ number })),
      sender: 'Carillon',
      text: `${i % 2 === 0 ? 'casino' : 'Hello'} ${i}`,
      uncertain: i % 4 < 2 ? 'resend' : 'unknown',
    });
    assert.equal(status, 200);
    ids.push(body.data.id);
  }

  const done: string[] = [];
  const act = async () => {
    // What is not possible now is refused.
    const decide = Math.random() < 0.4;
    const id = pick(decide ? ids.filter((_, i) => i % 2 === 0) : ids);
    const action = decide ? pick(decisions) : pick(authorActions);
    const body = action === 'reject' ? { reason: 'A forbidden word' } : undefined;
    const { status } = decide
      ? await call(moderates, 'POST', `/admin/api/moderation/${id}/${action}`, body)
      : await call(author, 'PATCH', `/api/campaigns/${id}/${action}`);
    assert.ok([200, 404, 409, 422].includes(status), `${action} of campaign ${id}: ${status}`);
    if (status === 200) done.push(`${action} ${id}`);
  };

  for (let i = 0; i < kills; i++) {
    for (let k = 0; k < actionsPerLife; k++) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * longestPauseMs));
      // The last one meets the kill on its way.
      const action = act();
      if (k < actionsPerLife - 1) await action;
      else action.catch(() => {});
    }
    server.kill('SIGKILL');
    await server.ended;
    assert.deepEqual((await examine(db)).breaches, [], `after kill ${i + 1}: ${done.join(', ')}`);
    ({ server, url } = await serve());
  }

  const statusOf = async (id: number) => (await call(author, 'GET', `/api/campaigns/${id}`)).body.data.status;
  for (const id of ids) {
    const status = await statusOf(id);
    if (status === 'moderation') await call(moderates, 'POST', `/admin/api/moderation/${id}/approve`);
    if (status === 'paused') await call(author, 'PATCH', `/api/campaigns/${id}/resume`);
  }
  await waitFor(
    async () => {
      const { rows } = await db.pool.query<{ n: string }>(
        `select sum(n)::text as n from campaign_count where status in ($1, $2, $3)`,
        [Status.queued, Status.sent, Status.accepted],
      );
      return rows[0]!.n === '0';
    },
    { timeoutMs: 120_000, what: 'every message to be decided' },
  );
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0, server.stderr());
  assert.deepEqual((await examine(db)).breaches, []);

  const submits = simulator.submits();
  const { rows } = await db.pool.query<{ phone: number; error: number; uncertain: string }>(
    `select m.phone, m.error, c.uncertain from message m join campaign c on c.id = m.campaign_id`,
  );
  const cancelled = rows.filter(({ error }) => error === Reason.cancelled || error === Reason.rejected);
  const left = cancelled.filter(({ phone }) => submits.has(phone));
  assert.deepEqual(left, [], 'nothing that was cancelled or rejected has left');
  const again = (uncertain: string) =>
    rows.filter((row) => row.uncertain === uncertain && (submits.get(row.phone) ?? 0) > 1).length;
  assert.equal(again('unknown'), 0, 'at most once');
  assert.ok(again('resend') <= kills * inFlightLimit);
  const ends = await Promise.all(
    ['done', 'stopped', 'spam'].map(
      async (status) => (await db.pool.query('select from campaign where status = $1', [status])).rowCount,
    ),
  );
  assert.equal(
    ends.reduce<number>((sum, n) => sum + (n ?? 0), 0),
    campaignCount,
    'every campaign has ended',
  );
  t.diagnostic(
    `${done.length} actions in ${kills + 1} lives; campaigns done, stopped, rejected: ${ends.join(', ')}; ` +
      `${cancelled.length} messages cancelled, ${again('resend')} sent twice`,
  );
});
