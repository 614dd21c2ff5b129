// The statements that change messages, on a real database: they let happen what the table of states says, and keep
// counters, ledger and balance exact in whatever order they come.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type EngineBench, engineBench, ordinary } from '../../test/support/index.ts';
import { newClient } from '../db/index.ts';
import {
  moneyStates,
  Status,
  type StatusCode,
  type StatusName,
  statusName,
  transitions,
} from '../messages/index.ts';
import type { Claim } from './leases.ts';
import { commitArrivals } from './receipts.ts';
import { cancel, settleUncertain, timeOut } from './schedule.ts';
import { commitSubmissions, submissionGroup } from './submissions.ts';

const names = Object.keys(Status) as StatusName[];
const answers: StatusCode[] = [Status.sent, Status.failed, Status.timedOut];
const words: StatusCode[] = [
  Status.accepted,
  Status.delivered,
  Status.undelivered,
  Status.expired,
  Status.unknown,
];
const slot = 7;

type Batch = { campaign_id: number; first_id: number; last_id: number };

async function setUp(t: TestContext) {
  const bench = await engineBench(t);
  await bench.operator({ port: 1 });
  const client = await newClient(bench.db);
  bench.later(() => client.end());
  return { bench, client };
}

/** A campaign as its only batch, claimed, everything in the queue. */
async function campaign(
  bench: EngineBench,
  buyer: Awaited<ReturnType<EngineBench['buyer']>>,
  size: number,
  uncertain: 'resend' | 'unknown' = 'unknown',
): Promise<Batch> {
  const id = await bench.send(buyer, { phones: ordinary(size), uncertain });
  const { rows } = await bench.db.pool.query<Batch>(
    'select campaign_id, first_id, last_id from batch where campaign_id = $1',
    [id],
  );
  return rows[0]!;
}

const claimOf = (batch: Batch, uncertainUpto: number): Claim => ({
  campaignId: batch.campaign_id,
  firstId: batch.first_id,
  lastId: batch.last_id,
  route: '',
  uncertainUpto,
  country: null,
  at: new Date(),
  fence: 1,
});

function answered(entries: readonly { id: number; status: number }[]) {
  const group = submissionGroup();
  for (const { id, status } of entries) {
    group.messageIds.push(id);
    group.statuses.push(status);
    group.errors.push(status === Status.failed ? 11 : 0);
    group.connectorIds.push(1);
    group.parts.push(-1);
    group.smscIds.push(status === Status.sent ? `id-${id}` : '');
  }
  return group;
}

const arrivals = (entries: readonly { id: number; status: number }[]) =>
  entries.map(({ id, status }) => ({ messageId: id, part: -1, smscId: `id-${id}`, status, error: 0 }));

test('what a state takes and holds of the money is the same in SQL as in the table of states', async (t) => {
  const { bench } = await setUp(t);
  for (const billOn of ['sent', 'delivered'] as const) {
    for (const name of names) {
      const { rows } = await bench.db.pool.query(
        'select money_taken($1, $2::smallint) as taken, money_held($1, $2::smallint) as held',
        [billOn === 'delivered', Status[name]],
      );
      const state = moneyStates[billOn][name];
      // `+ 0` makes a zero of JavaScript's -0.
      assert.deepEqual(
        rows[0],
        { taken: state === 'free' ? 0 : -1, held: state === 'held' ? 1 : 0 },
        `${billOn}, ${name}`,
      );
    }
  }
});

