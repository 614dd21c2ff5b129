// Proves that any table is read back as it was written, however it was written and cut, and that any bytes can be read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { blockSize } from './encoding.ts';
import {
  type BadRow,
  type Delimiter,
  delimiters,
  type Encoding,
  encodings,
  openTable,
  TableError,
  type TableOptions,
} from './index.ts';
import { maxRowLength } from './table.ts';

type Read = { names: readonly string[]; lines: number[]; rows: string[][]; bad: BadRow[]; raws: string[] };

/** The bytes in pieces of these sizes, again and again. */
async function* cut(bytes: Uint8Array, sizes: readonly number[] = [65_536]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(bytes: Uint8Array, options: TableOptions = {}, sizes?: readonly number[]) {
  const table = await openTable(cut(bytes, sizes), options);
  const all: Read = { names: table.names, lines: [], rows: [], bad: [], raws: [] };
  let bytesRead = 0;
  for await (const chunk of table.chunks) {
    all.names = chunk.names;
    all.lines.push(...chunk.lines);
    chunk.lines.forEach((_, i) => {
      all.rows.push(chunk.columns.map((column) => column[i]!));
      all.raws.push(chunk.raw(i));
    });
    for (const column of chunk.columns) assert.equal(column.length, chunk.lines.length);
    all.bad.push(...chunk.bad);
    bytesRead += chunk.bytes;
  }
  return { ...all, table, bytesRead };
}

// Windows-1251 and 1252 as bytes, made from what TextDecoder says of them.
const codePages = new Map(
  (['windows-1251', 'windows-1252'] as const).map((encoding) => {
    const decoder = new TextDecoder(encoding);
    const bytes = new Map(Array.from({ length: 256 }, (_, i) => [decoder.decode(Uint8Array.of(i)), i]));
    return [encoding as Encoding, bytes];
  }),
);

function encode(text: string, encoding: Encoding, mark: boolean): Buffer {
  if (encoding === 'utf-8') return Buffer.from((mark ? '\ufeff' : '') + text, 'utf8');
  const page = codePages.get(encoding);
  if (page !== undefined) return Buffer.from(Array.from(text, (char) => page.get(char)!));
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}

const letters: Record<Encoding, string> = {
  'utf-8': 'éщ€🦄漢',
  'utf-16le': 'éщ€🦄漢',
  'utf-16be': 'éщ€🦄漢',
  'windows-1251': 'щЇґ€—№',
  'windows-1252': 'éÿ€—½',
};

const style = fc.record({
  delimiter: fc.constantFrom(...delimiters),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom(...encodings),
  mark: fc.boolean(),
  lastEnd: fc.boolean(),
  trailing: fc.boolean(),
  emptyLines: fc.boolean(),
  packed: fc.boolean(),
  sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
});

const cell = (encoding: Encoding) =>
  fc.record({
    value: fc.string({
      unit: fc.constantFrom(
        '"',
        ',',
        ';',
        '\t',
        '|',
        '\n',
        '\r',
        '\r\n',
        'a',
        ' ',
        '{',
        ...letters[encoding],
      ),
      maxLength: 6,
    }),
    quoted: fc.boolean(),
  });

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
const lineBreaks = (text: string) => text.split(/\r\n|\r|\n/).length - 1;

test('every table is read back as it was written: separators, quotes, line ends, encodings, gzip, cuts', async () => {
  const tables = style.chain((how) =>
    fc.tuple(
      fc.constant(how),
      fc
        .integer({ min: 1, max: 4 })
        .chain((width) =>
          fc.array(fc.array(cell(how.encoding), { minLength: width, maxLength: width }), { maxLength: 8 }),
        ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(tables, async ([how, table]) => {
      const { delimiter, end, encoding, mark, trailing } = how;
      const width = table[0]?.length ?? 1;
      const header = Array.from({ length: width }, (_, i) => `c${i}`).join(delimiter);
      const written = table.map((row) => {
        const line = row
          .map(({ value, quoted: asked }) => (asked || /["\r\n;,|\t]/.test(value) ? quoted(value) : value))
          .join(delimiter);
        // A row of one empty field would be an empty line.
        return (line === '' ? '""' : line) + (trailing ? delimiter : '');
      });
      const gap = how.emptyLines ? end + end : end;
      const text = [header, ...written].join(gap) + (how.lastEnd ? end : '');
      const plain = encode(text, encoding, mark);
      const bytes = how.packed ? gzipSync(plain) : plain;
      const found = await read(bytes, { format: 'csv', delimiter, encoding, header: true }, how.sizes);
      assert.deepEqual(found.bad, []);
      assert.deepEqual(
        found.rows,
        table.map((row) => row.map(({ value }) => value)),
      );
      let line = 1 + lineBreaks(gap);
      const lines = written.map((row) => {
        const first = line;
        line += lineBreaks(row) + lineBreaks(gap);
        return first;
      });
      assert.deepEqual(found.lines, lines);
      assert.deepEqual(found.raws, written);
      assert.equal(found.bytesRead, plain.length);
      assert.equal(found.table.gzip, how.packed);
    }),
    { numRuns: 1000 },
  );
});

test('everything is found out about the tables that people have', async () => {
  const names: Record<Encoding, string[]> = {
    'utf-8': ['Олена', 'Ésperanza', '漢字'],
    'utf-16le': ['Олена', 'Ésperanza', '漢字'],
    'utf-16be': ['Олена', 'Ésperanza', '漢字'],
    'windows-1251': ['Олена', 'Їжак', 'Пётр Ильич', 'ґудзик'],
    'windows-1252': ['José', 'Ésperanza', 'Müller', 'Ångström', 'François'],
  };
  const tables = style.chain((how) =>
    fc.tuple(
      fc.constant(how),
      fc.boolean(),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 999_999 }), fc.constantFrom(...names[how.encoding])), {
        minLength: 3,
        maxLength: 30,
      }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(tables, async ([how, header, people]) => {
      const { delimiter, end, encoding } = how;
      const rows = people.map(([n, name]) => [`+380 50 ${100_000 + n}`, name, `Hi, ${name}`]);
      const all = header ? [['phone', 'name', 'text'], ...rows] : rows;
      const text = all
        .map((row) => row.map((value) => (value.includes(delimiter) ? quoted(value) : value)).join(delimiter))
        .join(end);
      const plain = encode(text, encoding, how.mark);
      const found = await read(how.packed ? gzipSync(plain) : plain, {}, how.sizes);
      assert.equal(found.table.encoding(), encoding);
      assert.equal(found.table.delimiter, delimiter);
      assert.equal(found.table.header, header);
      assert.deepEqual(found.names, header ? ['phone', 'name', 'text'] : ['1', '2', '3']);
      assert.deepEqual(found.rows, rows);
      assert.deepEqual(found.bad, []);
    }),
    { numRuns: 500 },
  );
});

test('NDJSON is read back as it was written, with columns that come later', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }).filter((text) => !/[\0\ufffd]/.test(text)),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const object = fc.dictionary(fc.constantFrom('phone', 'name', 'x', '__proto__', 'toString'), value);
  await fc.assert(
    fc.asyncProperty(fc.array(object, { maxLength: 10 }), style, async (objects, how) => {
      const text = objects.map((each) => JSON.stringify(each)).join(how.emptyLines ? '\n\n' : how.end);
      const encoding = how.encoding.startsWith('windows') ? 'utf-8' : how.encoding;
      const bytes = encode(text, encoding, how.mark);
      const found = await read(bytes, { format: 'ndjson', encoding }, how.sizes);
      assert.deepEqual(found.bad, []);
      const step = how.emptyLines ? 2 : 1;
      assert.deepEqual(
        found.lines,
        objects.map((_, i) => 1 + i * step),
      );
      const keys = [...new Set(objects.flatMap((each) => Object.keys(each)))];
      assert.deepEqual(found.names, keys);
      assert.deepEqual(
        found.rows,
        objects.map((each) =>
          keys.map((key) => (Object.hasOwn(each, key) && each[key] !== null ? String(each[key]) : '')),
        ),
      );
    }),
  );
});

test('any bytes are read to their end, every line once, and never throw anything but words', async () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .array(fc.constantFrom(...Buffer.from('"",;\n\r\t{}[]:a1é\0')), { maxLength: 80 })
      .map((bytes) => Uint8Array.from(bytes)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.of(0x1f, 0x8b, 8, ...bytes)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.of(0xff, 0xfe, ...bytes)),
  );
  const options = fc.record(
    {
      format: fc.constantFrom('csv', 'ndjson'),
      delimiter: fc.constantFrom(...(delimiters as readonly Delimiter[])),
      header: fc.boolean(),
      encoding: fc.constantFrom(...encodings),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(hostile, options, style, async (bytes, given, { sizes }) => {
      const attempt = (pieces: readonly number[]) =>
        read(bytes, given as TableOptions, pieces).catch((error: unknown) => {
          assert.ok(error instanceof TableError, String(error));
          return undefined;
        });
      const [found, again] = [await attempt(sizes), await attempt([1000])];
      assert.deepEqual(found?.rows, again?.rows);
      assert.deepEqual(found?.bad, again?.bad);
      if (found === undefined) return;
      const numbers = [...found.lines, ...found.bad.map(({ line }) => line)];
      assert.equal(new Set(numbers).size, numbers.length, 'a line came twice');
    }),
    { numRuns: 1000 },
  );
});

