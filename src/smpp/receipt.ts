// Delivery receipts: the text form of appendix B of SMPP 3.4, read from its octets as tolerantly as operators are
// free, and the form in optional parameters, which is preferred. Called by the client session for each deliver_sm.

import { EsmClass, type ReceiptState, receiptStates } from './constants.ts';
import { latin1, type ShortMessage } from './decode.ts';

/** What an operator reports about a message it took. */
export interface Receipt {
  /** The operator's id of the message, as it stands in the receipt. */
  id: string;
  state: ReceiptState;
  /** The digits of `err:`, or the low two octets of network_error_code; null where there is none. */
  error: number | null;
  /** Whether the id came from receipted_message_id, which has the same form as in submit_sm_resp. */
  fromTlv: boolean;
}

/** Reads the receipt that a deliver_sm carries; null where it carries none, or one without an id or a state. */
export function readReceipt(message: ShortMessage): Receipt | null {
  const type = message.esmClass & EsmClass.messageTypeMask;
  const marked = (type & EsmClass.deliveryReceipt) !== 0 || type === EsmClass.intermediateNotification;
  const { bytes, receiptedId, messageState, networkError } = message;
  if (!marked && (receiptedId === 0 || messageState === 0)) return null;
  const fromTlv = receiptedId !== 0 && message.receiptedIdEnd > receiptedId;
  const complete = fromTlv && messageState !== 0 && networkError !== 0;
  const text = complete ? null : parseReceiptText(bytes, message.textStart, message.textEnd);
  const id = fromTlv ? latin1(bytes, receiptedId, message.receiptedIdEnd) : text?.id;
  const state = messageState !== 0 ? stateOfNumber(bytes[messageState]!) : text?.state;
  if (!id || !state) return null;
  const error =
    networkError !== 0 ? (bytes[networkError + 1]! << 8) | bytes[networkError + 2]! : (text?.error ?? null);
  return { id, state, error, fromTlv };
}

/** What the text of a receipt says; a field is null where it is missing. */
export interface ReceiptText {
  id: string | null;
  state: ReceiptState | null;
  error: number | null;
}

/**
 * Reads `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…` from octets in one pass. Keys are
 * found by their colon, in any case and order, with or without blanks around it; what follows `text:` is the
 * customer's and is not looked at.
 */
export function parseReceiptText(bytes: Buffer, start: number, end: number): ReceiptText {
  let id: string | null = null;
  let state: ReceiptState | null = null;
  let error: number | null = null;
  let at = start;
  while (at < end) {
    if (bytes[at] !== colon) {
      at++;
      continue;
    }
    const key = keyBefore(bytes, start, at);
    at++;
    if (key === keyText) break;
    if (key === keyOther) continue;
    let value = at;
    while (value < end && isBlank(bytes[value]!)) value++;
    let stop = value;
    let hasColon = false;
    while (stop < end && !isBlank(bytes[stop]!)) {
      if (bytes[stop] === colon) hasColon = true;
      stop++;
    }
    // "id: sub:001" has no id: what follows the blank is the next key.
    if (stop === value || (hasColon && value > at)) continue;
    if (key === keyId) {
      id ??= latin1(bytes, value, stop);
      if (isPlainForm(bytes, stop, end)) stop += plainStat;
    } else if (key === keyStat) state ??= stateOfWord(bytes, value, stop);
    else error ??= digits(bytes, value, stop);
    if (id !== null && state !== null && error !== null) break;
    at = stop;
  }
  return { id, state, error };
}

/** Where the colon of `stat:` stands after the id in ` sub:001 dlvrd:001 submit date:YYMMDDhhmm done date:… stat:`. */
const plainStat = 67;

/** Whether the fields after the id have exactly the widths of appendix B, as with most operators: then the scan may
 * go straight to `stat:`, which saves most of its work. */
function isPlainForm(bytes: Buffer, from: number, end: number): boolean {
  return (
    from + plainStat < end &&
    bytes[from + plainStat] === colon &&
    bytes[from + 4] === colon &&
    bytes[from + 14] === colon &&
    bytes[from + 30] === colon &&
    bytes[from + 51] === colon &&
    keyBefore(bytes, from, from + plainStat) === keyStat
  );
}

/** The state of a message_state (5.2.28), or null for a number without a meaning. */
export function stateOfNumber(number: number): ReceiptState | null {
  return receiptStates[number] ?? null;
}

const colon = 0x3a;
const keyOther = 0;
const keyId = 1;
const keyStat = 2;
const keyErr = 3;
const keyText = 4;

/** Which key ends before the colon at `at`. Letters are compared in lower case, packed into one integer. */
function keyBefore(bytes: Buffer, start: number, at: number): number {
  let i = at - 1;
  while (i >= start && isBlank(bytes[i]!)) i--;
  let packed = 0;
  let letters = 0;
  for (; i >= start; i--) {
    const lower = bytes[i]! | 0x20;
    if (lower < 0x61 || lower > 0x7a) break;
    if (++letters > 4) return keyOther;
    packed = (packed << 8) | lower; // the last letter first
  }
  if (letters === 2 && packed === packedId) return keyId;
  if (letters === 4 && packed === packedStat) return keyStat;
  if (letters === 3 && packed === packedErr) return keyErr;
  if (letters === 4 && packed === packedText) return keyText;
  return keyOther;
}

const packedId = packKey('id');
const packedStat = packKey('stat');
const packedErr = packKey('err');
const packedText = packKey('text');

function packKey(key: string): number {
  let packed = 0;
  for (let i = key.length - 1; i >= 0; i--) packed = (packed << 8) | key.charCodeAt(i);
  return packed;
}

function isBlank(octet: number): boolean {
  return octet <= 0x20;
}

/** Beginnings of the words that operators write for a state, longest first where one begins another. */
const stateBeginnings: readonly (readonly [string, ReceiptState])[] = [
  ['DELIV', 'DELIVRD'],
  ['DELET', 'DELETED'],
  ['UNDEL', 'UNDELIV'],
  ['FAIL', 'UNDELIV'],
  ['EXP', 'EXPIRED'],
  ['ACC', 'ACCEPTD'],
  ['REJ', 'REJECTD'],
  ['ENROUTE', 'ENROUTE'],
  ['EN_ROUTE', 'ENROUTE'],
  ['BUFF', 'ENROUTE'],
  ['SCHED', 'SCHEDULED'],
];

const delivrd = Buffer.from('DELIVRD');

/** A word nobody knows is a final UNKNOWN: the operator did report, but not anything to rely on. */
function stateOfWord(bytes: Buffer, start: number, end: number): ReceiptState {
  if (end - start === delivrd.length) {
    let i = 0;
    while (i < delivrd.length && bytes[start + i] === delivrd[i]) i++;
    if (i === delivrd.length) return 'DELIVRD';
  }
  const word = latin1(bytes, start, end).toUpperCase();
  return stateBeginnings.find(([beginning]) => word.startsWith(beginning))?.[1] ?? 'UNKNOWN';
}

/** At most nine digits, so that every error fits the database's integer; letters among them make it no number. */
function digits(bytes: Buffer, start: number, end: number): number | null {
  if (end - start > 9) return null;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return null;
    number = number * 10 + digit;
  }
  return number;
}
