// Brings texts to a form in which the same words are equal, however they are written: case, accents, invisible
// characters, letters of other alphabets that look the same, digits in place of letters. Used by words.ts for the
// words of the rules and for the texts alike. Pure.

/** Small letters of Cyrillic and Greek that look, small or capital, like Latin ones. */
const twins: Record<string, string> = {
  ...{ а: 'a', в: 'b', е: 'e', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', с: 'c', т: 't', у: 'y', х: 'x' },
  ...{ і: 'i', ј: 'j', ѕ: 's', ԁ: 'd', ɡ: 'g' },
  ...{
    α: 'a',
    β: 'b',
    ε: 'e',
    ζ: 'z',
    η: 'h',
    ι: 'i',
    κ: 'k',
    μ: 'm',
    ν: 'n',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'y',
  },
  ...{ χ: 'x', ς: 'σ' },
};

/** Digits, signs and letters that stand in for letters. `l` is one of them: it looks like I and 1. */
const lookAlikes: Record<string, string> = {
  ...{ '0': 'o', '1': 'i', l: 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g' },
  ...{ '@': 'a', $: 's', '€': 'e', '!': 'i', '|': 'i' },
};

const accents = /[\u0300-\u036f]+/g;

/**
 * Small letters without accents, in one alphabet where alphabets look alike, without invisible characters. Both
 * `İ` and `ı` become i, `ß` becomes ss.
 */
export function fold(text: string): string {
  const bare = text
    .normalize('NFKD')
    .replace(accents, '')
    .replace(/\p{Cf}+/gu, '');
  const small = bare.toUpperCase().toLowerCase().normalize('NFKD').replace(accents, '');
  return small.replace(/[а-яіјѕԁɡα-ω]/gu, (letter) => twins[letter] ?? letter);
}

/** A folded word with letters in the place of what looks like them. One that has no letter is a number and stays. */
export function unmask(word: string): string {
  if (!/\p{L}/u.test(word)) return word;
  return word.replace(/[0-9l@$€!|]/gu, (sign) => lookAlikes[sign] ?? sign);
}
