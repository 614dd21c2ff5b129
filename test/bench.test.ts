// The benchmark in its smoke form: that every part of it runs to its end with small numbers and finds everything
// counted, delivered and within its limits. How fast it was does not matter here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child } from './support/index.ts';

test('every part of the benchmark ends, with everything delivered and counted', async (t) => {
  const bench = child(t, ['bench/bench.ts', '--smoke', '--json'], {});
  assert.equal(await bench.ended, 0, bench.stderr());
  const out = bench.stdout();
  const { submit, endToEnd, scaling, large, soak } = JSON.parse(out.slice(out.indexOf('\n{\n')));
  assert.ok(submit.carillon > 0 && submit.npmSmpp > 0);
  assert.deepEqual(
    endToEnd.map(({ messages, atOnce }: { messages: number; atOnce: number }) => [messages, atOnce]),
    [[10_000, 10]],
  );
  const { uncertain, limit } = scaling.takeOver;
  assert.ok(uncertain <= limit, `${uncertain} messages were uncertain, at most ${limit} may be`);
  assert.equal(large.messages, 20_000);
  assert.ok(large.reportMs.requests > 0);
  assert.equal(soak.rows, 20_000);
});
