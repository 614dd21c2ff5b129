// The octets of a receipt as the simulator sends it: the text of appendix B of SMPP 3.4, or optional parameters.
// Everything after the id is the same for all receipts of one state and minute, and is kept.

import { type DeliverFields, EsmClass, receiptStates, Tag, tlv, writeDigits } from '../smpp/index.ts';
import type { AddressStyle } from './quirks.ts';
import { addressStyles } from './quirks.ts';
import { type ReceiptForm, unusualText } from './receipt-text.ts';
import type { Report } from './scripts.ts';

const nothing = new Uint8Array(0);
const prefix = Buffer.from('id:');
/** `id:`, up to 64 characters and a tail of about 100 octets. */
const scratch = Buffer.alloc(254);
scratch.set(prefix);

const international = { ton: 1, npi: 1 };
const alphanumeric = { ton: 5, npi: 0 };

const tails = new Map<Report, { submitted: number; done: number; bytes: Buffer }>();

/**
 * The fields of a receipt's deliver_sm, from the message's destination to its source. Times are minutes since
 * 1970. The result must be written before the next call: its octets are in one buffer that is used again.
 */
export function receiptFields(
  id: number | string,
  destination: number | string,
  source: string,
  step: Report,
  submitted: number,
  done: number,
  form: ReceiptForm,
  addresses: AddressStyle,
): DeliverFields {
  const [from = destination, to = source] =
    addresses === 'plain' ? [destination, source] : addressStyles[addresses](destination, source);
  const parameterised = form === 'tlv' || form === 'localised';
  return {
    sourceTon: international.ton,
    sourceNpi: international.npi,
    source: from,
    destinationTon: alphanumeric.ton,
    destinationNpi: alphanumeric.npi,
    destination: to,
    esmClass: form === 'interim' ? EsmClass.intermediateNotification : EsmClass.deliveryReceipt,
    dataCoding: 0,
    shortMessage: form === 'tlv' ? nothing : text(id, step, submitted, done, form),
    optional: parameterised ? parameters(id, step) : nothing,
  };
}

function text(
  id: number | string,
  step: Report,
  submitted: number,
  done: number,
  form: ReceiptForm,
): Uint8Array {
  if (form === 'bare' || form === 'messy' || form === 'localised') {
    return Buffer.from(unusualText(form, id, step.state));
  }
  let at = prefix.length;
  if (typeof id === 'number' && form !== 'hex') at = writeDigits(scratch, at, id);
  else at += scratch.write(form === 'hex' ? Number(id).toString(16) : String(id), at, 'latin1');
  const tail = tailOf(step, submitted, done);
  scratch.set(tail, at);
  return scratch.subarray(0, at + tail.length);
}

function tailOf(step: Report, submitted: number, done: number): Buffer {
  const kept = tails.get(step);
  if (kept !== undefined && kept.submitted === submitted && kept.done === done) return kept.bytes;
  const delivered = step.state === 'DELIVRD' ? '001' : '000';
  const bytes = Buffer.from(
    ` sub:001 dlvrd:${delivered} submit date:${stamp(submitted)} done date:${stamp(done)}` +
      ` stat:${step.state} err:${String(step.error).padStart(3, '0')} text:`,
  );
  tails.set(step, { submitted, done, bytes });
  return bytes;
}

/** YYMMDDhhmm in UTC. */
function stamp(minute: number): string {
  return new Date(minute * 60_000).toISOString().slice(2, 16).replace(/\D/g, '');
}

function parameters(id: number | string, step: Report): Buffer {
  return Buffer.concat([
    tlv(Tag.receiptedMessageId, Buffer.from(`${id}\0`)),
    tlv(Tag.messageState, Buffer.from([receiptStates.indexOf(step.state)])),
    tlv(Tag.networkErrorCode, Buffer.from([3, step.error >> 8, step.error & 0xff])), // 3: GSM
  ]);
}