test('the statements let happen exactly what the table of transitions says', async (t) => {
  const { bench, client } = await setUp(t);
  const buyer = await bench.buyer();
  const { pool } = bench.db;
  const seen = new Set<string>();
  /** A message in each state; then the statement; then which of them moved. */
  async function attempt(change: (batch: Batch, ids: number[]) => Promise<unknown>): Promise<void> {
    const batch = await campaign(bench, buyer, names.length);
    const ids = names.map((_, i) => batch.first_id + i);
    await pool.query('update message set status = id - $1 where campaign_id = $2', [
      batch.first_id,
      batch.campaign_id,
    ]);
    await change(batch, ids);
    const { rows } = await pool.query<{ id: number; status: number }>(
      'select id, status from message where campaign_id = $1',
      [batch.campaign_id],
    );
    for (const { id, status } of rows) {
      const was = names[id - batch.first_id]!;
      if (statusName(status) !== was) seen.add(`${was} → ${statusName(status)}`);
    }
  }
  for (const status of answers) {
    await attempt((_, ids) => commitSubmissions(client, answered(ids.map((id) => ({ id, status }))), slot));
  }
  for (const status of words) {
    await attempt((_, ids) => commitArrivals(client, arrivals(ids.map((id) => ({ id, status }))), slot));
  }
  await attempt((batch) => cancel(pool, [claimOf(batch, batch.first_id - 1)], slot));
  await attempt((batch) => cancel(pool, [claimOf(batch, batch.last_id)], slot));
  await attempt((batch) => settleUncertain(pool, [claimOf(batch, batch.last_id)], slot));
  await attempt(async (batch) => {
    await pool.query('update batch set state = 1, deadline = now() where campaign_id = $1', [
      batch.campaign_id,
    ]);
    await timeOut(pool, slot);
  });
  const expected = names.flatMap((from) => transitions[from].map((to) => `${from} → ${to}`));
  assert.deepEqual([...seen].sort(), expected.sort());
});

type Operation =
  | { do: 'answers'; entries: { nth: number; status: number }[] }
  | { do: 'receipts'; entries: { nth: number; status: number }[] }
  | { do: 'cancel'; upto: number }
  | { do: 'uncertain'; upto: number }
  | { do: 'timeOut' };

const size = 8;
const entries = (of: readonly number[]) =>
  fc.array(fc.record({ nth: fc.nat(size - 1), status: fc.constantFrom(...of) }), {
    minLength: 1,
    maxLength: 6,
  });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('answers' as const), entries: entries(answers) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('receipts' as const), entries: entries(words) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), upto: fc.nat(size) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('uncertain' as const), upto: fc.nat(size) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('timeOut' as const) }) },
);

test('counters, ledger and balance stay exact in any order of answers, receipts, stops and time-outs', async (t) => {
  const { bench, client } = await setUp(t);
  const buyer = await bench.buyer();
  const { pool } = bench.db;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('sent' as const, 'delivered' as const),
      fc.array(operation, { minLength: 1, maxLength: 8 }),
      async (billOn, operations) => {
        await pool.query('update tariff set bill_on = $1', [billOn]);
        const batch = await campaign(bench, buyer, size);
        // Nothing is beyond the mark: what is tested is not the dispatcher.
        await pool.query('update batch set submitted_upto = last_id where campaign_id = $1', [
          batch.campaign_id,
        ]);
        const states: StatusName[] = new Array(size).fill('queued');
        const move = (nth: number, to: StatusName) => {
          if (transitions[states[nth]!].includes(to)) states[nth] = to;
        };
        for (const step of operations) {
          if (step.do === 'answers') {
            // One answer for a message in a group, as it is in life.
            const once = [...new Map(step.entries.map((e) => [e.nth, e])).values()];
            await commitSubmissions(
              client,
              answered(once.map((e) => ({ id: batch.first_id + e.nth, status: e.status }))),
              slot,
            );
            for (const { nth, status } of once) if (states[nth] === 'queued') move(nth, statusName(status));
          } else if (step.do === 'receipts') {
            const group = arrivals(
              step.entries.map((e) => ({ id: batch.first_id + e.nth, status: e.status })),
            );
            await commitArrivals(client, group, slot);
            // `accepted` is nothing beside a final word of the same group; of these the first counts.
            const first = new Map<number, number>();
            for (const { nth, status } of step.entries) {
              const before = first.get(nth);
              if (before === undefined || before === Status.accepted) first.set(nth, status);
            }
            for (const [nth, status] of first) move(nth, statusName(status));
          } else if (step.do === 'cancel') {
            await cancel(pool, [claimOf(batch, batch.first_id + step.upto - 1)], slot + 1);
            for (let i = 0; i < size; i++)
              if (states[i] === 'queued') move(i, i < step.upto ? 'timedOut' : 'failed');
          } else if (step.do === 'uncertain') {
            await settleUncertain(pool, [claimOf(batch, batch.first_id + step.upto - 1)], slot + 1);
            for (let i = 0; i < step.upto; i++) if (states[i] === 'queued') move(i, 'timedOut');
          } else {
            await pool.query('update batch set state = 1, deadline = now() where campaign_id = $1', [
              batch.campaign_id,
            ]);
            await timeOut(pool, slot + 1);
            await pool.query('update batch set state = 0, deadline = null where campaign_id = $1', [
              batch.campaign_id,
            ]);
            for (let i = 0; i < size; i++) if (states[i] !== 'queued') move(i, 'timedOut');
          }
        }
        const { rows } = await pool.query<{ status: number }>(
          'select status from message where campaign_id = $1 order by id',
          [batch.campaign_id],
        );
        assert.deepEqual(
          rows.map((row) => statusName(row.status)),
          states,
        );
        await bench.sound();
      },
    ),
    { numRuns: 40 },
  );
});

