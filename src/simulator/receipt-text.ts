// The texts of receipts that are not written as in appendix B of SMPP 3.4.

import type { ReceiptState } from '../smpp/index.ts';

/**
 * How a receipt says what it says. text: as in appendix B. hex: the same with its id in hexadecimal. tlv: in optional
 * parameters only. interim: text, as an intermediate notification. bare, messy, localised: see `unusualText`.
 */
export type ReceiptForm = 'text' | 'tlv' | 'hex' | 'interim' | 'bare' | 'messy' | 'localised';
export const receiptForms: readonly ReceiptForm[] = [
  'text',
  'tlv',
  'hex',
  'interim',
  'bare',
  'messy',
  'localised',
];

/** Longer words that operators write for states. */
const longWords: Partial<Record<ReceiptState, string>> = {
  DELIVRD: 'Delivered',
  UNDELIV: 'Undeliverable',
  EXPIRED: 'Expired',
  REJECTD: 'Rejected',
  ACCEPTD: 'Accepted',
  ENROUTE: 'En_Route',
};

/** The text in one of the unusual forms: bare has id and state only; messy has other keys, order, words and dates. */
export function unusualText(
  form: 'bare' | 'messy' | 'localised',
  id: number | string,
  state: ReceiptState,
): string {
  if (form === 'bare') return `id:${id} stat:${state}`;
  if (form === 'messy') {
    return `ERR:nul\tSTAT : ${longWords[state] ?? state}  submit date:2026-01-31 12:00:59 ID: ${id} dlvrd:\0 text:id:1 stat:UNDELIV`;
  }
  return 'Сообщение принято абонентом: доставлено, ошибка: 000, статус: ДОСТАВЛЕНО';
}
