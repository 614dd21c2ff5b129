// What a campaign says, as bytes ready to be sent: the submit_sm bodies of its segments, built once per campaign
// and shared by all its messages. SMPP 3.4 section 4.4.1.

import { buildSubmitTemplate, relativeTime, type SubmitTemplate } from '../smpp/index.ts';
import { encodeSegments } from '../text/index.ts';

/** esm_class bit for a short message that begins with a user data header (SMPP 3.4 section 5.2.12). */
const udhIndicator = 0x40;
/** registered_delivery: a receipt for success and for failure (section 5.2.17). */
const finalReceipt = 1;

/** Type of number and numbering plan of a sender (sections 5.2.5 and 5.2.6). */
function senderAddress(sender: string): { ton: number; npi: number; addr: string } {
  if (!/^\d+$/.test(sender)) return { ton: 5, npi: 0, addr: sender }; // alphanumeric
  if (sender.length <= 8) return { ton: 3, npi: 0, addr: sender }; // short code: network specific
  return { ton: 1, npi: 1, addr: sender }; // international, ISDN
}

/**
 * The submit_sm bodies for a text, one per segment.
 *
 * @param validitySeconds how long the operator should try
 * @param reference tells the segments of one long message from those of another to the same phone; 8 bits are used
 */
export function templatesFor(
  sender: string,
  text: string,
  validitySeconds: number,
  reference: number,
): SubmitTemplate[] {
  const { dataCoding, udh, parts } = encodeSegments(text, reference & 0xff);
  return parts.map((shortMessage) =>
    buildSubmitTemplate({
      source: senderAddress(sender),
      dest: { ton: 1, npi: 1 },
      esmClass: udh ? udhIndicator : 0,
      validityPeriod: relativeTime(validitySeconds),
      registeredDelivery: finalReceipt,
      dataCoding,
      shortMessage,
    }),
  );
}
