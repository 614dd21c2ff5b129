// Addresses of inbound messages: when two are the same, and which is a phone number. Pure; used by the whole folder.

import { isMsisdn } from '../phones/index.ts';

/** The longest address kept; SMPP allows 20 characters, and operators do as they like. */
const longest = 64;

/** An address as it is compared: without a plus, in small letters. */
export function addressKey(address: string): string {
  return address.trim().replace(/^\+/, '').toLowerCase().slice(0, longest);
}

/** An address as it is shown: cut to what is kept, and without control characters. */
export function shownAddress(address: string): string {
  return address.replace(/\p{Cc}/gu, '').slice(0, longest);
}

/** The phone number in international form that an address is; null for a name, a short code, a national number. */
export function phoneIn(address: string): number | null {
  const digits = /^(?:\+|00)?([1-9]\d{8,14})$/.exec(address.trim())?.[1];
  const phone = Number(digits ?? Number.NaN);
  return isMsisdn(phone) ? phone : null;
}