test('a broken row is named by its line, and the rows after it are read', async () => {
  const bad = async (text: string, options: TableOptions = { header: false, delimiter: ',' }) => {
    const found = await read(Buffer.from(text), options);
    return {
      bad: found.bad.map(({ line, reason }) => `${line}: ${reason.split(':')[0]}`),
      good: found.lines.map((line, i) => `${line}: ${found.rows[i]!.join('/')}`),
    };
  };
  assert.deepEqual(await bad('1,a\n2,b"c\n3,d'), {
    bad: ['2: a quote stands within a field'],
    good: ['1: 1/a', '3: 3/d'],
  });
  assert.deepEqual(await bad('1,a\n2,"b\n3,d\n4,e\n'), {
    bad: ['2: a quoted field does not end'],
    good: ['1: 1/a', '3: 3/d', '4: 4/e'],
  });
  assert.deepEqual(await bad('1,a\n2,"b"c\r\n3,d'), {
    bad: ['2: something follows the closing quote of a field'],
    good: ['1: 1/a', '3: 3/d'],
  });
  assert.deepEqual(await bad('1,a\n2,b,c\n3\n4,"x\r\ny"\n5,d,,\n6,e\n'), {
    bad: ['2: it has 3 fields, and the table 2 columns'],
    good: ['1: 1/a', '3: 3/', '4: 4/x\r\ny', '6: 5/d', '7: 6/e'],
  });
  assert.deepEqual(await bad('{"a":1}\n{"a":\n[1]\n{"a":{}}\n{"a":12345678901234567890}\n{"b":2}', {}), {
    bad: [
      '2: it is no valid JSON',
      '3: it is no JSON object such as {"phone"',
      '4: a is no text, number or truth value',
      '5: a is beyond the exact integers',
    ],
    good: ['1: 1/', '6: /2'],
  });
  assert.deepEqual(await bad('1,a\n2,\0\n3,c'), {
    bad: ['2: it has the character U+0000'],
    good: ['1: 1/a', '3: 3/c'],
  });
});

