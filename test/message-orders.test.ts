// Proves that lists of messages by number and by delivery are exact at every moment: while campaigns are accepted and
// sent, receipts come and replace time-outs, and the sorter works, is killed in the middle and starts again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Db, newClient, transaction } from '../src/db/index.ts';
import { commitArrivals } from '../src/engine/receipts.ts';
import { receiptStatuses, Status, sortBatches } from '../src/messages/index.ts';
import { sortedPageOf } from '../src/messages/sorted.ts';
import type { MessageFilter } from '../src/messages/store.ts';
import { type EngineBench, engineBench, ordinary, waitFor } from './support/index.ts';

const all: MessageFilter = {
  id: undefined,
  campaignId: undefined,
  referenceId: undefined,
  from: undefined,
  to: undefined,
};
const sorts = (['phone', 'delivered'] as const).flatMap((by) =>
  (['asc', 'desc'] as const).map((way) => ({ by, way })),
);
const received = receiptStatuses.join(', ');

/** What a comparison saw: of the account, and of what was delivered and sorted by then. */
type Seen = { messages: number; delivered: number; timedOut: number; unsorted: number };

/**
 * Compares pages of every sort, from the front, the middle and the end, with cuts of a plain sort of all messages, in one
 * snapshot.
 */
function compare(db: Db, accountId: number, filter: MessageFilter = all, limit = 33): Promise<Seen> {
  return transaction(db, async (sql) => {
    await sql.query('set transaction isolation level repeatable read');
    const ours = `from message m join campaign c on c.id = m.campaign_id
      where c.account_id = $1 and ($2::bigint is null or c.id = $2) and ($3::timestamptz is null or c.start_at >= $3)`;
    const values = [accountId, filter.campaignId ?? null, filter.from ?? null];
    for (const sort of sorts) {
      const key = sort.by === 'phone' ? 'm.phone' : `case when m.status in (${received}) then m.done_at end`;
      const { rows } = await sql.query<{ id: number }>(
        `select m.id ${ours} order by ${key} ${sort.way} nulls last, m.id ${sort.way}`,
        values,
      );
      const expected = rows.map(({ id }) => id);
      const n = expected.length;
      for (const offset of new Set([0, 1, 7, n >> 1, Math.max(0, n - 20), n, n + 5])) {
        // By the orders, and at the front also as a small selection is sorted.
        for (const atOnce of offset === 0 ? [0, n] : [0]) {
          const page = await sortedPageOf(sql, accountId, filter, sort, { offset, limit }, atOnce);
          const ids = page.rows.map(({ id }) => id);
          assert.deepEqual(
            ids,
            expected.slice(offset, offset + limit),
            `${sort.by} ${sort.way} from ${offset}`,
          );
          assert.equal(page.total, n);
        }
      }
    }
    const { rows } = await sql.query<Seen>(
      `select count(*) as messages, count(*) filter (where m.status in (${received})) as delivered,
         count(*) filter (where m.status = ${Status.timedOut}) as "timedOut",
         (select count(*) from unsorted_batch where account_id = $1) as unsorted
       ${ours}`,
      values,
    );
    return rows[0]!;
  });
}

/**
 * Tells of some messages as the statements of receipts and time-outs do, but at a moment of the test's choice, so that
 * moments collide, also of several commits.
 */
async function tell(db: Db, at: number, every: number, status: number): Promise<void> {
  await db.pool.query(
    `with changed as (
       update message set status = $3, done_at = date_trunc('hour', now()) + make_interval(hours => 1, secs => $1)
       where id % $2 = 0 and status in (${Status.queued}, ${Status.sent}, ${Status.timedOut})
       returning id, campaign_id, done_at, old.status as was
     ), listed as (
       insert into delivery_group (account_id, delivered_at, first_id, campaign_id, n, message_ids)
       select c.account_id, m.done_at, min(m.id), m.campaign_id, count(*), array_agg(m.id)
       from changed m join campaign c on c.id = m.campaign_id where $4 group by 1, 2, 4
     )
     insert into campaign_count as k (campaign_id, slot, status, n, price_e7)
     select campaign_id, 7, status, sum(n), 0 from (
       select campaign_id, was as status, -1 as n from changed
       union all select campaign_id, $3, 1 from changed
     ) as delta group by 1, 3
     on conflict (campaign_id, slot, status, on_delivery) do update set n = k.n + excluded.n`,
    [at, every, status, receiptStatuses.includes(status)],
  );
}

test('pages are cuts of a plain sort, whatever is sorted and delivered', async (t) => {
  const bench = await engineBench(t);
  const { db } = bench;
  const step = fc.oneof(
    fc.record({
      ours: fc.boolean(),
      phones: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 }),
    }),
    fc.record({
      at: fc.integer({ min: 0, max: 4 }),
      every: fc.integer({ min: 1, max: 5 }),
      status: fc.constantFrom(
        Status.sent,
        Status.delivered,
        Status.undelivered,
        Status.timedOut,
        Status.failed,
      ),
    }),
    fc.constant('sort' as const),
  );
  await fc.assert(
    // Pages shorter than there are campaigns, so that not all of those may be looked into.
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, limit) => {
        const longAgo = new Date(0);
        const shop = await bench.buyer();
        const other = await bench.buyer();
        let campaignId: number | undefined;
        for (const one of steps) {
          if (one === 'sort') await sortBatches(db.pool);
          else if ('at' in one) await tell(db, one.at, one.every, one.status);
          else {
            const phones = one.phones.map((phone) => 380_500_000_100 + phone);
            const id = await bench.send(one.ours ? shop : other, { phones });
            if (one.ours) campaignId = id;
          }
        }
        await compare(db, shop.accountId, all, limit);
        await compare(db, shop.accountId, { ...all, from: longAgo }, limit);
        if (campaignId !== undefined) await compare(db, shop.accountId, { ...all, campaignId }, limit);
      },
    ),
    { numRuns: 30 },
  );
});

