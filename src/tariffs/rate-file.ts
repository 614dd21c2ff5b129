// Reads a rate card: CSV with a header line, a rate per line. Pure; what is wrong with a line is said with its number.
// Called by import.ts.

import { parseMoment } from '../http/index.ts';
import { type AmountE7, parseAmount } from '../money/index.ts';
import { countryOf } from '../phones/index.ts';
import { csvRecords } from '../tables/index.ts';
import { refused } from './errors.ts';
import { largestPrice, tooDear } from './largest-price.ts';
import { countriesOfMcc, prefixesOfCountry } from './mobile-countries.ts';
import type { BillOn } from './store.ts';

/** What a line says of one prefix; null is what it does not say. */
export type CardRate = {
  line: number;
  prefix: string;
  country: string | null;
  operator: string | null;
  mcc: string | null;
  mnc: string | null;
  price: AmountE7;
  billed: BillOn | null;
  /** Null: from now on. */
  validFrom: Date | null;
};

export type BadLine = { line: number; reason: string };

/** A card as it was read: `lines` counts those with content, without the header. */
export type RateCard = { lines: number; rates: CardRate[]; bad: BadLine[] };

/** The columns a card may have, in any order; it needs `price`, and `prefix` or `mcc`. */
export const rateColumns = [
  'prefix',
  'mcc',
  'mnc',
  'country',
  'operator',
  'price',
  'billed',
  'valid_from',
] as const;
type Column = (typeof rateColumns)[number];

/** Lines of a card: the largest real ones, every operator of the world by prefix, have about 100,000. */
const maxLines = 500_000;

/** Characters of an operator's name. */
const maxOperatorLength = 100;

/** What is wrong with a line. */
class Wrong extends Error {}

/** Reads a card. Throws a refusal where the header is wrong or the card too long; wrong lines are collected. */
export function readRateCard(csv: string): RateCard {
  const delimiter = delimiterOf(csv);
  const records = csvRecords(csv, delimiter);
  const header = records.next();
  const columns = columnsOf(header.done ? [] : header.value.fields);
  const card: RateCard = { lines: 0, rates: [], bad: [] };
  /** The line that priced a prefix for a time. */
  const taken = new Map<string, number>();
  for (const record of records) {
    card.lines += 1;
    if (card.lines > maxLines) throw refused.cardTooLong(maxLines);
    try {
      if (record.error !== undefined) throw new Wrong(record.error);
      const rates = ratesOf(record.fields, columns, record.line, delimiter === ';');
      const keys = rates.map(({ prefix, validFrom }) => `${prefix}/${validFrom?.getTime()}`);
      keys.forEach((key, i) => {
        const other = taken.get(key);
        if (other !== undefined)
          throw new Wrong(`line ${other} prices the prefix ${rates[i]!.prefix} already`);
      });
      for (const key of keys) taken.set(key, record.line);
      card.rates.push(...rates);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      card.bad.push({ line: record.line, reason: error.message });
    }
  }
  return card;
}

/** The separator of a card: the one that its header has more of. */
function delimiterOf(csv: string): ',' | ';' {
  const header = /^[^\r\n]*/.exec(csv)![0];
  return header.split(';').length > header.split(',').length ? ';' : ',';
}

function columnsOf(fields: readonly string[]): Column[] {
  const names = fields.map((field) => field.trim().toLowerCase());
  const unknown = names.filter((name) => !rateColumns.some((column) => column === name));
  if (unknown.length > 0) throw refused.unknownColumns(unknown, rateColumns);
  if (new Set(names).size < names.length) throw refused.repeatedColumn();
  if (!names.includes('price') || !(names.includes('prefix') || names.includes('mcc'))) {
    throw refused.missingColumns();
  }
  return names as Column[];
}

