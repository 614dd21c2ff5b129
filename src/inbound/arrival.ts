// An inbound message as it came, out of its deliver_sm. Made by the engine's inbox while the octets are still there;
// what is kept of it is written by keep.ts.

import { randomUUID } from 'node:crypto';
import { type Deliver, EsmClass } from '../smpp/index.ts';
import { addressKey, phoneIn, shownAddress } from './address.ts';
import { type Place, placeOf, splitHeader } from './content.ts';

export type Arrival = {
  /** Its own, so that a commit whose answer was lost may be repeated. */
  readonly key: string;
  readonly operatorId: number;
  readonly source: string;
  readonly phone: number | null;
  readonly destination: string;
  readonly address: string;
  readonly dataCoding: number;
  /** Without a user data header. */
  readonly octets: Buffer;
  /** Null: it is a whole text. */
  readonly place: Place | null;
};

/** Far above the 140 octets of a part; what is longer is no part, so that joined texts stay bounded. */
const longestPart = 1024;

/** Copies what matters of a deliver_sm, whose octets lie in a buffer that is used again. */
export function arrivalOf(operatorId: number, deliver: Deliver): Arrival {
  const { source, destination, dataCoding, esmClass, shortMessage, sar } = deliver;
  const { body, place } =
    (esmClass & EsmClass.udhIndicator) === 0
      ? { body: shortMessage, place: null }
      : splitHeader(shortMessage);
  const its = place ?? (sar === null ? null : placeOf(sar.reference, sar.total, sar.part));
  return {
    key: randomUUID(),
    operatorId,
    source: shownAddress(source),
    phone: phoneIn(source),
    destination: shownAddress(destination),
    address: addressKey(shownAddress(destination)),
    dataCoding,
    octets: Buffer.from(body),
    place: body.length > longestPart ? null : its,
  };
}
