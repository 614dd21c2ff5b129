// Proves placeholders: values, defaults, braces, and what is said of a text that is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, foldName, PlaceholderError } from './placeholders.ts';

const rendered = (text: string, values: Record<string, string | null | undefined>) => {
  const template = compile(text);
  return template.render(template.names.map((name) => values[name]));
};

test('a placeholder is the value of its field, in any case and with spaces around its name', () => {
  assert.equal(rendered('Hello {Name}, {  NAME }!', { name: 'Anna' }), 'Hello Anna, Anna!');
  assert.deepEqual(compile('{First Name}{b}{first name}').names, ['first name', 'b']);
  assert.deepEqual(compile('{First Name}{b}').written, ['First Name', 'b']);
});

test('a default stands where there is no value, as it was written', () => {
  for (const nothing of [null, undefined, '', ' \t']) {
    assert.equal(rendered('Hello {name| friend|s}!', { name: nothing }), 'Hello  friend|s!');
    assert.equal(rendered('Hello{name|}!', { name: nothing }), 'Hello!');
    assert.equal(rendered('Hello {name}!', { name: nothing }), undefined);
  }
  assert.equal(rendered('{name|friend}', { name: ' Anna ' }), ' Anna ');
  assert.deepEqual(compile('{a|x}{b|y}{a}').optional, [false, true]);
});

test('doubled braces are braces, and a value is never looked at again', () => {
  assert.equal(rendered('{{name}} {name}', { name: '{name} {{' }), '{name} {name} {{');
  assert.equal(rendered('{{{name}}}', { name: 'x' }), '{x}');
});

test('an error names what is wrong and where', () => {
  const cases: [string, RegExp][] = [
    ['Hello {name', /^The \{ at character 7 is not closed/],
    ['{', /^The \{ at character 1 is not closed/],
    ['Hello name}', /^There is a \} without its \{ at character 11/],
    ['a {} b', /^The placeholder at character 3 has no name/],
    ['a { |x}', /^The placeholder at character 3 has no name/],
    ['{a {b}', /^The \{ at character 1 is followed by another one/],
    [`{${'n'.repeat(61)}}`, /more than 60 characters/],
    ['{a}'.repeat(101), /more than 100 placeholders/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => compile(text),
      (error) => error instanceof PlaceholderError && message.test(error.message),
    );
  }
});

const literal = fc.string({ unit: 'binary', maxLength: 20 });
const escaped = (text: string) => text.replaceAll('{', '{{').replaceAll('}', '}}');

test('any text with its braces doubled is rendered as itself', () => {
  fc.assert(
    fc.property(literal, (text) => {
      const template = compile(escaped(text));
      assert.deepEqual(template.names, []);
      assert.equal(template.render([]), text);
    }),
  );
});

test('pieces and placeholders come out in their order', () => {
  const name = fc.stringMatching(/^[A-Za-zа-яё][A-Za-z0-9_ ]{0,10}$/);
  const part = fc.record({
    before: literal,
    name,
    fallback: fc.option(fc.stringMatching(/^[^{}]{0,8}$/), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }),
      literal,
      fc.func(fc.option(literal)),
      (parts, end, given) => {
        const text =
          parts
            .map((p) => `${escaped(p.before)}{${p.name}${p.fallback === undefined ? '' : `|${p.fallback}`}}`)
            .join('') + escaped(end);
        const template = compile(text);
        const values = template.names.map((each) => given(each));
        let expected: string | undefined = '';
        for (const p of parts) {
          const value = given(foldName(p.name));
          const shown = value === null || value.trim() === '' ? p.fallback : value;
          expected = shown === undefined || expected === undefined ? undefined : expected + p.before + shown;
        }
        assert.equal(template.render(values), expected === undefined ? undefined : expected + end);
      },
    ),
  );
});

test('any text is compiled or refused with words', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', '|', 'a', ' '), maxLength: 30 }), (text) => {
      try {
        compile(text);
      } catch (error) {
        assert.ok(error instanceof PlaceholderError, String(error));
      }
    }),
  );
});
