// The text of a file whose encoding nobody says. Called by read.ts.
//
// A byte order mark decides, then bytes of zero (UTF-16). Everything else agrees with ASCII: as long as a file has
// nothing but ASCII nothing needs to be decided, and the first block that has more decides, by whether it is valid
// UTF-8, and else by how its letters above ASCII stand together. Blocks have a fixed size, so that the answer does not
// depend on how the bytes arrived.

import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { Encoding } from './table.ts';

/** Bytes that are decoded at once: a few thousand rows. */
export const blockSize = 256 * 1024;

/** Bytes that are looked at to tell encodings apart. */
const sampleSize = 64 * 1024;

/** Bytes of a character in UTF-8. */
const longestCharacter = 4;

/** Text that follows on the text before it, and which bytes of the file it was. */
export type TextBlock = { text: string; last: boolean; bytes: number };

export type Text = {
  /** What has been found so far; plain ASCII is told to be UTF-8. */
  encoding(): Encoding;
  blocks: AsyncGenerator<TextBlock>;
};

/** Decodes a file; `forced` is the encoding where it is known. Never throws: wrong bytes become U+FFFD. */
export function decoded(source: AsyncIterable<Buffer>, forced?: Encoding): Text {
  let found: Encoding | undefined;

  async function* decode(): AsyncGenerator<TextBlock> {
    let decoder: TextDecoder | undefined;
    let first = true;
    /** Bytes of the block before, at its end, that say nothing without those after them. */
    let held: Buffer = Buffer.alloc(0);
    for await (const { bytes, last } of sized(source)) {
      let content = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      held = held.subarray(held.length);
      if (first) {
        const mark = markOf(bytes);
        if (mark !== undefined && (forced === undefined || forced === mark.encoding)) {
          found = mark.encoding;
          content = bytes.subarray(mark.length);
        } else {
          found = forced ?? utf16Of(bytes.subarray(0, sampleSize));
        }
        first = false;
      }
      if (found === undefined && !isAscii(content)) {
        const from = content.findIndex((byte) => byte > 127);
        if (!last && content.length - from < longestCharacter) {
          held = content.subarray(from);
          content = content.subarray(0, from);
        } else {
          found = eightBitOf(content.subarray(from, from + sampleSize), last);
        }
      }
      // ASCII bytes are Latin-1 characters, without a decoder's cost.
      const plain = decoder === undefined && found?.startsWith('utf-16') !== true && isAscii(content);
      if (!plain) decoder ??= new TextDecoder(found, { ignoreBOM: true });
      const text = plain ? content.toString('latin1') : decoder!.decode(content, { stream: !last });
      yield { text, last, bytes: bytes.length };
    }
  }

  return { encoding: () => found ?? 'utf-8', blocks: decode() };
}

/** The bytes in blocks of one size; only the last, which may be empty, differs. */
async function* sized(source: AsyncIterable<Buffer>): AsyncGenerator<{ bytes: Buffer; last: boolean }> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const given of source) {
    let rest = given;
    while (size + rest.length > blockSize) {
      const room = blockSize - size;
      parts.push(rest.subarray(0, room));
      yield { bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), last: false };
      rest = rest.subarray(room);
      parts = [];
      size = 0;
    }
    if (rest.length > 0) parts.push(rest);
    size += rest.length;
  }
  yield { bytes: Buffer.concat(parts), last: true };
}

function markOf(bytes: Buffer): { encoding: Encoding; length: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/**
 * UTF-16 without a mark: the digits, separators and line ends of any table have one byte of zero each, always on the
 * same side. Text in another encoding has none.
 */
function utf16Of(sample: Buffer): Encoding | undefined {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i += 1) {
    if (sample[i] !== 0) continue;
    if (i % 2 === 0) even += 1;
    else odd += 1;
  }
  const enough = sample.length / 8;
  if (odd > enough && odd > 4 * even) return 'utf-16le';
  return even > enough && even > 4 * odd ? 'utf-16be' : undefined;
}

/** UTF-8, or one of the two code pages, by bytes of which the first is not ASCII; `last`: the file ends with them. */
function eightBitOf(sample: Buffer, last: boolean): Encoding {
  return looksLikeUtf8(sample, last && sample.length < sampleSize) ? 'utf-8' : codePageOf(sample);
}

/** A file of which a few characters are broken is still UTF-8; in another encoding next to none is right. */
function looksLikeUtf8(sample: Buffer, whole: boolean): boolean {
  let right = 0;
  let wrong = 0;
  for (let i = 0; i < sample.length; ) {
    const byte = sample[i]!;
    if (byte < 0x80) {
      i += 1;
      continue;
    }
    const length = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 ? 3 : 2;
    let end = i + 1;
    while (end < i + length && end < sample.length && (sample[end]! & 0xc0) === 0x80) end += 1;
    const complete = byte >= 0xc2 && byte < 0xf5 && end === i + length;
    // The sample may end within a character; the file may not.
    if (complete) right += 1;
    else if (whole || end < sample.length || byte < 0xc2 || byte >= 0xf5) wrong += 1;
    i = end;
  }
  return wrong * 10 <= right;
}

/**
 * Windows-1251 writes Cyrillic words wholly above ASCII; the letters above ASCII that Windows-1252 adds to Western
 * languages stand alone among letters of ASCII.
 */
function codePageOf(sample: Buffer): Encoding {
  const isHigh = (byte: number | undefined) =>
    byte !== undefined && (byte >= 0xc0 || (byte >= 0xa1 && byte <= 0xbf && cyrillicExtras.has(byte)));
  const isAsciiLetter = (byte: number | undefined) =>
    byte !== undefined && ((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122));
  let together = 0;
  let alone = 0;
  for (let i = 0; i < sample.length; i += 1) {
    if (!isHigh(sample[i])) continue;
    if (isHigh(sample[i + 1])) together += 1;
    if (isAsciiLetter(sample[i + 1]) || isAsciiLetter(sample[i - 1])) alone += 1;
  }
  return together > alone ? 'windows-1251' : 'windows-1252';
}

/** Letters of Windows-1251 below 0xC0: Ў ў Ј Ґ Ё Є Ї І і ґ ё є ј ї. */
const cyrillicExtras = new Set([
  0xa1, 0xa2, 0xa3, 0xa5, 0xa8, 0xaa, 0xaf, 0xb2, 0xb3, 0xb4, 0xb8, 0xba, 0xbc, 0xbf,
]);
