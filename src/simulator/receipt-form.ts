// The octets of a receipt as the simulator sends it: the text of appendix B of SMPP 3.4, or optional parameters.
// Everything after the id is the same for all receipts of one state and minute, and is kept.

import { type DeliverFields, EsmClass, receiptStates, Tag, tlv, writeDigits } from '../smpp/index.ts';
import type { Report } from './scripts.ts';

const nothing = new Uint8Array(0);
const prefix = Buffer.from('id:');
/** `id:`, 16 digits and a tail of about 100 octets. */
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
  id: number,
  destination: number | string,
  source: string,
  step: Report,
  submitted: number,
  done: number,
): DeliverFields {
  return {
    sourceTon: international.ton,
    sourceNpi: international.npi,
    source: destination,
    destinationTon: alphanumeric.ton,
    destinationNpi: alphanumeric.npi,
    destination: source,
    esmClass: EsmClass.deliveryReceipt,
    dataCoding: 0,
    shortMessage: step.form === 'tlv' ? nothing : text(id, step, submitted, done),
    optional: step.form === 'tlv' ? parameters(id, step) : nothing,
  };
}

function text(id: number, step: Report, submitted: number, done: number): Uint8Array {
  let at = prefix.length;
  at = step.form === 'hex' ? at + scratch.write(id.toString(16), at, 'latin1') : writeDigits(scratch, at, id);
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

function parameters(id: number, step: Report): Buffer {
  return Buffer.concat([
    tlv(Tag.receiptedMessageId, Buffer.from(`${id}\0`)),
    tlv(Tag.messageState, Buffer.from([receiptStates.indexOf(step.state)])),
    tlv(Tag.networkErrorCode, Buffer.from([3, step.error >> 8, step.error & 0xff])), // 3: GSM
  ]);
}
