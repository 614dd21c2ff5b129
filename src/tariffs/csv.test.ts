// Proves that CSV is read as RFC 4180 says, and that what is not CSV is named by its line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CsvRecord, delimiterOf, readCsv } from './csv.ts';

const delimiters = [',', ';'] as const;

/** Writes a field; in quotes where it must be, or may be. */
function written(field: string, quoted: boolean): string {
  return quoted || /[",;\r\n\uFEFF]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const field = fc.record({
  value: fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r\n', 'a', ' ', 'é'), maxLength: 6 }),
  ),
  quoted: fc.boolean(),
});

test('every table survives being written and read, whatever its fields, line ends and separators', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { maxLength: 8 }),
      fc.constantFrom(...delimiters),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      (table, delimiter, lineEnd, endsWithLine) => {
        const lines = table.map((row) => row.map((f) => written(f.value, f.quoted)).join(delimiter));
        const text = lines.join(lineEnd) + (endsWithLine ? lineEnd : '');
        const records = [...readCsv(text, delimiter)];
        assert.deepEqual(
          records.map((record) => record.fields),
          table.map((row) => row.map((f) => f.value)),
        );
        let line = 1;
        records.forEach((record, i) => {
          assert.equal(record.line, line);
          assert.equal(record.error, undefined);
          line += lines[i]!.split('\n').length;
        });
      },
    ),
  );
});

test('any text is read to its end, and never throws', () => {
  const nasty = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '\uFEFF'), maxLength: 40 });
  fc.assert(
    fc.property(nasty, (text) => {
      let last = 0;
      for (const { line } of readCsv(text, ',')) {
        assert.ok(line > last);
        last = line;
      }
      assert.ok(last <= text.split('\n').length);
    }),
  );
});

test('what is not well formed is a bad record, and the next line is read again', () => {
  const cases: [text: string, expected: CsvRecord[]][] = [
    ['a,b"c\nd,e', [bad(1, /within a field/), good(2, 'd', 'e')]],
    ['"a"b,c\nd,e', [bad(1, /closing quote/), good(2, 'd', 'e')]],
    ['a,"b\nd,e\n', [bad(1, /does not end/), good(2, 'd', 'e')]],
    ['\uFEFFa,b\r\n\r\n,\r\n', [good(1, 'a', 'b'), good(3, '', '')]],
    ['"a\nb",c\nd,e', [good(1, 'a\nb', 'c'), good(3, 'd', 'e')]],
  ];
  for (const [text, expected] of cases) {
    const records = [...readCsv(text, ',')];
    assert.deepEqual(
      records.map(({ line, fields }) => [line, fields]),
      expected.map(({ line, fields }) => [line, fields]),
      text,
    );
    records.forEach((record, i) => {
      assert.match(record.error ?? '', new RegExp(expected[i]!.error ?? '^$'));
    });
  }
});

function good(line: number, ...fields: string[]): CsvRecord {
  return { line, fields };
}

function bad(line: number, error: RegExp): CsvRecord {
  return { line, fields: [], error: error.source };
}

test('the separator is the one the header has more of', () => {
  assert.equal(delimiterOf('prefix;country;price\n1,2'), ';');
  assert.equal(delimiterOf('prefix,country,price'), ',');
  assert.equal(delimiterOf('prefix'), ',');
  assert.equal(delimiterOf(''), ',');
});
