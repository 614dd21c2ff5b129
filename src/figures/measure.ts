// What a text becomes as short messages, and which characters make it longer. Pure; called by the routes, for whoever
// writes one.

import { isGsm, limits, measure, transliterate } from '../text/index.ts';

/** Characters that are named; one is enough to change the encoding. */
const named = 100;

const partUnits = { gsm7: { one: 160, several: 153 }, ucs2: { one: 70, several: 67 } };

/** Encoding, length and segments of a text, what forces UCS-2, and the text that would not. */
export function measureText(text: string) {
  const { encoding, units, segments } = measure(text);
  const sizes = partUnits[encoding];
  const perSegment = segments === 1 ? sizes.one : sizes.several;
  const forcing = forcingCharacters(text);
  return {
    encoding,
    characters: [...new Intl.Segmenter().segment(text)].length,
    units,
    segments,
    per_segment: perSegment,
    units_left: Math.max(0, segments * perSegment - units),
    too_long: units > (encoding === 'gsm7' ? limits.gsmUnits : limits.ucs2Units),
    forcing: forcing.slice(0, named),
    forcing_total: forcing.length,
    transliterated: transliterated(text),
  };
}

function transliterated(text: string) {
  const spelled = transliterate(text);
  if (spelled === text) return null;
  const { encoding, segments, units } = measure(spelled);
  return { text: spelled, encoding, segments, units };
}

/** The characters that GSM 03.38 does not have, by their place in UTF-16 units. */
function forcingCharacters(text: string) {
  const found: { index: number; length: number; character: string; code: string }[] = [];
  let index = 0;
  for (const character of text) {
    if (!isGsm(character)) {
      const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
      found.push({ index, length: character.length, character, code });
    }
    index += character.length;
  }
  return found;
}
