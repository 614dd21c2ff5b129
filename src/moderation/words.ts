// Finds forbidden words and phrases in a text: whole words, in any case, also when they are written with look-alikes
// or with something between their letters. Pure; called by reasons.ts.
//
// A text is looked at in four ways. A word of a rule counts as found when one of them shows it:
//   plain    words as they stand: `Casino!`
//   unmasked with letters in the place of look-alikes: `c4$ino`
//   closed   what stands between two spaces without its punctuation: `cas-i.no`
//   spelled  letters that stand alone, three or more in a row, put together: `c a s i n o`, also amid other letters
// Where a language is written without spaces a word is found anywhere.

import { fold, unmask } from './fold.ts';

/** A text in all four ways, the words between single spaces. */
export type SeenText = {
  plain: string;
  unmasked: string;
  spelled: string;
  unspaced: string;
  /** Every word, plain, unmasked and closed, to look rules of one word up in, and to pass over most phrases. */
  words: ReadonlySet<string>;
};

/** Letters, digits and the marks of scripts whose vowels are marks. */
const wordCharacters = /[\p{L}\p{N}\p{M}]+/gu;
/** The same with signs that stand in for letters. */
const maskedCharacters = /[\p{L}\p{N}\p{M}@$€!|]+/gu;
const notWordCharacters = /[^\p{L}\p{N}\p{M}@$€!|\s]+/gu;

/** Scripts that are written without spaces between words. */
const unspacedScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Two single letters in a row happen (`I a m`); more is spelling. A shorter word is not looked for in it. */
const spelledLength = 3;

/** Prepares a text, once for all words. */
export function seeText(text: string): SeenText {
  const folded = fold(text);
  const plain = folded.match(wordCharacters) ?? [];
  const masked = folded.match(maskedCharacters) ?? [];
  const closed = folded.replace(notWordCharacters, '').split(/\s+/);
  // `casino!` is the word with its mark, `c!sino` a masked one: signs at the edges are tried both ways.
  const unmasked = [plain, masked, masked.map(trimSigns)].map((words) => words.map(unmask));
  const whole = [closed, closed.map(trimSigns)].map((words) => words.map(unmask));
  return {
    plain: between(plain),
    unmasked: unmasked.map(between).join(''),
    words: new Set([plain, ...unmasked, ...whole].flat()),
    spelled: between(spelledWords(folded).map(unmask)),
    unspaced: plain.join(''),
  };
}

function between(words: readonly string[]): string {
  return ` ${words.join(' ')} `;
}

function trimSigns(word: string): string {
  return word.replace(/^[@$€!|]+|[@$€!|]+$/g, '');
}

/** Runs of single characters, each put together. */
function spelledWords(folded: string): string[] {
  const words: string[] = [];
  let run = '';
  for (const [word] of folded.matchAll(maskedCharacters)) {
    if ([...word].length === 1) {
      run += word;
      continue;
    }
    words.push(run);
    run = '';
  }
  words.push(run);
  return words.filter((word) => [...word].length >= spelledLength);
}

/** A word or phrase of a rule, prepared: `finds` says whether a text has it. */
export type Word = { finds(text: SeenText): boolean };

/** Prepares a word or phrase; undefined where it has no letter and no digit. */
export function readWord(value: string): Word | undefined {
  const parts = fold(value).match(wordCharacters);
  if (parts === null) return undefined;
  const [first = ''] = parts;
  const isPhrase = parts.length > 1;
  const plain = between(parts);
  const unmasked = between(parts.map(unmask));
  const joined = unmask(parts.join(''));
  const anywhere = unspacedScript.test(value) ? parts.join('') : undefined;
  const spellable = [...joined].length >= spelledLength && /\p{L}/u.test(joined);
  return {
    finds(text) {
      if (anywhere !== undefined) return text.unspaced.includes(anywhere);
      if (text.words.has(joined) || (spellable && text.spelled.includes(joined))) return true;
      if (text.words.has(first) && (!isPhrase || text.plain.includes(plain))) return true;
      return isPhrase && text.words.has(unmask(first)) && text.unmasked.includes(unmasked);
    },
  };
}
