// The server speaks English, which its API promises; who reads another language reads its sentences in that one. They stand
// in `LANGUAGE/server.json`, and the English ones say how a sentence is recognised. Others stay as they are.

type Words = Record<string, string>;
/** A sentence of the server with `{{a}}` for what changes, and what it is called in the language of the console. */
type Sentence = { pattern: RegExp; names: string[]; own: string };

let sentences: Sentence[] = [];

/** From now on these are known; none for English. */
export function learn(english: Words, own: Words): void {
  sentences = Object.entries(english).map(([key, sentence]) => ({
    pattern: new RegExp(
      `^${sentence
        .split(/\{\{\w\}\}/)
        .map(literally)
        .join('(.+)')}$`,
      's',
    ),
    names: [...sentence.matchAll(/\{\{(\w)\}\}/g)].map(([, name]) => name!),
    own: own[key]!,
  }));
}

/** What a pattern finds a text by. */
function literally(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

/** A sentence of the server in the language of the console. */
export function inWords(sentence: string): string {
  for (const { pattern, names, own } of sentences) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    return own.replace(/\{\{(\w)\}\}/g, (_, name) => found[names.indexOf(name) + 1]!);
  }
  return sentence;
}
