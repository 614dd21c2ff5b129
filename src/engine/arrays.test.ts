import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testDatabase } from '../../test/support/index.ts';
import { arrayLiteral, textArrayLiteral } from './arrays.ts';

test('PostgreSQL reads back every text and number that was written into an array', async (t) => {
  const { pool } = await testDatabase(t);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }).map((s) => s.replaceAll('\0', '')),
    fc.constantFrom('', 'NULL', 'null', '\\', '"', '\\"', '{}', '{', ',', ' ', '\n', "'", '0x1F', '$1', 'ÿé'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text), fc.array(fc.maxSafeInteger()), async (texts, numbers) => {
      const { rows } = await pool.query('select $1::text[] as texts, $2::bigint[] as numbers', [
        textArrayLiteral(texts),
        arrayLiteral(numbers),
      ]);
      assert.deepEqual(rows[0], { texts, numbers });
    }),
  );
});
