// Proves that pages cut out of id ranges are pages of the messages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutCounted, cutPage, type Range } from './search.ts';

const someRanges = fc
  .array(fc.record({ gap: fc.nat(5), size: fc.integer({ min: 1, max: 40 }) }), { maxLength: 12 })
  .map((steps) => {
    let next = 1;
    return steps.map(({ gap, size }) => {
      const first = next + gap;
      next = first + size;
      return { first, last: next - 1 };
    });
  });

const idsOf = (ranges: readonly Range[]) =>
  ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));

test('a page of ranges holds the same messages as a page of all of them, in both ways', () => {
  fc.assert(
    fc.property(someRanges, fc.nat(200), fc.integer({ min: 1, max: 60 }), (ranges, offset, limit) => {
      const ids = idsOf(ranges);
      assert.deepEqual(idsOf(cutPage(ranges, 'asc', { offset, limit })), ids.slice(offset, offset + limit));
      const backwards = ids.toReversed().slice(offset, offset + limit);
      assert.deepEqual(idsOf(cutPage(ranges, 'desc', { offset, limit })).toReversed(), backwards);
    }),
  );
});

test('a page of ranges of which only some messages count holds the same as a page of those', () => {
  const counting = (range: Range) => idsOf([range]).filter((id) => id % 3 === 0);
  fc.assert(
    fc.property(someRanges, fc.nat(80), fc.integer({ min: 1, max: 30 }), (ranges, offset, limit) => {
      const all = ranges.flatMap(counting);
      const counted = ranges.map((range) => ({ ...range, n: counting(range).length }));
      const page = cutCounted(counted, { offset, limit }).flatMap(({ first, last, skip, take }) =>
        counting({ first, last }).slice(skip, skip + take),
      );
      assert.deepEqual(page, all.slice(offset, offset + limit));
    }),
  );
});
