// The server speaks English, which its API promises; who reads another language reads its sentences in that one. They stand
// in `LANGUAGE/server.json`, and the English ones say how a sentence is recognised. Others stay as they are.
import i18next from 'i18next';
import { once } from '../format/once.ts';
import { type Language, languageOf, languages } from './index.ts';

/** Says a sentence of the server in another language. */
type Translator = (sentence: string) => string;

/** The translator into the language of the console. It is loaded with the first error: few meet one. */
export async function serverTranslator(): Promise<Translator> {
  try {
    return await translatorInto(languageOf(i18next.language ?? 'en'));
  } catch {
    // Where its words cannot be loaded, the server's own are better than none.
    return (sentence) => sentence;
  }
}

const translatorInto = once(async (language: Language): Promise<Translator> => {
  const { loadServer } = languages[language];
  if (loadServer === null) return (sentence) => sentence;
  const [english, own] = await Promise.all([import('./en/server.json'), loadServer()]);
  const words: Record<string, string> = own.default;
  const sentences = Object.entries(english.default).map(([key, sentence]) => ({
    pattern: new RegExp(
      `^${sentence
        .split(/\{\{\w\}\}/)
        .map(literally)
        .join('(.+)')}$`,
      's',
    ),
    names: [...sentence.matchAll(/\{\{(\w)\}\}/g)].map(([, name]) => name!),
    own: words[key]!,
  }));
  return (sentence) => {
    for (const { pattern, names, own: inOwn } of sentences) {
      const found = pattern.exec(sentence);
      if (found === null) continue;
      return inOwn.replace(/\{\{(\w)\}\}/g, (_, name) => found[names.indexOf(name) + 1]!);
    }
    return sentence;
  };
});

/** What a pattern finds a text by. */
function literally(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
