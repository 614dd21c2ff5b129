// The life cycle against a model of a few lines: random orders of requests over HTTP and of the engine's own steps,
// after each of which statuses, reports and the balance are what the model says, to the last digit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CampaignAction, type CampaignStatus, statusAfter } from '../src/campaigns/index.ts';
import { examine } from '../src/doctor/index.ts';
import { type Claim, claim, claimToCancel, complete, mark, release } from '../src/engine/leases.ts';
import { campaignsToCancel, cancel, openLanes, startDue } from '../src/engine/schedule.ts';
import { commitSubmissions } from '../src/engine/submissions.ts';
import { Status } from '../src/messages/index.ts';
import { type Api, admin, type Customer, customer, testApi } from './support/api.ts';

/** A campaign as the model knows it. */
type Campaign = {
  id: number;
  status: CampaignStatus;
  begun: boolean;
  held: boolean;
  due: boolean;
  total: number;
  sent: number;
  cancelled: number;
  /** A batch is open: not all were sent, and the rest was not cancelled. */
  open: boolean;
};

type Model = { campaigns: Campaign[]; balance: bigint };
type Real = { api: Api; author: Customer; moderator: Customer; price: bigint };
type Command = fc.AsyncCommand<Model, Real>;

const start = 10_000_000_000n;
/** Any number does: nobody else works on this database. */
const dispatcher = 1;
const slot = 1;
const leaseSeconds = 60;

let texts = 0;

/** What the report of a campaign must count its messages as. */
function expectedStatistics({ status, begun, total, sent, cancelled }: Campaign): Record<string, number> {
  const waiting =
    status === 'moderation' || status === 'spam'
      ? 'moderation'
      : status === 'scheduled' || !begun
        ? 'scheduled'
        : 'sending';
  const counts: Record<string, number> = { sent, failed: cancelled };
  counts[waiting] = (counts[waiting] ?? 0) + total - sent - cancelled;
  return Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
}

/** How often each state was seen, to be sure that the runs go everywhere. */
const seen = new Map<CampaignStatus, number>();

async function check({ campaigns, balance }: Model, { api, author }: Real): Promise<void> {
  for (const campaign of campaigns) {
    seen.set(campaign.status, (seen.get(campaign.status) ?? 0) + 1);
    const { data } = (await author.get(`/api/campaigns/${campaign.id}/detail`)).body;
    assert.equal(data.status, campaign.status);
    const counted = Object.fromEntries(Object.entries(data.statistics).filter(([, n]) => n > 0));
    assert.deepEqual(counted, expectedStatistics(campaign));
  }
  const { rows } = await api.db.pool.query<{ balance: string }>(
    'select balance_e7::text as balance from account where id = $1',
    [author.account.id],
  );
  assert.equal(BigInt(rows[0]!.balance), balance);
}

const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  async run(model, real) {
    await run(model, real);
    await check(model, real);
  },
  toString: () => name,
});

const create = fc
  .record({ total: fc.integer({ min: 1, max: 4 }), later: fc.boolean(), held: fc.boolean() })
  .map(({ total, later, held }) =>
    command(`create ${total}${later ? ' later' : ''}${held ? ' held' : ''}`, async (model, real) => {
      texts += 1;
      const { status, body } = await real.author.post('/api/campaigns/sms/send', {
        sender: 'Carillon',
        text: `${held ? 'casino' : 'Hello'} ${texts}`,
        phones: Array.from({ length: total }, (_, i) => ({ number: 380_500_000_100 + i })),
        ...(later ? { start_at: new Date(Date.now() + 864e5).toISOString() } : {}),
      });
      assert.equal(status, 200, body.message);
      model.balance -= real.price * BigInt(total);
      model.campaigns.push({
        id: body.data.id,
        status: held ? 'moderation' : 'scheduled',
        begun: false,
        held,
        due: !later,
        total,
        sent: 0,
        cancelled: 0,
        open: true,
      });
    }),
  );

/** One of the campaigns that there are, and nothing where there are none. */
const onOne = (name: string, run: (campaign: Campaign, model: Model, real: Real) => Promise<void>) =>
  fc.nat({ max: 20 }).map((pick) =>
    command(`${name} ${pick}`, async (model, real) => {
      const campaign = model.campaigns[pick % Math.max(1, model.campaigns.length)];
      if (campaign !== undefined) await run(campaign, model, real);
    }),
  );

/** What the table allows happens, and else the refusal has its status. */
const asking = (
  action: CampaignAction,
  ask: (real: Real, id: number) => Promise<number>,
  refusal: (c: Campaign) => number,
) =>
  onOne(action, async (campaign, _, real) => {
    const next = statusAfter(action, campaign.status, campaign.begun);
    assert.equal(await ask(real, campaign.id), next === undefined ? refusal(campaign) : 200);
    campaign.status = next ?? campaign.status;
  });

const byAuthor = (action: 'pause' | 'resume' | 'stop') =>
  asking(
    action,
    async ({ author }, id) => (await author.patch(`/api/campaigns/${id}/${action}`)).status,
    () => 422,
  );

