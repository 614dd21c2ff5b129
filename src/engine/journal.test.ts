import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { Journal } from './journal.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A journal of numbers whose commits the test ends, one by one. */
function journal() {
  const committed: number[] = [];
  const groups: number[][] = [];
  const waiting: { resolve(): void; reject(error: Error): void }[] = [];
  let connections = 0;
  let ended = 0;
  let arrived: () => void = () => {};
  const the = new Journal<number>({
    name: 'test',
    log: quiet,
    connect: async () => {
      connections++;
      return { end: async () => void ended++ } as unknown as pg.Client;
    },
    commit: (_client, group) => {
      groups.push([...group]);
      return new Promise<void>((resolve, reject) => {
        waiting.push({ resolve, reject });
        arrived();
      });
    },
    committed: (group) => committed.push(...group),
  });
  return {
    the,
    committed,
    groups,
    connections: () => connections,
    ended: () => ended,
    /** Waits for the next commit, and ends it. */
    async end(error?: Error): Promise<void> {
      if (waiting.length === 0)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      const commit = waiting.shift()!;
      if (error === undefined) commit.resolve();
      else commit.reject(error);
    },
  };
}

test('what comes in one turn is one group, and what comes during a commit is the next', async () => {
  const j = journal();
  for (let i = 0; i < 10; i++) j.the.add(i);
  assert.equal(j.the.backlog, 10);
  const first = j.end();
  await first;
  for (let i = 10; i < 30; i++) j.the.add(i);
  await j.end();
  await j.the.idle();
  assert.deepEqual(
    j.committed,
    Array.from({ length: 30 }, (_, i) => i),
  );
  assert.deepEqual(
    j.groups.map((g) => g.length),
    [10, 20],
  );
  assert.equal(j.the.backlog, 0);
  assert.equal(j.connections(), 1);
});

test('a group is limited, and the order of entries is kept', async () => {
  const j = journal();
  const all = Array.from({ length: 9000 }, (_, i) => i);
  for (const i of all) j.the.add(i);
  for (let i = 0; i < 3; i++) await j.end();
  await j.the.idle();
  assert.deepEqual(j.committed, all);
  assert.deepEqual(
    j.groups.map((g) => g.length),
    [4000, 4000, 1000],
  );
});

test('a commit that fails is repeated on a new connection, before anything that came later', async () => {
  const j = journal();
  j.the.add(1);
  await j.end(new Error('connection lost'));
  j.the.add(2);
  await j.end(new Error('still lost'));
  assert.deepEqual(j.committed, []);
  assert.equal(j.the.backlog, 2);
  await j.end();
  await j.end();
  await j.the.idle();
  assert.deepEqual(j.groups, [[1], [1], [1], [2]]);
  assert.deepEqual(j.committed, [1, 2]);
  assert.deepEqual([j.connections(), j.ended()], [3, 2]);
});

test('idle resolves at once without entries, and only after entries that come meanwhile', async () => {
  const j = journal();
  await j.the.idle();
  j.the.add(1);
  let idle = false;
  const waited = j.the.idle().then(() => {
    idle = true;
  });
  await j.end();
  j.the.add(2);
  await j.end();
  await waited;
  assert.equal(idle, true);
  assert.deepEqual(j.committed, [1, 2]);
});

test('a journal that stops while the database is away gives up, and says so to whoever waits', async () => {
  const j = journal();
  j.the.add(1);
  await j.end(new Error('away'));
  const idle = j.the.idle();
  await j.the.stop();
  await idle;
  assert.deepEqual(j.committed, []);
});
