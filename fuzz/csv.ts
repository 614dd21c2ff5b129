// Rate cards as no tariff department would write them. Called by test/fuzz-csv.test.ts: the reading by watched.ts, many
// inputs a call, and the import with a database, fewer.
//
// What must hold: a card is read, or refused; every line is a rate or a bad line with a reason, none is lost; rates are
// what a price list may hold; and what the reader took, the database takes.

import assert from 'node:assert/strict';
import { Refusal } from '../src/http/index.ts';
import { readRateCard } from '../src/tariffs/rate-file.ts';
import { Random } from './random.ts';

const columns = ['prefix', 'mcc', 'mnc', 'country', 'operator', 'price', 'billed', 'valid_from'];

const cells: Record<string, string[]> = {
  prefix: ['380', '38067', '7', '999999999999999', '1234567890123456', '+380', ' 380 ', '٣٨٠', '0', '00380'],
  mcc: ['214', '255', '310', '000', '21', '2144', '901'],
  mnc: ['01', '001', '1', ''],
  country: ['UA', 'ua', 'XX', 'U', 'ﬀ', ''],
  operator: [
    'North',
    'A "B" C',
    'a,b',
    '\0',
    'ї',
    '🦄',
    'x'.repeat(101),
    '=cmd()',
    '',
    "'; drop table rate; --",
  ],
  price: [
    '0.01',
    '0,01',
    '.5',
    '1e3',
    '-1',
    '922337203685.4775807',
    '922337203686',
    '0.00000001',
    'NaN',
    '',
    '9'.repeat(30),
  ],
  billed: ['sent', 'delivered', 'SENT', 'read', ''],
  valid_from: [
    ...[
      '2026-01-31',
      '2026-02-30',
      '2026-01-31 09:30:00',
      '0000-01-01',
      '0001-01-01',
      '9999-12-31',
      '+275760-09-13',
    ],
    ...['9999-12-31T23:59:59.999Z', '2026-01-31T09:30:00+99:99', '31/01/2026', ''],
  ],
};

/** A card; most begin well. */
export function cardOf(random: Random): string {
  const mark = random.pick([',', ';', ',', '\t']);
  const end = random.pick(['\n', '\r\n', '\r', '\n\n']);
  const header = random.oneIn(3)
    ? Array.from({ length: random.below(10) }, () => random.pick([...columns, 'x', 'PRICE', ' price', '']))
    : [
        'prefix',
        'price',
        ...columns.filter((name) => !['prefix', 'price'].includes(name) && random.oneIn(2)),
      ];
  const lines = [header.join(mark)];
  for (let n = random.below(12); n > 0; n -= 1) {
    const fields = header.map((name) => cellOf(random, name.trim().toLowerCase()));
    if (random.oneIn(15)) fields.push('more');
    if (random.oneIn(15)) fields.pop();
    lines.push(fields.join(mark));
  }
  let text = lines.join(end);
  if (random.oneIn(8)) text = `\ufeff${text}`;
  if (random.oneIn(5)) {
    const at = random.below(text.length + 1);
    text =
      text.slice(0, at) +
      random.pick(['"', '""', '"\n', '\0', '\r', '\ud800', mark, '\u2028']) +
      text.slice(at);
  }
  return random.oneIn(20) ? text.slice(0, random.below(text.length + 1)) : text;
}

function cellOf(random: Random, column: string): string {
  const list = cells[column] ?? ['x', ''];
  // The first are good ones, and most cells are.
  const value = random.oneIn(3) ? random.pick(list) : list[random.below(Math.min(2, list.length))]!;
  const text =
    column === 'prefix' && random.oneIn(2) ? random.text(random.between(1, 6), '0123456789') : value;
  if (random.oneIn(6)) return `"${text.replaceAll('"', '""')}"`;
  return text;
}

const largest = 2n ** 63n;

/** Reads a card and checks what came of it; false where it was refused as a whole. */
export function checkCard(csv: string): boolean {
  let card: ReturnType<typeof readRateCard>;
  try {
    card = readRateCard(csv);
  } catch (error) {
    if (error instanceof Refusal && error.statusCode === 422) return false;
    throw error;
  }
  const { lines, rates, bad } = card;
  const good = new Set(rates.map((rate) => rate.line));
  assert.equal(good.size + bad.length, lines, 'a line is neither a rate nor bad');
  for (const { line, reason } of bad) {
    assert.ok(!good.has(line) && reason.length > 0 && reason.length < 300, `${line}: ${reason}`);
  }
  for (const { prefix, price, operator, country, validFrom } of rates) {
    assert.match(prefix, /^[0-9]{1,15}$/);
    assert.ok(price >= 0n && price < largest);
    assert.ok(operator === null || (operator.length <= 100 && !operator.includes('\0')), 'the operator');
    assert.ok(country === null || /^[A-Z]{2}$/.test(country));
    assert.ok(validFrom === null || !Number.isNaN(validFrom.getTime()));
  }
  const keys = rates.map(({ prefix, validFrom }) => `${prefix} ${validFrom?.getTime()}`);
  assert.equal(new Set(keys).size, keys.length, 'a prefix has two prices');
  return true;
}

/** Tries one input. */
export function tryInput(seed: number, index: number): void {
  checkCard(cardOf(new Random(seed, index)));
}

/** What is shown of an input that fails. */
export function describeInput(seed: number, index: number): string {
  return JSON.stringify(cardOf(new Random(seed, index)));
}
