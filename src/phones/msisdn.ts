// What counts as a phone number: the check that every number of a request passes.

/** The fewest and the most digits of a number, country code included, as the One-API publishes and E.164 allows. */
export const msisdnDigits = { min: 9, max: 15 } as const;

const smallest = 10 ** (msisdnDigits.min - 1);
const beyond = 10 ** msisdnDigits.max;

/** Whether `n` is a number in international form without plus: an integer of 9 to 15 digits. */
export function isMsisdn(n: number): boolean {
  return Number.isInteger(n) && n >= smallest && n < beyond;
}
