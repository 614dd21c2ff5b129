// Spoils requests that were good, or nearly: their values, their text, their headers. Pure.

import { gzipSync } from 'node:zlib';
import { type Json, type Operation, type Request, type Sent, written } from './http-request.ts';
import { fatefulNames, hostileText, hostileValue } from './http-values.ts';
import type { Random } from './random.ts';

/** Every place of a value, as a way to change it. */
type Place = { get(): Json; set(value: Json): void; remove(): void };

function placesOf(root: { value: Json }): Place[] {
  const found: Place[] = [];
  const visit = (value: Json, set: (value: Json) => void, remove: () => void): void => {
    found.push({ get: () => value, set, remove });
    if (Array.isArray(value)) {
      value.slice(0, 20).forEach((item, i) => {
        visit(
          item,
          (next) => {
            value[i] = next;
          },
          () => value.splice(i, 1),
        );
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        visit(
          item,
          (next) => {
            value[name] = next;
          },
          () => delete value[name],
        );
      }
    }
  };
  visit(
    root.value,
    (next) => {
      root.value = next;
    },
    () => {
      root.value = {};
    },
  );
  return found;
}

/** Changes one to three things of a body. */
function spoilBody(random: Random, body: Json): Json {
  const root = { value: structuredClone(body) };
  for (let times = random.between(1, 3); times > 0; times -= 1) {
    const place = random.pick(placesOf(root));
    const value = place.get();
    switch (random.below(6)) {
      case 0:
        place.remove();
        break;
      case 1:
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          const name = random.pick([...fatefulNames, 'unknown_field']);
          Object.defineProperty(value, name, {
            value: hostileValue(random),
            enumerable: true,
            writable: true,
            configurable: true,
          });
        } else place.set(hostileValue(random));
        break;
      case 2:
        if (Array.isArray(value)) place.set([...value, ...value, hostileValue(random)]);
        else if (typeof value === 'string')
          place.set(value + String(random.pick(['\0', '\ud800', ' ', '\n', '́'])));
        else if (typeof value === 'number') place.set(-value);
        else place.set([value]);
        break;
      default:
        place.set(hostileValue(random));
    }
  }
  return root.value;
}

/** Changes the text of a body, so that it is hardly JSON any more. */
function spoilText(random: Random, text: string): Buffer {
  const at = random.below(text.length + 1);
  switch (random.below(12)) {
    case 0:
      return Buffer.from(text.slice(0, at));
    case 1:
      return Buffer.from(
        text.replace(/\d+/, random.pick(['1e400', '-1e400', 'NaN', '01', '1.', '0x1', '1e', '-'])),
      );
    case 2:
      return Buffer.from(text.replace(/^\{/, `{"${random.pick(['sender', 'text', 'name', 'amount'])}": 1, `));
    case 3:
      return Buffer.from(`\ufeff${text}`);
    case 4:
      return Buffer.concat([Buffer.from(text.slice(0, at)), random.bytes(4), Buffer.from(text.slice(at))]);
    case 5:
      return Buffer.from(text, 'utf16le');
    case 6:
      return Buffer.from('['.repeat(random.pick([10, 1000, 100_000])));
    case 7:
      return Buffer.from(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    case 8:
      return Buffer.from(`${text}${random.pick([text, '\0', ']', '//', ' x'])}`);
    case 9:
      return Buffer.alloc(0);
    case 10:
      return Buffer.from(
        text.replace(/"([^"]*)"/g, (whole) => (random.oneIn(3) ? '"\\u0000\\ud83d"' : whole)),
      );
    default:
      return gzipSync(text);
  }
}

const contentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json;;;',
  'application/xml',
  'text/csv',
  'application/jsonx',
  '',
  '*/*',
  `application/json; x=${'y'.repeat(2000)}`,
];

const otherHeaders: [string, string][] = [
  ['content-encoding', 'gzip'],
  ['idempotency-key', 'x'.repeat(256)],
  ['idempotency-key', "'; drop table idempotency; --"],
  ['idempotency-key', '\xff\xfe'],
  ['expect', '200-ok'],
  ['accept', 'application/xml'],
  ['accept-version', '9.9.9'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-for', '1.2.3.4, ::1, x'],
  ['x-forwarded-host', 'evil.example'],
  ['host', 'evil.example'],
  ['origin', 'https://evil.example'],
  ['if-modified-since', 'x'],
  ['range', 'bytes=0-1'],
  ['content-length', '7'],
];

/** A request spoilt in one or more ways, as it is sent. */
export function spoiltRequest(random: Random, operation: Operation, good: Request): Sent {
  const request: Request = {
    params: { ...good.params },
    query: good.query.map((pair) => [...pair]),
    body: good.body,
    headers: { ...good.headers },
  };
  const named = operation.parameters.filter((parameter) => parameter.in === 'query');
  const inPath = Object.keys(request.params);
  const isJson = operation.body?.type === 'application/json';
  let spoilsText = false;
  for (let times = random.between(1, 2); times > 0; times -= 1) {
    const way = random.below(10);
    if (way < 5 && isJson) request.body = spoilBody(random, request.body ?? {});
    else if (way < 6 && operation.body !== undefined) spoilsText = true;
    else if (way < 8 && named.length > 0) spoilQuery(random, request, named);
    else if (way < 9 && inPath.length > 0) request.params[random.pick(inPath)] = hostileText(random);
    else if (random.oneIn(3)) request.headers['content-type'] = random.pick(contentTypes);
    else {
      const [name, value] = random.pick(otherHeaders);
      request.headers[name] = value;
    }
  }
  const sent = written(operation, request);
  if (spoilsText) sent.payload = spoilText(random, sent.payload?.toString() ?? '{}');
  return sent;
}

function spoilQuery(random: Random, request: Request, named: Operation['parameters']): void {
  const { name } = random.pick(named);
  const value = hostileText(random);
  request.query.push([name, value]);
  if (random.oneIn(4)) request.query.push([name, hostileText(random)]);
  if (random.oneIn(6)) request.query.push([random.pick(['__proto__', 'constructor', 'a[b][c]', '']), value]);
}
