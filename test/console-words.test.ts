// Proves that both languages of the console say the same things: the same keys, with the same placeholders.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = join(import.meta.dirname, '..', 'console', 'src', 'i18n');

/** Every text of a language by its key, with the names of its placeholders. */
async function wordsOf(language: string): Promise<Map<string, string>> {
  const words = new Map<string, string>();
  for (const file of (await readdir(join(folder, language))).filter((name) => name.endsWith('.json'))) {
    collect(file, JSON.parse(await readFile(join(folder, language, file), 'utf8')), words);
  }
  return words;
}

function collect(path: string, value: unknown, into: Map<string, string>): void {
  if (typeof value === 'string') {
    assert.notEqual(value.trim(), '', `${path} says something`);
    into.set(
      path,
      [...value.matchAll(/\{\{(\w+)/g)]
        .map((match) => match[1])
        .sort()
        .join(','),
    );
    return;
  }
  for (const [key, part] of Object.entries(value as object)) collect(`${path}.${key}`, part, into);
}

test('English and German have the same keys and placeholders', async () => {
  const [english, german] = [await wordsOf('en'), await wordsOf('de')];
  assert.ok(english.size > 0);
  assert.deepEqual(Object.fromEntries([...german].sort()), Object.fromEntries([...english].sort()));
});

test('every sentence of the server that the console translates is one that the server says', async () => {
  const source = join(folder, '..', '..', '..', 'src');
  const files = (await readdir(source, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const said = (await Promise.all(files.map((name) => readFile(join(source, name), 'utf8')))).join('\n');
  const words = JSON.parse(await readFile(join(folder, 'en', 'server.json'), 'utf8')) as Record<
    string,
    string
  >;
  for (const sentence of Object.values(words)) {
    for (const part of sentence.split(/\{\{\w\}\}/)) {
      // Of some, the server puts the beginning and the end around words of a table.
      const middle = part.replace(/^This must be /, '').replace(/\.$/, '');
      assert.ok(said.includes(part) || said.includes(middle), `the server says “${sentence}”`);
    }
  }
});
