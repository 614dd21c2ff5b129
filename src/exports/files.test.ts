// Proves that files hold exactly the lines: CSV by a reader of RFC 4180 written here, XLSX by what its XML says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { csvField, csvLine } from './csv.ts';
import { header, type Line } from './line.ts';
import { escapeXml, xlsxStream } from './xlsx.ts';

/** A reader as RFC 4180 has it: quotes doubled inside of quotes, CRLF between records. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      at++;
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (text[at] === '"') at++;
        field += text[at++];
      }
      at++;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') field += text[at++];
    }
    fields.push(field);
    if (text[at] === ',') at++;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n');
      at += 2;
      records.push(fields);
      fields = [];
    }
  }
  return records;
}

const odd = fc.string({
  unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ', 'ж', '😀', '=', "'"),
  maxLength: 12,
});

test('what is written as CSV is read as it was, but for the apostrophe before formulas', () => {
  fc.assert(
    fc.property(fc.array(fc.array(odd, { minLength: 2, maxLength: 5 }), { maxLength: 5 }), (lines) => {
      const read = readCsv(lines.map(csvLine).join(''));
      const plain = read.map((record) => record.map((field) => field.replace(/^'(?=[=\r])/, '')));
      assert.deepEqual(
        plain,
        lines.map((line) => line.map((field) => field.replace(/^'(?=[=\r])/, ''))),
      );
    }),
    { numRuns: 2000 },
  );
});

test('no field begins as a formula does', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1']) {
    assert.ok(csvField(text).replace(/^"/, '').startsWith("'"), JSON.stringify(text));
  }
  assert.equal(csvField('1-1=0'), '1-1=0');
});

/** The entries of a ZIP archive by its central directory. */
function entriesOf(zip: Buffer): Map<string, string> {
  const entries = new Map<string, string>();
  let at = zip.readUInt32LE(zip.length - 22 + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(data, data + size);
    entries.set(name, (zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed).toString());
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

const line = (i: number, text: string): Line =>
  header.map(({ name, number }) => (name === 'text' ? text : number ? i : `${name} ${i}`));

test('an XLSX holds every line once, each sheet with its header, and more sheets where one is full', async () => {
  async function* batches() {
    yield [line(1, 'a<b>&"c"'), line(2, '=1+1')];
    yield [line(3, 'x\u0001_x0041_ \r\n😀')];
    yield [];
    yield [line(4, ''), line(5, 'last')];
  }
  const chunks: Buffer[] = [];
  for await (const chunk of xlsxStream(batches(), 4)) chunks.push(chunk as Buffer);
  const entries = entriesOf(Buffer.concat(chunks));
  const sheets = [...entries.keys()].filter((name) => name.startsWith('xl/worksheets/'));
  assert.deepEqual(sheets, ['xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml']);
  const rows = sheets.map((name) => entries.get(name)!.match(/<row>/g)!.length);
  assert.deepEqual(rows, [4, 3]);
  const first = entries.get(sheets[0]!)!;
  assert.match(first, /a&lt;b&gt;&amp;"c"/);
  assert.match(first, /x_x0001__x005F_x0041_ _x000D_\n😀/);
  assert.ok(!first.includes('<f>'));
  assert.match(entries.get('xl/workbook.xml')!, /name="Messages 2"/);
  assert.match(entries.get('[Content_Types].xml')!, /sheet2\.xml/);
});

test('an error of the lines is an error of the archive', async () => {
  async function* broken(): AsyncGenerator<Line[]> {
    yield [line(1, 'a')];
    throw new Error('away');
  }
  await assert.rejects(async () => {
    for await (const _ of xlsxStream(broken()));
  }, /away/);
});

test('no text makes XML that cannot be', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
      assert.doesNotMatch(escapeXml(text.toWellFormed()), /[\u0000-\u0008\u000b-\u001f\ufffe\uffff<>]/);
    }),
    { numRuns: 2000 },
  );
});
