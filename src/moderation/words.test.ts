// Proves which words are found, however they are written, and which are not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readWord, seeText } from './words.ts';

function finds(word: string, text: string): boolean {
  const read = readWord(word);
  assert.ok(read, word);
  return read.finds(seeText(text));
}

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяéñçσω');
const word = fc.string({ unit: letter, minLength: 4, maxLength: 12 });
const separator = fc.constantFrom(' ', ', ', '. ', '! ', ' - ', '\n', ' (', ') ', '; ');
/** Words that share no letter with others, in any disguise: what stands around a forbidden word. */
const other = fc.string({ unit: fc.constantFrom('ğ', 'ჰ', 'ჯ', 'ξ'), minLength: 2, maxLength: 8 });
const around = fc.array(fc.tuple(other, separator), { maxLength: 5 });
const textOf = (parts: readonly (readonly [string, string])[]) => parts.map((part) => part.join('')).join('');

test('a word is found anywhere among others, in any case', () => {
  fc.assert(
    fc.property(word, around, around, separator, fc.boolean(), (forbidden, before, after, end, loud) => {
      const written = loud ? forbidden.toUpperCase() : forbidden;
      assert.ok(finds(forbidden, `${textOf(before)}${written}${end}${textOf(after)}`));
      assert.ok(finds(forbidden.toUpperCase(), `${textOf(before)}${written}${end}${textOf(after)}`));
      assert.ok(!finds(forbidden, `${textOf(before)}${textOf(after)}`));
    }),
  );
});

test('a word is found with something between its letters', () => {
  const gap = fc.constantFrom(' ', '.', '-', ' . ', '_', '*', '\u00ad', '\u200b', '  ');
  fc.assert(
    fc.property(word, around, around, gap, (forbidden, before, after, between) => {
      assert.ok(finds(forbidden, `${textOf(before)}${[...forbidden].join(between)} ${textOf(after)}`));
    }),
  );
});

test('a word is not found inside of a longer one', () => {
  fc.assert(
    fc.property(word, other, fc.boolean(), (forbidden, more, inFront) => {
      assert.ok(!finds(forbidden, inFront ? `${more}${forbidden}` : `${forbidden}${more}`));
    }),
  );
  assert.ok(!finds('casino', 'Casinos and occasions'));
  assert.ok(!finds('ass', 'first class'));
});

test('look-alikes are seen through', () => {
  for (const text of [
    'C4$1N0',
    'cаsіnо', // Cyrillic а, і, о
    'ＣＡＳＩＮＯ',
    'càsinó!',
    'c a s i n o',
    'I c a s i n o u',
    'c.4.s.1.n.0',
    'cas-ino',
    'casin@ or c@sino!',
    'www.casino.example',
    'CAS\u200bINO',
    '(casino)',
    'play:casino;now',
  ]) {
    assert.ok(finds('casino', text), text);
  }
  assert.ok(finds('Казино', 'КА3ИНО kазинo'));
  assert.ok(finds('straße', 'STRASSE'));
  assert.ok(finds('ΟΔΟΣ', 'οδος'));
  assert.ok(finds('işık', 'IŞIK'));
});

test('a phrase is found with any punctuation and space between its words, and only whole', () => {
  for (const text of ['FREE   money!', 'free, money', 'fr33 m0ney', 'Get free\nmoney now']) {
    assert.ok(finds('free money', text), text);
  }
  assert.ok(!finds('free money', 'free of money'));
  assert.ok(!finds('free money', 'carefree money'));
});

test('numbers stay numbers', () => {
  assert.ok(!finds('ios', 'only 105 left'));
  assert.ok(finds('105', 'only 105 left'));
  assert.ok(!finds('105', 'tel 51055'));
});

test('where a language has no spaces a word is found anywhere', () => {
  assert.ok(finds('赌场', '欢迎来到赌场玩'));
  assert.ok(finds('カジノ', 'オンラインカジノへ'));
  assert.ok(!finds('赌场', '欢迎来到商场'));
});

test('what has no letter and no digit is no word', () => {
  for (const value of ['', ' ', '!!!', '\u200b', '🎰']) assert.equal(readWord(value), undefined, value);
});
