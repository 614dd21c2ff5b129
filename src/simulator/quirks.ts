// What an operator does with all messages alike, where others keep to the specification; one table each. What happens to
// single messages is in scripts.ts.

import type { ReceiptForm } from './receipt-text.ts';

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

/** All of them are optional: an operator without quirks keeps to the specification. */
export interface Quirks {
  /** How ids are written in responses, and in receipts if not the same way. */
  ids?: IdStyle;
  receiptIds?: IdStyle;
  /** The form of every receipt that has the usual one. */
  receiptForm?: ReceiptForm;
  receiptAddresses?: AddressStyle;
  /** Receipts go to another session than their message came from, if there is one. */
  receiptsElsewhere?: boolean;
  /** The first id, in the place of one that no restart gives again. */
  firstId?: number;
  /** After so many submits a session hears nothing more, and says nothing. */
  silentAfter?: number;
  /** After so many submits a session is unbound, each in its turn. */
  unbindAfter?: number;
  /** enquire_link is never answered. */
  ignoresEnquireLink?: boolean;
}
