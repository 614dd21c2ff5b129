// Proves which texts stop and start, by words that accounts choose.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { actionOf, defaultWords, foldWord } from './words.ts';

const words = [...defaultWords.stop, ...defaultWords.start];

test('a word acts in any case, with accents, blanks and punctuation around it', () => {
  for (const text of ['stop', ' Stop. ', '"STOP"', 'стоп!', 'Arrêt', 'stop  all', 'ＳＴＯＰ', 'ОТПИСКА']) {
    assert.equal(actionOf(text, defaultWords), 'stop', text);
  }
  for (const text of ['Start', 'unstop', 'СТАРТ', 'Démarrer']) {
    assert.equal(actionOf(text, defaultWords), 'start', text);
  }
});

test('a word in a sentence does not act, and neither does nothing', () => {
  for (const text of ['', ' ', '...', 'please stop', 'stop it', 'stopp1', 'bus stop', 'STOP'.repeat(500)]) {
    assert.equal(actionOf(text, defaultWords), null, text);
  }
});

test('no default word does both', () => {
  const folded = words.map(foldWord);
  assert.equal(new Set(folded).size, folded.length);
  assert.ok(folded.every((word) => word !== ''));
});

test('any text is a word of its own, whatever is around it and however it is written', () => {
  const around = fc.string({ unit: fc.constantFrom(' ', '.', '!', '\n', '"', '\t'), maxLength: 4 });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), around, (word, more) => {
      const folded = foldWord(word);
      assert.equal(foldWord(folded), folded);
      const expected = folded === '' ? null : 'stop';
      const own = { stop: [word], start: [] };
      for (const text of [word, folded, `${more}${word}${more}`]) {
        assert.equal(actionOf(text, own), expected, JSON.stringify(text));
      }
    }),
    { numRuns: 2000 },
  );
});
