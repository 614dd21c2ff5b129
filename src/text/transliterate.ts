// Writes any text in the GSM alphabet, so that it takes 160 characters a segment and not 70. Called when a
// request asks for it (`transliterate: true`), before the text is measured.

import { transliterate as romanise } from 'transliteration';
import { gsmUnits, isGsm } from './alphabet.ts';

/** Stands for a character that has no spelling in the GSM alphabet. */
const unknown = '?';

// What the library leaves out or leaves as it is: hard and soft signs are silent, symbols have a name.
const additions = new Map([
  ['Ъ', ''],
  ['ъ', ''],
  ['Ь', ''],
  ['ь', ''],
  ['א', 'a'],
  ['ا', 'a'],
  ['إ', 'i'],
  ['ء', "'"],
  ['`', "'"],
  ['\t', ' '],
  ['₴', 'UAH'],
  ['₸', 'KZT'],
  ['₹', 'INR'],
  ['₺', 'TRY'],
  ['₽', 'RUB'],
  ['₾', 'GEL'],
  ['₱', 'PHP'],
  ['₼', 'AZN'],
  ['₲', 'PYG'],
  ['₵', 'GHS'],
]);

/**
 * The text with every character of the GSM alphabet kept and the others romanised; what cannot be is a '?', an
 * emoji one however many characters it is made of, and accents and joiners that stand alone are left out.
 */
export function transliterate(text: string): string {
  if (isGsm(text)) return text;
  const composed = text.normalize('NFC');
  let result = '';
  for (let i = 0; i < composed.length; ) {
    const end = runEnd(composed, i);
    const run = composed.slice(i, end);
    result += gsmUnits(composed.charCodeAt(i)) > 0 ? run : spell(run);
    i = end;
  }
  return result;
}

/** Where the characters end that, like the one at `from`, are in the alphabet or are not. */
function runEnd(text: string, from: number): number {
  const inside = gsmUnits(text.charCodeAt(from)) > 0;
  let end = from + 1;
  while (end < text.length && gsmUnits(text.charCodeAt(end)) > 0 === inside) end += 1;
  return end;
}

/** A run without GSM characters, spelled in them. Together, because the library puts spaces between Chinese words. */
function spell(run: string): string {
  const known = Array.from(run.replace(/\p{RGI_Emoji}/gv, unknown), (character) => {
    const accent = /[\p{M}\p{Cf}]/u.test(character);
    return additions.get(character) ?? (accent ? romanise(character) : character);
  });
  const spelled = romanise(known.join(''), { unknown });
  return Array.from(spelled, (character) => (isGsm(character) ? character : unknown)).join('');
}