test('lists stay exact while campaigns are sent, receipts come and late ones replace time-outs', async (t) => {
  const bench = await engineBench(t);
  const { db } = bench;
  await bench.simulator({ receiptDelayMs: { min: 0, max: 4000 } }, { throttle: 700 });
  const shop = await bench.buyer();
  const other = await bench.buyer();
  const ids: number[] = [];
  const began = new Date();
  // The simulator takes numbers that end in 004 and never tells of them.
  const silent = Array.from({ length: 5 }, (_, i) => 380_500_000_004 + i * 1000);
  for (let i = 0; i < 3; i += 1) {
    ids.push(await bench.send(shop, { phones: [...ordinary(1095), ...silent].reverse() }));
    ids.push(await bench.send(other, { phones: ordinary(300) }));
  }
  await bench.send(shop, { phones: ordinary(500), start_at: new Date(Date.now() + 864e5).toISOString() });
  const untouched = await compare(db, shop.accountId);
  assert.deepEqual(untouched, { messages: 3800, delivered: 0, timedOut: 0, unsorted: 7 });
  await bench.engine();
  await bench.engine();
  const seen: Seen[] = [];
  await waitFor(
    async () => {
      // Not all receipts have come by then: the others replace what the engine says itself.
      await db.pool.query('update batch set deadline = now() where state = 1');
      seen.push(await compare(db, shop.accountId));
      await compare(db, shop.accountId, { ...all, campaignId: ids[0]! });
      const { delivered, timedOut } = seen.at(-1)!;
      return delivered === 3285 && timedOut === 15;
    },
    { timeoutMs: 120_000, what: 'all receipts but those of the silent numbers' },
  );
  await compare(db, shop.accountId, { ...all, from: began });
  await bench.settled(...ids);
  await waitFor(async () => (await bench.value('select count(*) from unsorted_batch')) === 0, {
    what: 'all batches to be sorted',
  });
  await compare(db, shop.accountId);
  // Late receipts of some of the silent ones.
  const { rows: late } = await db.pool.query<{ id: number }>(
    `select id from message where status = ${Status.timedOut} and campaign_id = any($1)`,
    [ids.slice(0, 3)],
  );
  const client = await newClient(db, { options: '-c enable_hashjoin=off -c enable_mergejoin=off' });
  const known = { part: -1, smscId: '', status: Status.undelivered, error: 0 };
  await commitArrivals(
    client,
    late.map(({ id }) => ({ messageId: id, ...known })),
    7,
  );
  await client.end();
  const after = await compare(db, shop.accountId);
  assert.deepEqual([after.delivered, after.timedOut], [3295, 5]);
  t.diagnostic(
    `${seen.filter(({ delivered }) => delivered > 0 && delivered < 3285).length} comparisons while receipts came`,
  );
  await bench.stopEngines();
  await bench.sound();
});

test('a sorter that is killed in the middle has sorted nothing, and two of them sort everything once', async (t) => {
  const bench = await engineBench(t);
  const { db } = bench;
  const shop = await bench.buyer();
  await bench.send(shop, { phones: ordinary(4500).reverse() });
  await bench.send(shop, { phones: ordinary(10) });
  const waiting = () => bench.value<number>('select count(*) from unsorted_batch');
  assert.equal(await waiting(), 6);
  await compare(db, shop.accountId, all, 1);
  assert.equal(await sortBatches(db.pool), 2);

  const doomed = await newClient(db);
  await doomed.query('begin');
  const process = (await doomed.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!;
  assert.ok((await sortBatches(doomed)) > 0);
  assert.equal((await compare(db, shop.accountId)).unsorted, 4, 'seen by nobody before its commit');
  await db.pool.query('select pg_terminate_backend($1, 10000)', [process.pid]);
  await doomed.end().catch(() => {});
  assert.equal((await compare(db, shop.accountId)).unsorted, 4);
  await bench.sound();

  const sortAll = async () => {
    let batches = 0;
    for (let n = 1; n > 0; batches += n) n = await sortBatches(db.pool);
    return batches;
  };
  const sorted = await Promise.all([sortAll(), sortAll(), compareWhile(bench, shop.accountId, waiting)]);
  assert.equal(sorted[0] + sorted[1], 4);
  assert.equal(await waiting(), 0);
  await compare(db, shop.accountId);
  await bench.sound();
});

async function compareWhile(
  bench: EngineBench,
  accountId: number,
  waiting: () => Promise<number>,
): Promise<void> {
  do await compare(bench.db, accountId);
  while ((await waiting()) > 0);
}

test('a number is found in all accounts by the one index', async (t) => {
  const bench = await engineBench(t);
  for (let i = 0; i < 3; i += 1) await bench.send(await bench.buyer(), { phones: ordinary(50) });
  while ((await sortBatches(bench.db.pool)) > 0);
  const client = await newClient(bench.db, { options: '-c enable_seqscan=off' });
  t.after(() => client.end());
  const look = 'select account_id, message_id from message_by_phone where phone = 380500000117 order by 1';
  assert.deepEqual(
    (await client.query<{ account_id: number }>(look)).rows.map((row) => row.account_id),
    [1, 2, 3],
  );
  const plan = await client.query<{ 'QUERY PLAN': string }>(`explain ${look}`);
  assert.match(JSON.stringify(plan.rows), /Index (Only )?Scan|Bitmap Index Scan/);
});
