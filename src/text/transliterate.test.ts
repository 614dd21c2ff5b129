// Proves that a transliterated text is in the GSM alphabet and still says what it said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isGsm, transliterate } from './index.ts';

test('the result is always in the GSM alphabet', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(text, (original) => isGsm(transliterate(original))),
    { numRuns: 2000 },
  );
});

test('characters of the GSM alphabet are kept', () => {
  const kept = '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€ \n\r';
  assert.equal(transliterate(kept), kept);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...kept, 'ж', '你', '😀', 'œ'), { maxLength: 40 }), (characters) => {
      const result = transliterate(characters.join(''));
      let at = 0;
      for (const character of characters.filter(isGsm)) {
        at = result.indexOf(character, at) + 1;
        assert.ok(at > 0, `${character} is missing from ${result}`);
      }
    }),
  );
});

test('other scripts and signs are spelled', () => {
  const spelled = {
    'Привет, подъезд ждёт день': 'Privet, podezd zhdyot den',
    '“Ok” — it’s `fine`…': "\"Ok\" -- it's 'fine'...",
    'Łódź, Đây là tiếng Việt': 'Lodz, Day là tieng Viet',
    你好世界: 'Ni Hao Shi Jie',
    'ГРН 100₴': 'GRN 100UAH',
    'Ça ne coûte rien, français': 'Ça ne coute rien, francais',
  };
  for (const [text, expected] of Object.entries(spelled)) assert.equal(transliterate(text), expected);
});

test('an accent written apart is joined to its letter, and left out where there is no such letter', () => {
  assert.equal(transliterate('e\u0301 a\u030a n\u0304'), 'é å n');
});

test('an emoji becomes one question mark, a keycap its digit', () => {
  assert.equal(transliterate('Sale 🎉👨‍👩‍👧🇩🇪 press 1️⃣'), 'Sale ??? press 1');
});
