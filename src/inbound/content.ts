// What an inbound message says: its octets without their header, its text by data_coding, and which part of a longer
// text it is. Pure; called by arrival.ts for each message, and by parts.ts for joined ones.

import { gsmText } from '../text/index.ts';

/** How the text was encoded; `binary` is shown in hexadecimal. */
export const encodings = ['gsm7', 'latin1', 'cyrillic', 'hebrew', 'jis', 'korean', 'ucs2', 'binary'] as const;
export type Encoding = (typeof encodings)[number];

/** Which part of a text a message is; parts count from 1. */
export type Place = { reference: number; total: number; part: number };

/** Information elements of a user data header that join parts (3GPP TS 23.040, 9.2.3.24.1 and .8). */
const concatenation8 = 0x00;
const concatenation16 = 0x08;

/**
 * The octets behind the user data header, and the place that the header gives them; all octets where the header is
 * malformed, for a text with a few odd characters is better than none.
 */
export function splitHeader(octets: Buffer): { body: Buffer; place: Place | null } {
  const end = (octets[0] ?? 0) + 1;
  if (octets.length === 0 || end > octets.length) return { body: octets, place: null };
  let place: Place | null = null;
  let at = 1;
  while (at + 2 <= end) {
    const length = octets[at + 1]!;
    const value = at + 2;
    if (value + length > end) return { body: octets, place: null };
    if (octets[at] === concatenation8 && length === 3) {
      place = placeOf(octets[value]!, octets[value + 1]!, octets[value + 2]!);
    } else if (octets[at] === concatenation16 && length === 4) {
      place = placeOf(octets.readUInt16BE(value), octets[value + 2]!, octets[value + 3]!);
    }
    at = value + length;
  }
  return { body: octets.subarray(end), place };
}

/** A place that can be one; null for the only part, and for nonsense, which stands for itself. */
export function placeOf(reference: number, total: number, part: number): Place | null {
  return total > 1 && part >= 1 && part <= total ? { reference, total, part } : null;
}

const byNibble: readonly Encoding[] = [
  ...(['gsm7', 'latin1', 'binary', 'latin1', 'binary', 'binary', 'cyrillic', 'hebrew', 'ucs2'] as const),
  ...(['binary', 'jis', 'binary', 'binary', 'binary', 'korean', 'binary'] as const),
];

/** The encoding that a data_coding names (SMPP 3.4, 5.2.19, and 3GPP TS 23.038, 4 for the groups of GSM). */
export function encodingOf(dataCoding: number): Encoding {
  const group = dataCoding >> 4;
  if (group === 0) return byNibble[dataCoding]!;
  if (group === 1) return (['gsm7', 'binary', 'ucs2', 'binary'] as const)[(dataCoding >> 2) & 3]!;
  if (group === 0xc || group === 0xd) return 'gsm7';
  if (group === 0xe) return 'ucs2';
  if (group === 0xf) return (dataCoding & 4) === 0 ? 'gsm7' : 'binary';
  return 'binary';
}

const labels: Partial<Record<Encoding, string>> = {
  cyrillic: 'iso-8859-5',
  hebrew: 'iso-8859-8',
  jis: 'iso-2022-jp',
  korean: 'euc-kr',
};

/** The text of octets, as PostgreSQL can keep it, and the encoding that it really had. */
export function readText(octets: Buffer, dataCoding: number): { text: string; encoding: Encoding } {
  const named = encodingOf(dataCoding);
  // The default alphabet has no octet above 127: an operator that sends one means Latin-1.
  const encoding = named === 'gsm7' && octets.some((octet) => octet > 0x7f) ? 'latin1' : named;
  return { text: storable(decoded(octets, encoding)), encoding };
}

function decoded(octets: Buffer, encoding: Encoding): string {
  if (encoding === 'gsm7') return gsmText(octets);
  if (encoding === 'latin1') return octets.toString('latin1');
  if (encoding === 'binary') return octets.toString('hex');
  if (encoding === 'ucs2') return ucs2(octets);
  return new TextDecoder(labels[encoding]).decode(octets);
}

function ucs2(octets: Buffer): string {
  const whole = Buffer.from(octets.subarray(0, octets.length & ~1));
  const littleEndian = whole.length >= 2 && whole.readUInt16BE(0) === 0xfffe;
  if (!littleEndian) whole.swap16();
  return whole.toString('utf16le').replace(/^\ufeff/, '');
}

/** Without the NULs that some operators end a text with; PostgreSQL takes neither U+0000 nor half a pair. */
function storable(text: string): string {
  return text.replace(/\0+$/, '').replaceAll('\0', '\ufffd').toWellFormed();
}
