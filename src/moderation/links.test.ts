// Proves which links are found in a text, and which domains a known one covers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { domainsOf, linkedHosts, readDomain } from './links.ts';

const label = fc
  .stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/)
  // `xn--` and the like are encodings, not names.
  .filter((text) => text.slice(2, 4) !== '--' && /[a-z]/.test(text));
const topLevel = fc.constantFrom('com', 'net', 'org', 'es', 'ua', 'de', 'xyz', 'top', 'info');
const domain = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), topLevel)
  .map(([labels, top]) => [...labels, top].join('.'));
const before = fc.constantFrom('', 'Look at ', 'now: ', '(', '«', 'Акция! ', '\n');
const after = fc.constantFrom('', ' ', '.', ', or else', '! now', ')', '\n', '»', '...');
const path = fc.constantFrom('', '/', '/a.b?c=d', ':8080', ':443/x', '?q', '#x');
const scheme = fc.constantFrom('', '', 'http://', 'https://', 'HTTPS://', 'ftp://', 'http://user:pass@');

test('a link is found in every form that a phone opens, once', () => {
  fc.assert(
    fc.property(domain, before, scheme, path, after, fc.boolean(), (name, b, s, p, a, loud) => {
      const text = `${b}${s}${loud ? name.toUpperCase() : name}${p}${p === '' ? a : ` ${a}`}`;
      assert.deepEqual(linkedHosts(`${text} ${text}`), [name], text);
    }),
  );
});

test('a host lies in a known domain when it is it or ends with it at a point', () => {
  fc.assert(
    fc.property(domain, label, (name, more) => {
      assert.ok(domainsOf(name).includes(name));
      assert.ok(domainsOf(`${more}.${name}`).includes(name));
      assert.ok(!domainsOf(`${more}${name}`).includes(name));
      assert.ok(!domainsOf(`${name}.${more}`).includes(name));
      assert.ok(
        domainsOf(name).every((each) => each.includes('.')),
        'never a whole top level',
      );
    }),
  );
});

test('a domain is known in the form in which links lead to it', () => {
  fc.assert(
    fc.property(domain, (name) => {
      assert.equal(readDomain(name.toUpperCase()), name);
      assert.equal(readDomain(` *.${name}`), name);
    }),
  );
  assert.equal(readDomain('Банк.рф'), 'xn--80ab2al.xn--p1ai');
  assert.deepEqual(linkedHosts('Заходите на банк.рф/акция'), [readDomain('банк.рф')]);
  assert.deepEqual(linkedHosts('https://БАНК.РФ'), [readDomain('xn--80ab2al.xn--p1ai')]);
  for (const wrong of [
    'com',
    '',
    ' ',
    'https://a.com',
    'a.com/x',
    'a b.com',
    '-a.com',
    'a..b',
    'x@a.com',
    '.',
  ]) {
    assert.equal(readDomain(wrong), undefined, wrong);
  }
});

test('no text makes the search fail, or slow', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 765 }), (text) => {
      for (const host of linkedHosts(text)) assert.notEqual(host, '');
    }),
  );
  for (const unit of ['a.', 'a-', 'http://', '1.2.', 'a@', '.', 'xn--.', 'www.', '/a.com']) {
    linkedHosts(unit.repeat(100_000 / unit.length));
  }
});

test('tricks do not hide where a link leads', () => {
  for (const [text, ...hosts] of [
    ['https://bank.com@evil.com/x', 'evil.com'],
    ['http://3232235777/', '192.168.1.1'],
    ['1.2.3.4/login', '1.2.3.4'],
    ['ex\u00adam\u200bple.com', 'example.com'],
    ['пример。ком', 'xn--e1afmkfd.xn--j1aef'],
    ['example.com.Call us', 'example.com'],
    ['shop.example/sale', 'shop.example'],
    ['www.shop.example now', 'www.shop.example'],
    ['user@evil.com/pay', 'evil.com'],
    ['аpple.com', 'xn--pple-43d.com'],
    ['//evil.com', 'evil.com'],
    ['see bank.com/evil.do and b.net', 'bank.com', 'b.net'],
  ] as const) {
    assert.deepEqual(linkedHosts(text), hosts, text);
  }
});

test('what is no link is none', () => {
  for (const text of [
    'Pay 12.50 by 10.30am, e.g. at 5 p.m., v1.2.3',
    'Write to me@example.com',
    'St.Petersburg and Dr.Smith',
    'Wait...what',
    'http://',
    'Order no.17 of 31.12.2026, code 1.2.3.4',
    'One.Two and so on.',
  ]) {
    assert.deepEqual(linkedHosts(text), [], text);
  }
});
