// The PDU decoder against hostile streams; fuzz/decoder.ts says what must hold. `npm run fuzz -- --only pdu` tries more.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkStream } from '../fuzz/decoder.ts';
import { Random } from '../fuzz/random.ts';
import { fuzzSettings } from '../fuzz/settings.ts';
import { tryAll } from '../fuzz/watched.ts';

test('no stream of octets makes the decoder throw, hang, or read beyond a PDU', async (t) => {
  const settings = fuzzSettings(200_000);
  const { inputs, heapMiB } = await tryAll('pdu', 'decoder', settings);
  t.diagnostic(`${inputs} inputs of seed ${settings.seed}, heap at the end ${heapMiB} MiB`);
  assert.equal(inputs, settings.inputs);
  // A decoder that keeps what it read would hold gigabytes by now.
  assert.ok(heapMiB < 500, `${heapMiB} MiB`);
});

const kept = new URL('../fuzz/inputs/pdu/', import.meta.url);

for (const file of readdirSync(kept)) {
  test(`kept input ${file}: read without harm, however it is cut`, () => {
    const stream = Buffer.from(readFileSync(new URL(file, kept), 'utf8').replaceAll(/#.*|\s/g, ''), 'hex');
    assert.ok(stream.length > 0);
    for (let index = 0; index < 200; index += 1) checkStream(new Random(1, index), stream);
  });
}
