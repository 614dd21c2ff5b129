// The second net under what is logged: takes phone numbers and secrets out of a finished line, wherever they got in.
// The first net is that no call logs them. Used by log.ts.

/** Fields that are not shown, whoever logs an object that has them: on the first two levels. */
const secretFields = [
  'password',
  'authorization',
  'cookie',
  'key',
  'token',
  'bearer',
  'api_key',
  'apiKey',
  'secret',
  'connectionString',
  'databaseUrl',
  'text',
  'phone',
  'phones',
  // What PostgreSQL says of a row that it refused, and what was sent to it.
  'detail',
  'where',
  'parameters',
  'internalQuery',
];

/** The same as paths, for pino's redaction. */
export const secretPaths: readonly string[] = [
  ...secretFields,
  ...secretFields.map((field) => `*.${field}`),
  'headers["x-api-key"]',
  '*.headers["x-api-key"]',
  '*.headers.authorization',
];

/** user:password@ of a URL; up to the last @ before the host, since passwords may hold one. */
const credentials = /(\w+:\/\/[^\s:/"]*):[^\s"/]*@/g;
const apiKeys = /\b(live|test)_[A-Za-z0-9_-]{8,}/g;
/** Three parts in base64url of which the first two are JSON objects. */
const tokens = /\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]*/g;
/** Runs of digits as long as phone numbers with their country code are; not the fraction of a number. */
const digits = /(?<![\d.])(\d{4})\d{2,7}(\d{4})(?!\d)/g;
/** Fields with times, our own ids and operators' ids, which may be as long. */
const innocent = /"(time|campaign|batch|messages?|dispatchers?|example|nextTryMs)":"?$/;
const longestInnocent = 16;

/** A phone number as it may be shown: enough to recognise the country and the operator, and to compare. */
export function maskPhone(phone: string | number): string {
  const text = String(phone);
  // The shortest have nine digits.
  const shown = text.length < 10 ? /^(\+?\d{2})\d{2,}(\d{3})$/ : /^(\+?\d{4})\d{2,7}(\d{4})$/;
  return text.replace(shown, '$1•••$2');
}

/** A line of the log without what must not stand in it. */
export function maskLine(line: string): string {
  return line
    .replace(credentials, '$1:•••@')
    .replace(tokens, 'eyJ•••')
    .replace(apiKeys, '$1_•••')
    .replace(digits, maskDigits);
}

// What is left must be JSON: a number becomes a string where it is the value of a field, and in a list, 0.
function maskDigits(run: string, first: string, last: string, at: number, line: string): string {
  const before = line.slice(Math.max(0, at - longestInnocent), at);
  if (innocent.test(before)) return run;
  const ends = line[at + run.length] ?? '';
  if (before.endsWith('":') && !before.endsWith('\\":') && /[,}]/.test(ends)) return `"${first}•••${last}"`;
  if (/[[,]$/.test(before) && /[,\]]/.test(ends)) return '0';
  return `${first}•••${last}`;
}
