// How a text travels: in GSM septets if its characters allow, else in UCS-2; in one short message or in several
// that the phone joins by a concatenation header. Pricing measures texts here, the dispatcher encodes them.

import { gsmOctets, gsmUnits } from './alphabet.ts';

export type Encoding = 'gsm7' | 'ucs2';

export type Measure = {
  encoding: Encoding;
  /** Septets (two for a character of the extension table), or UTF-16 code units. */
  units: number;
  /** Short messages that it takes: what is priced. An empty text takes one. */
  segments: number;
};

export type Segments = {
  /** SMPP data_coding: 0 the SMSC's default alphabet, 8 UCS-2. */
  dataCoding: 0 | 8;
  /** Whether the parts begin with a user data header (esm_class 0x40). */
  udh: boolean;
  /** short_message of each part: header, then a septet an octet, or UCS-2 big-endian. */
  parts: Buffer[];
};

/** The longest text the One-API takes: five segments either way. */
export const limits = { gsmUnits: 765, ucs2Units: 335 } as const;

// 140 octets of user data: whole, and without the six octets of the header (3GPP TS 23.040, 9.2.3.24.1).
const singleUnits: Record<Encoding, number> = { gsm7: 160, ucs2: 70 };
const partUnits: Record<Encoding, number> = { gsm7: 153, ucs2: 67 };

/** The header counts parts in one octet. */
const maxParts = 255;

/** Encoding, length and number of segments of a text. */
export function measure(text: string): Measure {
  let units = 0;
  for (let i = 0; i < text.length; i += 1) {
    const more = gsmUnits(text.charCodeAt(i));
    if (more === 0) return measured(text, 'ucs2', text.length);
    units += more;
  }
  return measured(text, 'gsm7', units);
}

function measured(text: string, encoding: Encoding, units: number): Measure {
  if (units <= singleUnits[encoding]) return { encoding, units, segments: 1 };
  // Without escapes septets and code units are one to one, and nothing can be split.
  if (encoding === 'gsm7' && units === text.length) {
    return { encoding, units, segments: Math.ceil(units / partUnits.gsm7) };
  }
  let segments = 0;
  for (let end = 0; end < text.length; segments += 1) end = segmentEnd(text, end, encoding);
  return { encoding, units, segments };
}

/**
 * The parts of a text as they are put into submit_sm. Where there are several, each begins with a concatenation
 * header whose 8-bit reference is the lowest octet of `reference` (an integer); messages to one phone at about
 * the same time need different ones. Throws RangeError above 255 parts.
 */
export function encodeSegments(text: string, reference: number): Segments {
  const { encoding, segments } = measure(text);
  if (segments > maxParts)
    throw new RangeError(`a text of ${segments} segments: at most ${maxParts} can be joined`);
  const udh = segments > 1;
  const parts: Buffer[] = [];
  for (let from = 0; parts.length < segments; ) {
    const end = udh ? segmentEnd(text, from, encoding) : text.length;
    const body = encoding === 'gsm7' ? gsmOctets(text, from, end) : ucs2Octets(text, from, end);
    parts.push(udh ? Buffer.concat([header(reference, segments, parts.length + 1), body]) : body);
    from = end;
  }
  return { dataCoding: encoding === 'gsm7' ? 0 : 8, udh, parts };
}

/** Where the part that begins at `from` ends: it is as long as fits without splitting an escape or surrogate pair. */
function segmentEnd(text: string, from: number, encoding: Encoding): number {
  if (encoding === 'ucs2') {
    const end = from + partUnits.ucs2;
    if (end >= text.length) return text.length;
    return isHighSurrogate(text.charCodeAt(end - 1)) && isLowSurrogate(text.charCodeAt(end)) ? end - 1 : end;
  }
  let end = from;
  for (let units = 0; end < text.length; end += 1) {
    units += gsmUnits(text.charCodeAt(end));
    if (units > partUnits.gsm7) break;
  }
  return end;
}

/** Concatenated short messages with 8-bit reference: length 5; element 0 of 3 octets: reference, parts, part. */
function header(reference: number, parts: number, part: number): Buffer {
  return Buffer.from([5, 0, 3, reference & 0xff, parts, part]);
}

function ucs2Octets(text: string, from: number, end: number): Buffer {
  return Buffer.from(text.slice(from, end), 'utf16le').swap16();
}

function isHighSurrogate(codeUnit: number): boolean {
  return (codeUnit & 0xfc00) === 0xd800;
}

function isLowSurrogate(codeUnit: number): boolean {
  return (codeUnit & 0xfc00) === 0xdc00;
}