test('receipts of two parts of a message that two processes write down at once are both seen', async (t) => {
  const { bench, client } = await setUp(t);
  const other = await newClient(bench.db);
  bench.later(() => other.end());
  const buyer = await bench.buyer();
  const id = await bench.send(buyer, { phones: ordinary(50), text: 'x'.repeat(200) });
  const { rows } = await bench.db.pool.query<{ id: number }>(
    'select id from message where campaign_id = $1',
    [id],
  );
  const group = submissionGroup();
  for (const message of rows) {
    for (const part of [0, 1]) {
      group.messageIds.push(message.id);
      group.statuses.push(part === 1 ? Status.sent : -1);
      group.errors.push(0);
      group.connectorIds.push(1);
      group.parts.push(part);
      group.smscIds.push(`${message.id}-${part}`);
    }
  }
  await commitSubmissions(client, group, slot);
  const receiptOf = (message: { id: number }, part: number) => ({
    ...{ messageId: message.id, part, smscId: `${message.id}-${part}` },
    ...{ status: Status.delivered, error: 0 },
  });
  for (const message of rows) {
    await Promise.all([
      commitArrivals(client, [receiptOf(message, 0)], slot),
      commitArrivals(other, [receiptOf(message, 1)], slot + 1),
    ]);
  }
  assert.deepEqual((await bench.report(id)).messages, { delivered: rows.length });
});

test('a long message is delivered when all its parts are, and any part that is not decides', async (t) => {
  const { bench, client } = await setUp(t);
  const buyer = await bench.buyer();
  const { pool } = bench.db;
  const parts = 3;
  const failures: StatusName[] = ['undelivered', 'expired', 'unknown'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.record({ part: fc.nat(parts - 1), status: fc.constantFrom(...words) }), {
          minLength: 1,
          maxLength: 4,
        }),
        { maxLength: 5 },
      ),
      async (groups) => {
        const id = await bench.send(buyer, { phones: 1, text: 'A long word. '.repeat(30) });
        const message = await bench.value<number>('select id from message where campaign_id = $1', id);
        await pool.query('update batch set submitted_upto = last_id where campaign_id = $1', [id]);
        const group = submissionGroup();
        for (let part = 0; part < parts; part++) {
          group.messageIds.push(message);
          group.statuses.push(part === parts - 1 ? Status.sent : -1);
          group.errors.push(0);
          group.connectorIds.push(1);
          group.parts.push(part);
          group.smscIds.push(`${message}-${part}`);
        }
        await commitSubmissions(client, group, slot);
        // Repeated, as after a connection that was lost before the answer.
        await commitSubmissions(client, group, slot);

        const ofParts: (StatusName | null)[] = new Array(parts).fill(null);
        let expected: StatusName = 'sent';
        for (const receipts of groups) {
          await commitArrivals(
            client,
            receipts.map(({ part, status }) => ({
              messageId: message,
              part,
              smscId: `${message}-${part}`,
              status,
              error: 0,
            })),
            slot,
          );
          for (const { part, status } of receipts) {
            if (ofParts[part] === null || ofParts[part] === 'accepted') ofParts[part] = statusName(status);
          }
          // The least of several failures, so that the order within a group does not matter.
          const failed = failures.find((name) => ofParts.includes(name));
          let now: StatusName | undefined = failed;
          if (now === undefined && ofParts.every((s) => s === 'delivered')) now = 'delivered';
          if (now === undefined && ofParts.every((s) => s !== null)) now = 'accepted';
          if (now !== undefined && transitions[expected].includes(now)) expected = now;
        }
        assert.equal(
          statusName(await bench.value('select status from message where id = $1', message)),
          expected,
        );
        await bench.sound();
      },
    ),
    { numRuns: 40 },
  );
});
