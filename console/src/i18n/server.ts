// The server speaks English, which its API promises; who reads another language reads its sentences in that one. They stand
// in `LANGUAGE/server.json`, and the English ones also say how a sentence is recognised. Others stay as they are.
import i18next from 'i18next';
import { once } from '../format/once.ts';
import english from './en/server.json';

const placeholder = /\{\{(\w)\}\}/g;
// Made when the first is read in another language: most consoles are English, and few meet an error.
const sentences = once(() =>
  Object.entries(english).map(([key, sentence]) => ({
    key: key as keyof typeof english,
    names: [...sentence.matchAll(placeholder)].map(([, name]) => name!),
    pattern: new RegExp(
      `^${sentence
        .split(/\{\{\w\}\}/)
        .map(literally)
        .join('(.+)')}$`,
      's',
    ),
  })),
);

/** What a pattern finds a text by. */
function literally(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

/** A sentence of the server in the language of the console. */
export function inWords(sentence: string): string {
  if (i18next.language === 'en') return sentence;
  for (const { key, names, pattern } of sentences()) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    return i18next.t(`server.${key}`, Object.fromEntries(names.map((name, at) => [name, found[at + 1]])));
  }
  return sentence;
}