test('a line longer than a row may be is bad, in one block or over many, and its rest is no row', async () => {
  for (const length of [maxRowLength + 1, blockSize, 3 * blockSize + 17]) {
    for (const [before, after] of [
      ['1,', ''],
      ['"1', ''],
      ['1,"', '"'],
      ['{"a":"', '"}'],
    ]) {
      const json = before!.startsWith('{');
      const rows = json ? ['{"a":"1"}', '{"a":"3"}'] : ['0,b', '3,d'];
      for (const end of ['\n', '\r\n', '\r']) {
        const text = [rows[0], before + 'x'.repeat(length) + after, rows[1], ''].join(end);
        const found = await read(Buffer.from(text), { header: false });
        assert.deepEqual(found.lines, [1, 3], `${length} ${before} ${JSON.stringify(end)}`);
        assert.deepEqual(
          found.bad.map(({ line }) => line),
          [2],
        );
      }
    }
  }
});

test('what is packed may not unpack without bound, nor end early; only a beginning may', async () => {
  const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'));
  await assert.rejects(read(zeros), /more than 300 times/);
  await assert.rejects(read(zeros, { maxBytes: 1_000_000 }), /more than 1,000,000 bytes/);
  await assert.rejects(read(Buffer.alloc(100, '1\n'), { maxBytes: 99 }), /more than 99 bytes/);
  const packed = gzipSync(Buffer.from('phone,name\n380501234567,a\n'.repeat(1000)));
  await assert.rejects(read(packed.subarray(0, -20)), /broken or not complete/);
  const beginning = await read(packed.subarray(0, -20), { partial: true });
  assert.ok(beginning.rows.length > 0);
  const cutRow = await read(Buffer.from('phone,name\n380501234567,a\n3805012'), { partial: true });
  assert.deepEqual(cutRow.rows, [['380501234567', 'a']]);
});

test('an encoding shows late: a long beginning of ASCII decides nothing', async () => {
  const ascii = `phone;name\n${'380501234567;Ann\n'.repeat(40_000)}`;
  for (const [encoding, name] of [
    ['windows-1251', 'Олена'],
    ['utf-8', 'Олена'],
    ['windows-1252', 'José'],
  ] as const) {
    const found = await read(
      Buffer.concat([Buffer.from(ascii), encode(`380501234568;${name}`, encoding, false)]),
    );
    assert.equal(found.table.encoding(), encoding);
    assert.deepEqual(found.rows.at(-1), ['380501234568', name]);
  }
});