const byModerator = (action: 'approve' | 'reject') =>
  asking(
    action,
    async ({ moderator }, id) => {
      const body = action === 'reject' ? { reason: 'A forbidden word' } : undefined;
      return (await moderator.post(`/admin/api/moderation/${id}/${action}`, body)).status;
    },
    ({ held }) => (held ? 409 : 404),
  );

const becomeDue = onOne('become due', async (campaign, _, { api }) => {
  await api.db.pool.query('update campaign set start_at = least(start_at, now()) where id = $1', [
    campaign.id,
  ]);
  campaign.due = true;
});

// The engine's steps, one at a time: what its clock starts, what a dispatcher sends, what it cancels.

const startStep = fc.constant(
  command('start', async ({ campaigns }, { api }) => {
    await startDue(api.db.pool);
    for (const campaign of campaigns) {
      if (!campaign.due) continue;
      const next = statusAfter('start', campaign.status, campaign.begun);
      if (next === undefined) continue;
      campaign.status = next;
      campaign.begun = true;
    }
  }),
);

/** Sends one message of each open campaign, or all that are left. */
const sendStep = fc.boolean().map((all) =>
  command(all ? 'send all' : 'send one', async (model, { api }) => {
    const { pool } = api.db;
    const open = await openLanes(pool);
    const ours = model.campaigns.filter(({ status, open: is }) => status === 'sending' && is);
    assert.deepEqual(
      open.map(({ campaignId }) => campaignId),
      ours.map(({ id }) => id),
    );
    const claims = await claim(pool, open, dispatcher, leaseSeconds);
    for (const one of claims) {
      const campaign = ours.find(({ id }) => id === one.campaignId)!;
      const count = all ? campaign.total - campaign.sent : 1;
      const messageIds = Array.from({ length: count }, (_, i) => one.firstId + campaign.sent + i);
      const marked = { ...one, upto: messageIds.at(-1)! };
      assert.equal((await mark(pool, [marked], dispatcher, leaseSeconds)).size, 1);
      const client = await pool.connect();
      const same = <T>(value: T) => messageIds.map(() => value);
      await commitSubmissions(
        client,
        {
          messageIds,
          statuses: same(Status.sent),
          errors: same(0),
          connectorIds: same(1),
          parts: same(-1),
          smscIds: messageIds.map(String),
        },
        slot,
      );
      client.release();
      campaign.sent += count;
      if (campaign.sent === campaign.total) {
        await complete(pool, [one], 60);
        campaign.open = false;
        campaign.status = statusAfter('finish', campaign.status, true) ?? campaign.status;
      } else {
        await release(pool, [marked], dispatcher);
      }
    }
  }),
);

const cancelStep = fc.constant(
  command('cancel', async (model, { api, price }) => {
    const { pool } = api.db;
    for (;;) {
      const campaigns = await campaignsToCancel(pool);
      if (campaigns.length === 0) break;
      const claims: Claim[] = await claimToCancel(pool, campaigns, dispatcher, leaseSeconds);
      await cancel(pool, claims, slot);
      await complete(pool, claims, 60);
    }
    for (const campaign of model.campaigns) {
      if (!campaign.open || (campaign.status !== 'stopped' && campaign.status !== 'spam')) continue;
      campaign.open = false;
      campaign.cancelled = campaign.total - campaign.sent;
      model.balance += price * BigInt(campaign.cancelled);
    }
  }),
);

test('whatever authors, moderators and the engine do in whatever order, campaigns and money are as in the model', async (t) => {
  const api = await testApi(t);
  const moderator = await admin(api);
  await api.db.pool.query(`insert into moderation_rule (kind, value) values ('word', 'casino')`);
  const { rows } = await api.db.pool.query<{ price: string }>(
    `select price_e7::text as price from rate where '380500000100' like prefix || '%' order by length(prefix) desc limit 1`,
  );
  const price = BigInt(rows[0]!.price);
  const commands = fc.commands(
    [
      create,
      byAuthor('pause'),
      byAuthor('resume'),
      byAuthor('stop'),
      byModerator('approve'),
      byModerator('reject'),
      becomeDue,
      startStep,
      sendStep,
      cancelStep,
      // As often again, so that as much is sent as is stopped.
      startStep,
      sendStep,
      sendStep,
    ],
    { maxCommands: 60, size: 'max' },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      // What an earlier run left must not be met again.
      await api.db.pool.query(
        `update campaign set status = 'moderation' where status in ('scheduled', 'sending', 'paused')`,
      );
      const author = await customer(api, { balance: '1000' });
      await fc.asyncModelRun(
        () => ({ model: { campaigns: [], balance: start }, real: { api, author, moderator, price } }),
        steps,
      );
      assert.deepEqual((await examine(api.db)).breaches, []);
    }),
    { numRuns: 15, endOnFailure: true },
  );
  t.diagnostic([...seen].map(([status, n]) => `${status} ${n}`).join(', '));
});
