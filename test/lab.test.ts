// The fault laboratory's slice for CI: the seeds of breaches that were mended, and rounds of a fixed seed. About a
// minute on an idle machine; bounded by faults and messages, not by time. `npm run lab` runs it longer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type RunOptions, run } from '../lab/run.ts';

const seeds = JSON.parse(readFileSync(new URL('../lab/seeds.json', import.meta.url), 'utf8')) as {
  rounds: { seed: number; found: string }[];
};
/** Small rounds; those of the seeds are as they were found, since their size belongs to what a seed draws. */
const small = { faultsPerRound: 10, messagesPerRound: 1500 };
const fixedSeed = 20260101;

async function holds(options: RunOptions, diagnostic: (text: string) => void): Promise<void> {
  const heard: string[] = [];
  const report = await run({ ...options, say: (what) => heard.push(what) });
  assert.deepEqual(report.breaches, [], heard.join('\n'));
  assert.ok(report.faults > 0 && report.messages > 0);
  const { faults, messages, duplicates, uncertain } = report;
  diagnostic(`${faults} faults, ${messages} messages, ${duplicates} sent again, ${uncertain} perhaps sent`);
}

test('rounds of faults of every kind leave nothing lost, nothing counted twice, and all recovers by itself', async (t) => {
  await holds({ seed: fixedSeed, rounds: 2, ...small }, (text) => t.diagnostic(text));
});

for (const { seed, found } of seeds.rounds) {
  test(`seed ${seed}, in which was found: ${found}`, async (t) => {
    await holds({ seed, rounds: 1 }, (text) => t.diagnostic(text));
  });
}
