// What a subscriber writes, as deliver_sm: in ASCII where its characters are such, else in UCS-2; a long text in parts
// that a header joins. Used by simulator.ts.

import { type DeliverFields, EsmClass } from '../smpp/index.ts';

/** A message from a subscriber to a number or sender of the ESME. */
export interface InboundText {
  from: string;
  to: string;
  text: string;
}

const nothing = new Uint8Array(0);
/** Octets of a whole text, and of a part behind its header of six. */
const wholeOctets = 140;
const partOctets = 134;
/** Characters that are the same octet in ASCII and in the GSM alphabet. */
const plain = /^[A-Za-z0-9 \n\r!"#%&'()*+,\-./:;<=>?]*$/;

/** The deliver_sm of a text, one for each part; `reference` tells apart the texts of one subscriber. */
export function inboundFields({ from, to, text }: InboundText, reference: number): DeliverFields[] {
  const ascii = plain.test(text);
  const octets = ascii ? Buffer.from(text, 'latin1') : Buffer.from(text, 'utf16le').swap16();
  const fields = (shortMessage: Uint8Array, esmClass: number): DeliverFields => ({
    ...{ sourceTon: 1, sourceNpi: 1, source: from, destinationTon: 5, destinationNpi: 0, destination: to },
    ...{ esmClass, dataCoding: ascii ? 0 : 8, shortMessage, optional: nothing },
  });
  if (octets.length <= wholeOctets) return [fields(octets, 0)];
  const total = Math.ceil(octets.length / partOctets);
  return Array.from({ length: total }, (_, i) =>
    fields(
      Buffer.concat([
        Buffer.from([5, 0, 3, reference & 0xff, total, i + 1]),
        octets.subarray(i * partOctets, (i + 1) * partOctets),
      ]),
      EsmClass.udhIndicator,
    ),
  );
}
