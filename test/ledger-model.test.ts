// Proves that ledger, balance, holds and total_price are what a simple model says, after every step of any story of
// top-ups, campaigns, outcomes, receipts that come late or twice, stops, rejections and time-outs: with the engine's own
// statements, on a real database.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type pg from 'pg';
import { adjust, changeAccount, createAccount, createKey, topUp } from '../src/accounts/index.ts';
import { actOn, type Buyer, createCampaign } from '../src/campaigns/index.ts';
import { totalPrice } from '../src/campaigns/report.ts';
import { selectCampaign } from '../src/campaigns/store.ts';
import type { Db } from '../src/db/index.ts';
import { examine } from '../src/doctor/index.ts';
import type { Claim } from '../src/engine/leases.ts';
import { commitArrivals } from '../src/engine/receipts.ts';
import { cancel, settleUncertain, timeOut } from '../src/engine/schedule.ts';
import { commitSubmissions, submissionGroup } from '../src/engine/submissions.ts';
import { Refusal } from '../src/http/index.ts';
import {
  billing,
  moneyStates,
  Status,
  type StatusCode,
  statusName,
  transitions,
} from '../src/messages/index.ts';
import { amount, parseAmount } from '../src/money/index.ts';
import { createTariff, importRates } from '../src/tariffs/index.ts';
import { testDatabase } from './support/index.ts';

// ─── The model ─────────────────────────────────────────────────────────────────────────────────────────────────────

type ModelMessage = { price: bigint; onDelivery: boolean; status: StatusCode };
type ModelCampaign = { messages: ModelMessage[]; ended: boolean; atMostOnce: boolean };

/** What was paid in, and the state of every message: all money follows from these. */
type Model = { paidIn: bigint; credit: bigint; campaigns: ModelCampaign[] };

const moneyOf = ({ onDelivery, status }: ModelMessage) =>
  moneyStates[billing(onDelivery)][statusName(status)];

const sumOf = (messages: readonly ModelMessage[]) => messages.reduce((sum, { price }) => sum + price, 0n);
const taken = (messages: readonly ModelMessage[]) => sumOf(messages.filter((m) => moneyOf(m) !== 'free'));
const held = (messages: readonly ModelMessage[]) => sumOf(messages.filter((m) => moneyOf(m) === 'held'));

const allMessages = (model: Model) => model.campaigns.flatMap((campaign) => campaign.messages);
const balance = (model: Model) => model.paidIn - taken(allMessages(model));

function move(message: ModelMessage, to: StatusCode): void {
  if (transitions[statusName(message.status)].includes(statusName(to))) message.status = to;
}

// ─── The real thing ────────────────────────────────────────────────────────────────────────────────────────────────

type Real = { db: Db; client: pg.PoolClient; buyer: Buyer; campaigns: { id: number; first: number }[] };

/** Numbers of the three kinds: billed when sent, when delivered, and without a price. */
const kinds = {
  sent: { prefix: '38050', price: parseAmount('0.0293301'), onDelivery: false },
  delivered: { prefix: '38067', price: parseAmount('0.0500001'), onDelivery: true },
  unpriced: { prefix: '4930', price: 0n, onDelivery: false },
} as const;
type Kind = keyof typeof kinds;

const slot = { submissions: 1, receipts: 2, clock: 3 };

async function check(model: Model, { db, buyer, campaigns }: Real): Promise<void> {
  const { rows } = await db.pool.query<{ balance: string; ledger: string; held: string }>(
    `select balance_e7::text as balance, coalesce(sum(l.amount_e7), 0)::text as ledger,
       coalesce(sum(l.held_e7), 0)::text as held
     from account a left join ledger l on l.account_id = a.id where a.id = $1 group by a.id`,
    [buyer.accountId],
  );
  assert.deepEqual(rows[0], {
    balance: String(balance(model)),
    ledger: String(balance(model)),
    held: String(held(allMessages(model))),
  });
  for (const [i, { id }] of campaigns.entries()) {
    const row = await selectCampaign(db.pool, buyer.accountId, id);
    assert.equal(totalPrice(row!), taken(model.campaigns[i]!.messages), `total_price of campaign ${id}`);
  }
}

/** A step of the story: what the model says of it, and how it is done; both see the same. */
abstract class Step implements fc.AsyncCommand<Model, Real> {
  abstract check(model: Readonly<Model>): boolean;
  abstract perform(model: Model, real: Real): Promise<void>;
  abstract toString(): string;

  async run(model: Model, real: Real): Promise<void> {
    await this.perform(model, real);
    await check(model, real);
  }
}

const always = () => true;

/** A step from its parts. */
function step(
  words: string,
  possible: (model: Readonly<Model>) => boolean,
  perform: (model: Model, real: Real) => Promise<void>,
): Step {
  return new (class extends Step {
    check = possible;
    perform = perform;
    override toString = () => words;
  })();
}

/** A campaign that there is, for a number. */
const pick = (model: Readonly<Model>, n: number) => n % model.campaigns.length;
const some = (model: Readonly<Model>) => model.campaigns.length > 0;