/** The rates of a line: one, or one for each prefix of the countries of its MCC. */
function ratesOf(
  fields: string[],
  columns: readonly Column[],
  line: number,
  decimalComma: boolean,
): CardRate[] {
  if (fields.length !== columns.length) {
    throw new Wrong(`it has ${fields.length} fields, the header ${columns.length}`);
  }
  const value = (column: Column) => {
    const index = columns.indexOf(column);
    const text = index === -1 ? '' : fields[index]!.trim();
    return text === '' ? null : text;
  };
  const mcc = code(value('mcc'), /^[0-9]{3}$/, 'an MCC has 3 digits');
  const mnc = code(value('mnc'), /^[0-9]{2,3}$/, 'an MNC has 2 or 3 digits');
  const prefix = code(value('prefix'), /^[0-9]{1,15}$/, 'a prefix has 1 to 15 digits');
  const country = code(
    value('country')?.toUpperCase() ?? null,
    /^[A-Z]{2}$/,
    'a country is an ISO code such as UA',
  );
  const operator = value('operator');
  if (operator !== null && operator.length > maxOperatorLength) {
    throw new Wrong(`an operator has at most ${maxOperatorLength} characters`);
  }
  // A card in UTF-16 is full of it, and PostgreSQL takes none.
  if (operator?.includes('\0')) throw new Wrong('an operator is text: write the file in UTF-8');
  const shared = {
    line,
    operator,
    mcc,
    mnc,
    price: priceOf(value('price'), decimalComma),
    billed: billedOf(value('billed')),
    validFrom: momentOf(value('valid_from')),
  };
  if (prefix !== null) {
    return [{ ...shared, prefix, country: country ?? countryOf(Number(prefix)) ?? null }];
  }
  return prefixesOf(mcc, mnc, country).map((each) => ({ ...shared, ...each }));
}

/** What a line without a prefix means. */
function prefixesOf(mcc: string | null, mnc: string | null, country: string | null) {
  if (mcc === null) throw new Wrong('it names neither a prefix nor an MCC');
  if (mnc !== null) {
    throw new Wrong(
      `operator ${mcc}-${mnc} cannot be known from a number: name its prefixes, or the MCC alone for the whole country`,
    );
  }
  const countries = countriesOfMcc(mcc);
  if (countries.length === 0) throw new Wrong(`${mcc} is the MCC of no country`);
  if (country !== null && !countries.includes(country)) {
    throw new Wrong(`${mcc} is the MCC of ${countries.join(', ')}, not of ${country}`);
  }
  return (country === null ? countries : [country]).flatMap(prefixesOfCountry);
}

function code(text: string | null, form: RegExp, rule: string): string | null {
  if (text !== null && !form.test(text)) throw new Wrong(`${rule}: not "${text.slice(0, 40)}"`);
  return text;
}

/** Files with semicolons are of countries that write a decimal comma. */
function priceOf(text: string | null, decimalComma: boolean): AmountE7 {
  if (text === null) throw new Wrong('it has no price');
  let price: AmountE7 | undefined;
  try {
    price = parseAmount(decimalComma ? text.replace(',', '.') : text);
  } catch {}
  if (price !== undefined && price > largestPrice) throw new Wrong(tooDear);
  if (price !== undefined && price >= 0n) return price;
  throw new Wrong(`a price has digits, with up to 7 after a point: not "${text.slice(0, 40)}"`);
}

function billedOf(text: string | null): BillOn | null {
  const word = text?.toLowerCase() ?? null;
  if (word === null || word === 'sent' || word === 'delivered') return word;
  throw new Wrong(`billed is sent or delivered: not "${text?.slice(0, 40)}"`);
}

function momentOf(text: string | null): Date | null {
  if (text === null) return null;
  const moment = parseMoment(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text} 00:00:00` : text);
  if (moment !== undefined) return moment;
  throw new Wrong(
    `valid_from is a day or a moment such as 2026-01-31 or 2026-01-31 09:30:00 (UTC): not "${text.slice(0, 40)}"`,
  );
}
