// Proves that a campaign's messages of some states are found by counting through its census: exactly where nothing has
// changed since it was made, and else in order, without gaps, and none that is in another state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Db } from '../src/db/index.ts';
import { CensusSource, stepSize } from '../src/messages/census.ts';
import { selectCounted } from '../src/messages/counted.ts';
import { sortBatches } from '../src/messages/index.ts';
import { selectNarrowed } from '../src/messages/narrowed.ts';
import { publishedStatus, Status, type StatusName, statusName, transitions } from '../src/messages/status.ts';
import { engineBench } from './support/index.ts';
import { manyMessages } from './support/many-messages.ts';

const none = { id: undefined, referenceId: undefined, from: undefined, to: undefined };
const shown = [
  'sending',
  'sent',
  'accepted',
  'delivered',
  'undelivered',
  'expired',
  'unknown',
  'failed',
] as const;

/** Moves every message of `every` n-th id in a part of the campaign forward, where it may go there. */
type Step = { every: number; from: number; to: number; status: StatusName };

async function move(db: Db, id: number, count: number, { every, from, to, status }: Step): Promise<void> {
  const before = (Object.keys(Status) as StatusName[]).filter((name) => transitions[name].includes(status));
  await db.pool.query(
    `update message m set status = $3 from campaign c
     where c.id = $1 and m.id between c.first_message_id + $5 and c.first_message_id + $6 and m.id % $2 = 0
       and m.status = any($4)`,
    [
      id,
      every,
      Status[status],
      before.map((name) => Status[name]),
      Math.floor(from * count),
      Math.floor(to * count),
    ],
  );
  await recount(db, id);
}

async function recount(db: Db, id: number): Promise<void> {
  await db.pool.query('delete from campaign_count where campaign_id = $1', [id]);
  await db.pool.query(
    `insert into campaign_count (campaign_id, slot, status, on_delivery, n, price_e7)
     select campaign_id, 0, status, false, count(*), 0 from message where campaign_id = $1 group by 1, 3`,
    [id],
  );
}

/** A campaign under way of which nothing has left. */
async function underWay(db: Db, accountId: number, count: number): Promise<number> {
  const id = await manyMessages(db, accountId, count);
  await db.pool.query(`update campaign set status = 'sending', finished_at = null where id = $1`, [id]);
  await db.pool.query('update message set status = 0, error = null where campaign_id = $1', [id]);
  await recount(db, id);
  return id;
}

test('pages of every state are cuts of all messages, however those move on', async (t) => {
  const { db, buyer } = await engineBench(t);
  const { accountId } = await buyer();
  const count = 3 * stepSize + 777;
  const states = (Object.keys(Status) as StatusName[]).filter((name) => name !== 'queued');
  const step = fc.record({
    every: fc.constantFrom(1, 2, 3, 7, 1000),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    status: fc.constantFrom(...states),
  });
  const page = fc.record({
    statuses: fc.uniqueArray(fc.constantFrom(...shown), { minLength: 1, maxLength: 3 }),
    way: fc.constantFrom('asc' as const, 'desc' as const),
    at: fc.double({ min: 0, max: 1.1, noNaN: true }),
    limit: fc.constantFrom(1, 50, 500),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step, pages: fc.array(page, { minLength: 1, maxLength: 4 }) }), { maxLength: 6 }),
      async (rounds) => {
        const campaignId = await underWay(db, accountId, count);
        const old = new CensusSource(db);
        for (const { step, pages } of rounds) {
          await move(db, campaignId, count, step);
          const { rows } = await db.pool.query<{ id: number; status: number }>(
            'select id, status from message where campaign_id = $1 order by id',
            [campaignId],
          );
          for (const { statuses, way, at, limit } of pages) {
            const fitting = rows.filter(({ status }) =>
              statuses.includes(publishedStatus(status, { status: 'sending', begun: true }) as never),
            );
            const ids = fitting.map(({ id }) => id);
            if (way === 'desc') ids.reverse();
            const offset = Math.floor(at * ids.length);
            const ask = (source: CensusSource) =>
              selectNarrowed(
                db,
                source,
                accountId,
                { ...none, campaignId },
                { statuses, beginning: undefined },
                way,
                { offset, limit },
              );
            const exact = await ask(new CensusSource(db));
            const expected = ids.slice(offset, offset + limit);
            assert.equal(exact.total, ids.length);
            assert.deepEqual(
              exact.rows.map(({ id }) => id),
              expected,
            );
            // By a census of an earlier round, perhaps.
            const about = await ask(old);
            assert.equal(about.total, ids.length);
            const got = about.rows.map(({ id }) => id);
            assert.equal(got.length, expected.length, 'a page is full');
            assert.ok(
              got.every((id, i) => i === 0 || (way === 'asc' ? got[i - 1]! < id : got[i - 1]! > id)),
              'in its order',
            );
            const all = new Set(ids);
            assert.ok(
              got.every((id) => all.has(id)),
              'nothing else',
            );
          }
        }
      },
    ),
    { numRuns: 12 },
  );
});

