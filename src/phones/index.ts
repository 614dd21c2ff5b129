// Phone numbers: which are valid, which country they belong to, and look-up by longest prefix.
export { callingCodes, countryOf, countryPrefixes } from './country.ts';
export { isMsisdn, msisdnDigits } from './msisdn.ts';
export type { PrefixTable } from './prefix-table.ts';
export { prefixTable } from './prefix-table.ts';