async function claimsOf({ client }: Real, campaignId: number, marked: number): Promise<Claim[]> {
  const { rows } = await client.query<Claim>(
    `select campaign_id as "campaignId", first_id as "firstId", last_id as "lastId",
       least(first_id + $2 - 1, last_id) as "uncertainUpto", fence, null as country, now() as at
     from batch where campaign_id = $1`,
    [campaignId, marked],
  );
  return rows;
}

const steps = {
  topUp: (sum: bigint) =>
    step(`top up ${sum}`, always, async (model, { db, buyer }) => {
      await topUp(db, buyer.accountId, amount(sum));
      model.paidIn += sum;
    }),

  adjust: (sum: bigint) =>
    step(`adjust by ${sum}`, always, async (model, { db, buyer }) => {
      await adjust(db, buyer.accountId, amount(sum), 'model');
      model.paidIn += sum;
    }),

  credit: (sum: bigint) =>
    step(`credit of ${sum}`, always, async (model, { db, buyer }) => {
      await changeAccount(db, buyer.accountId, { credit: amount(sum) });
      model.credit = sum;
    }),

  send: (phones: readonly Kind[], parts: 1 | 2, test: boolean, atMostOnce: boolean) =>
    step(
      `send to ${phones.join(' ')}${test ? ' as a test' : ''}, ${parts} parts`,
      always,
      async (model, real) => {
        const messages = phones.map((kind): ModelMessage => {
          if (kind === 'unpriced') return { price: 0n, onDelivery: false, status: Status.failed };
          const { price, onDelivery } = kinds[kind];
          return {
            price: test ? 0n : price * BigInt(parts),
            onDelivery: onDelivery && !test,
            status: Status.queued,
          };
        });
        const price = sumOf(messages);
        const enough = price === 0n || balance(model) + model.credit >= price;
        const body = {
          sender: 'Shop',
          text: 'x'.repeat(parts === 1 ? 10 : 200),
          uncertain: atMostOnce ? 'unknown' : 'resend',
          phones: phones.map((kind, i) => ({ number: Number(`${kinds[kind].prefix}${1_000_000 + i}`) })),
        };
        const buyer: Buyer = test ? { ...real.buyer, kind: 'test' } : real.buyer;
        if (!enough) {
          await assert.rejects(
            createCampaign(real.db, buyer, body),
            (error) => error instanceof Refusal && error.code === 'insufficient_balance',
          );
          return;
        }
        const id = await createCampaign(real.db, buyer, body);
        const { rows } = await real.client.query<{ first: number }>(
          'select first_message_id as first from campaign where id = $1',
          [id],
        );
        real.campaigns.push({ id, first: rows[0]!.first });
        model.campaigns.push({ messages, ended: false, atMostOnce });
      },
    ),

  submit: (n: number, outcomes: readonly ('sent' | 'failed' | 'unanswered')[], times: number) =>
    step(`campaign ${n}: ${outcomes.join(' ')}, ${times} times`, some, async (model, real) => {
      const i = pick(model, n);
      const group = submissionGroup();
      for (const [k, message] of model.campaigns[i]!.messages.entries()) {
        const outcome = outcomes[k % outcomes.length]!;
        group.messageIds.push(real.campaigns[i]!.first + k);
        group.statuses.push(outcome === 'unanswered' ? -1 : Status[outcome]);
        group.errors.push(outcome === 'failed' ? 11 : 0);
        group.connectorIds.push(1);
        group.parts.push(-1);
        group.smscIds.push(outcome === 'failed' ? '' : `id${k}`);
        if (outcome !== 'unanswered') move(message, Status[outcome]);
      }
      for (let t = 0; t < times; t += 1) await commitSubmissions(real.client, group, slot.submissions);
    }),

  receive: (n: number, words: readonly (StatusCode | 0)[], times: number) =>
    step(`campaign ${n}: receipts ${words.join(' ')}, ${times} times`, some, async (model, real) => {
      const i = pick(model, n);
      const { messages } = model.campaigns[i]!;
      // Words go round the messages, so that one may get several in a group; 0 is no receipt.
      const group = words.flatMap((status, k) => {
        const message = messages[k % messages.length]!;
        if (status === 0) return [];
        move(message, status);
        const messageId = real.campaigns[i]!.first + (k % messages.length);
        return [{ messageId, part: -1, smscId: '', status, error: 0 }];
      });
      for (let t = 0; t < times && group.length > 0; t += 1) {
        await commitArrivals(real.client, group, slot.receipts);
      }
    }),

  end: (n: number, reject: boolean, marked: number) =>
    step(`${reject ? 'reject' : 'stop'} campaign ${n}, ${marked} perhaps sent`, some, async (model, real) => {
      const i = pick(model, n);
      const campaign = model.campaigns[i]!;
      const { id } = real.campaigns[i]!;
      if (reject && !campaign.ended) {
        await real.client.query(`update campaign set status = 'moderation' where id = $1`, [id]);
      }
      assert.equal(await actOn(real.client, reject ? 'reject' : 'stop', { id }), !campaign.ended);
      campaign.ended = true;
      await cancel(real.client, await claimsOf(real, id, marked), slot.clock);
      campaign.messages.forEach((message, k) => {
        if (message.status === Status.queued) message.status = k < marked ? Status.timedOut : Status.failed;
      });
    }),

  crash: (n: number, marked: number) =>
    step(`campaign ${n}: taken over with ${marked} perhaps sent`, some, async (model, real) => {
      const i = pick(model, n);
      const { messages, atMostOnce } = model.campaigns[i]!;
      await settleUncertain(real.client, await claimsOf(real, real.campaigns[i]!.id, marked), slot.clock);
      if (!atMostOnce) return;
      for (const message of messages.slice(0, marked)) {
        if (message.status === Status.queued) message.status = Status.timedOut;
      }
    }),

  timeOut: (n: number) =>
    step(`campaign ${n}: time-out`, some, async (model, real) => {
      const i = pick(model, n);
      await real.client.query(
        `update batch set state = 1, deadline = now() - interval '1 second' where campaign_id = $1`,
        [real.campaigns[i]!.id],
      );
      await timeOut(real.client, slot.clock);
      for (const message of model.campaigns[i]!.messages) {
        if (message.status === Status.sent || message.status === Status.accepted) {
          message.status = Status.timedOut;
        }
      }
    }),
};

