// The limits of a campaign request, with the reason of each. Read by order.ts, which enforces them, and by the
// schemas, which document them.

import { limits as textLimits } from '../text/index.ts';

export const limits = {
  /** The One-API's own; a larger campaign comes from contact groups. */
  phones: { max: 10_000 },
  /** Five segments: what operators still join on a phone without trouble. */
  text: { gsm: textLimits.gsmUnits, ucs2: textLimits.ucs2Units },
  /** Hours; operators keep a message for three days at most. */
  validity: { min: 1, max: 72 },
  /** Seconds; the One-API's own, for a single message. */
  validitySeconds: { min: 30, max: 86_400 },
  /**
   * How far ahead a campaign may be planned; and how late a start may be and still mean "now". That hour forgives
   * clocks and retries, but not a wrong year or a forgotten time zone: what has been sent cannot be called back.
   */
  start: { aheadDays: 30, lateMs: 3_600_000 },
  /** The One-API's own. */
  callbackUrl: { length: 100 },
  reference: { length: 32, pattern: /^[A-Za-z0-9]{1,32}$/ },
  /** Wrong numbers that one answer names: enough to see what is wrong with a list, without a list as the answer. */
  namedPhones: 20,
} as const;
