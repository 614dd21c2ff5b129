// What an operator does with all messages alike, where others keep to the specification; one table each. What happens to
// single messages is in scripts.ts.

import { receiptForms } from './receipt-text.ts';

/** How an id is written. `case`: every other id differs from the one before it in letter case only. */
export const idStyles = {
  decimal: (id: number): number | string => id,
  zeros: (id: number) => String(id).padStart(24, '0'),
  hex: (id: number) => id.toString(16),
  HEX: (id: number) => id.toString(16).toUpperCase(),
  '0x': (id: number) => `0x${id.toString(16)}`,
  '0x0HEX': (id: number) => `0x0${id.toString(16).toUpperCase()}`,
  long: (id: number) => String(id).padStart(64, 'carillon-'),
  case: (id: number) => {
    const letters = `m${Math.floor(id / 2).toString(36)}`;
    return id % 2 === 0 ? letters : letters.toUpperCase();
  },
} as const;
export type IdStyle = keyof typeof idStyles;

/** What a receipt has as source and destination; `swapped` leaves them as they were in the message. */
export const addressStyles = {
  plain: (phone: number | string, sender: string) => [phone, sender],
  plus: (phone: number | string, sender: string) => [`+${phone}`, sender],
  national: (phone: number | string, sender: string) => [`0${String(phone).slice(-9)}`, sender],
  masked: (phone: number | string, sender: string) => [
    String(phone).replace(/\d{4}(?=\d{2}$)/, '****'),
    sender,
  ],
  swapped: (phone: number | string, sender: string) => [sender, phone],
} as const satisfies Record<string, (phone: number | string, sender: string) => (number | string)[]>;
export type AddressStyle = keyof typeof addressStyles;

interface Choice<T extends string> {
  readonly kind: 'choice';
  readonly of: readonly T[];
  readonly about: string;
}

interface Count {
  readonly kind: 'count';
  readonly from: number;
  readonly to: number;
  readonly about: string;
  /** Whether it can be said at the start only. */
  readonly atStart?: true;
}

interface Flag {
  readonly kind: 'flag';
  readonly about: string;
}

function choice<T extends string>(of: readonly T[], about: string): Choice<T> {
  return { kind: 'choice', of, about };
}

function count(from: number, about: string): Count {
  return { kind: 'count', from, to: 1_000_000_000, about };
}

function keys<T extends string>(table: Record<T, unknown>): T[] {
  return Object.keys(table) as T[];
}

/** Every quirk: the options of `carillon simulator`, and the fields of the admin API, are made from this list. */
export const quirkTable = {
  ids: choice(keys(idStyles), 'how ids are written (default: decimal)'),
  receiptIds: choice(keys(idStyles), 'and in receipts, if otherwise'),
  receiptForm: choice(receiptForms, 'how receipts are written (default: text)'),
  receiptAddresses: choice(keys(addressStyles), 'how they name the number (default: plain)'),
  receiptsElsewhere: {
    kind: 'flag',
    about: 'receipts go to another session than their message came from, if there is one',
  } as Flag,
  firstId: { ...count(0, 'the first id (default: one never used before)'), atStart: true } as Count,
  silentAfter: count(1, 'a session hears and says nothing after so many messages'),
  unbindAfter: count(1, 'a session is unbound after so many messages, each in its turn'),
  ignoreEnquireLink: { kind: 'flag', about: 'enquire_link is never answered' } as Flag,
} as const;

export type QuirkName = keyof typeof quirkTable;

type ValueOf<Q> = Q extends Choice<infer T> ? T : Q extends Count ? number : boolean;

/** All of them are optional: an operator without quirks keeps to the specification. */
export type Quirks = { readonly [Name in QuirkName]?: ValueOf<(typeof quirkTable)[Name]> };