// ─── Stories ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Sums in the order of what a small campaign costs, so that money is short now and then. */
const sum = fc.bigInt({ min: 1n, max: 4_000_000n });
const which = fc.nat(9);
const marked = fc.nat(5);
const times = fc.integer({ min: 1, max: 2 });
const receipt = fc.constantFrom<StatusCode | 0>(
  0,
  ...([Status.accepted, Status.delivered, Status.undelivered, Status.expired, Status.unknown] as const),
);
const phones = fc.array(fc.constantFrom<Kind>('sent', 'delivered', 'delivered', 'sent', 'unpriced'), {
  minLength: 1,
  maxLength: 5,
});
const outcomes = fc.array(
  fc.constantFrom('sent' as const, 'sent' as const, 'failed' as const, 'unanswered' as const),
  {
    minLength: 1,
    maxLength: 5,
  },
);
const rarely = fc.integer({ min: 0, max: 7 }).map((n) => n === 0);

const send = fc
  .tuple(phones, fc.constantFrom(1 as const, 2 as const), rarely, fc.boolean())
  .map((given) => steps.send(...given));
const submit = fc.tuple(which, outcomes, times).map((given) => steps.submit(...given));
const receive = fc
  .tuple(which, fc.array(receipt, { minLength: 1, maxLength: 8 }), times)
  .map((given) => steps.receive(...given));

const story = fc.commands(
  [
    sum.map(steps.topUp),
    sum.map((value) => steps.adjust(-value / 4n - 1n)),
    sum.map(steps.credit),
    send,
    send,
    submit,
    submit,
    receive,
    receive,
    fc.tuple(which, fc.boolean(), marked).map((given) => steps.end(...given)),
    fc.tuple(which, marked).map((given) => steps.crash(...given)),
    which.map(steps.timeOut),
  ],
  { maxCommands: 30, size: 'max' },
);

/** What the doctor says about money; of the marks and batches, which only the engine moves, it says nothing here. */
const moneyInvariants = [
  ...['counters-complete', 'counters-true', 'balance', 'holds', 'campaign-money', 'accepted-price'],
  ...['total-price', 'ledger-kinds'],
];

test('ledger, balance, holds and total_price are those of the model after every step of any story', async (t) => {
  const db = await testDatabase(t);
  const tariff = await createTariff(db, { code: 9, name: 'Model', currency: 'EUR' });
  await importRates(db, tariff, 'prefix,price,billed\n38050,0.0293301,sent\n38067,0.0500001,delivered\n');
  const client = await db.pool.connect();
  let accounts = 0;
  try {
    await fc.assert(
      fc.asyncProperty(story, (commands) =>
        fc.asyncModelRun(async () => {
          accounts += 1;
          const account = await createAccount(db, { name: `model ${accounts}` });
          await changeAccount(db, account.id, { tariffId: tariff.id });
          const { id: keyId } = await createKey(db, account.id, 'live');
          const buyer: Buyer = {
            accountId: account.id,
            keyId,
            kind: 'live',
            currency: 'EUR',
            tariffId: tariff.id,
          };
          const start = parseAmount('0.5');
          await topUp(db, account.id, start);
          return {
            model: { paidIn: start as bigint, credit: 0n, campaigns: [] },
            real: { db, client, buyer, campaigns: [] },
          };
        }, commands),
      ),
      { numRuns: 40, endOnFailure: true },
    );
  } finally {
    client.release();
  }
  const { breaches } = await examine(db);
  assert.deepEqual(
    breaches.filter(({ name }) => moneyInvariants.includes(name)),
    [],
  );
});