test('a census is made once while nothing changes, and what is settled is not counted again', async (t) => {
  const { db, buyer } = await engineBench(t);
  const { accountId } = await buyer();
  const count = 4 * stepSize;
  const campaignId = await underWay(db, accountId, count);
  let counted = 0;
  let from = 0;
  const query = db.pool.query.bind(db.pool) as (...args: unknown[]) => unknown;
  const spied = Object.assign(Object.create(db.pool), {
    query: (first: unknown, ...rest: unknown[]) => {
      const { name, values } = first as { name?: string; values: number[] };
      if (name === 'count-states') {
        counted += 1;
        from = values[1]! - values[0]!;
      }
      return query(first, ...rest);
    },
  });
  const source = new CensusSource({ ...db, pool: spied });
  const look = async (status: 'sending' | 'delivered', offset: number) => {
    const { rows } = await selectNarrowed(
      db,
      source,
      accountId,
      { ...none, campaignId },
      { statuses: [status], beginning: undefined },
      'asc',
      { offset, limit: 15 },
    );
    return rows.map(({ status: code }) => statusName(code));
  };
  await Promise.all([look('sending', 0), look('sending', 9000), look('sending', count - 15)]);
  await look('sending', 0);
  assert.equal(counted, 1, 'who asks at the same time, or again, waits for the same one');
  assert.deepEqual(await look('delivered', 0), [], 'the counters say that there is none');
  assert.equal(counted, 1);
  await move(db, campaignId, count, { every: 1, from: 0, to: 0.5, status: 'delivered' });
  assert.equal((await look('delivered', 7000)).length, 15);
  assert.deepEqual([counted, from], [2, 0]);
  // The first half is settled: only the rest is counted again.
  await move(db, campaignId, count, { every: 1, from: 0.5, to: 1, status: 'delivered' });
  const now = await selectCounted(db.pool, accountId, { ...none, campaignId });
  await source.of(now!, true);
  assert.deepEqual([counted, from], [3, 2 * stepSize]);
});

test('numbers are found by how they begin, sorted or not, with their state', async (t) => {
  const { db, buyer, send } = await engineBench(t);
  const ours = await buyer();
  const phones = Array.from({ length: 3000 }, (_, i) => 380_500_000_100 + i * 7);
  const campaignId = await send(ours, { phones });
  await send(ours, { phones: phones.slice(0, 50) });
  await db.pool.query('update message set status = 3 where id % 3 = 0');
  await recount(db, campaignId);
  const source = new CensusSource(db);
  const find = async (beginning: string, statuses?: ['delivered'], way: 'asc' | 'desc' = 'asc') => {
    const { rows, total } = await selectNarrowed(
      db,
      source,
      ours.accountId,
      { ...none, campaignId },
      { statuses, beginning },
      way,
      { offset: 1, limit: 20 },
    );
    return {
      total,
      phones: rows.map(({ phone }) => phone),
      delivered: rows.every(({ status }) => status === 3),
    };
  };
  const fitting = (beginning: string) => phones.filter((phone) => String(phone).startsWith(beginning));
  const compare = async () => {
    for (const beginning of ['380500', '38050001', '3805000021', '380500000100', '380500000101', '491511']) {
      const expected = fitting(beginning);
      assert.deepEqual(
        await find(beginning).then(({ total, phones }) => ({ total, phones })),
        { total: expected.length, phones: expected.slice(1, 21) },
        beginning,
      );
      const backwards = await find(beginning, undefined, 'desc');
      assert.deepEqual(backwards.phones, expected.toReversed().slice(1, 21));
    }
    const some = await find('38050001', ['delivered']);
    assert.ok(some.delivered && some.total > 400 && some.total < 500, String(some.total));
  };
  await compare();
  assert.ok((await sortBatches(db.pool)) > 0);
  await compare();
  while ((await sortBatches(db.pool)) > 0);
  await compare();
});
