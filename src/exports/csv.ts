// Lines as CSV (RFC 4180), safe to open in a spreadsheet. Pure; used by write.ts.

import type { Line } from './line.ts';

/** By it Excel knows that a file is UTF-8. */
export const byteOrderMark = '\ufeff';

/** A line with its CRLF. */
export function csvLine(line: Line): string {
  let text = '';
  for (let i = 0; i < line.length; i++) {
    const value = line[i]!;
    if (i > 0) text += ',';
    text += typeof value === 'number' ? value : csvField(value);
  }
  return `${text}\r\n`;
}

/**
 * A field. A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP: CSV injection);
 * quotes go around it where it holds a comma, a quote or a line break.
 */
export function csvField(text: string): string {
  const safe = startsFormula(text.charCodeAt(0)) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const needsQuotes = /[",\r\n]/;

/** = + - @, a tab, a return, and the wide forms of the signs. */
function startsFormula(code: number): boolean {
  if (code === 0x3d || code === 0x2b || code === 0x2d || code === 0x40 || code === 0x09 || code === 0x0d)
    return true;
  return code === 0xff1d || code === 0xff0b || code === 0xff0d || code === 0xff20;
}
