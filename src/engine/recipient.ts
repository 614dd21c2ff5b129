// Whether a receipt speaks of the number that a message went to. An id alone does not prove it: operators use ids again,
// and one in hexadecimal may look like another in decimal. Called by the matcher, for every receipt.

/** Numbers are the same when their last digits are: operators write them as national ones, with 00, with a plus. */
export const tail = 10_000_000;

/** The longest number that is one; what has more digits is compared with nothing. */
const beyond = 1e15;

/** The number in an address of a receipt; 0 where there is none to compare with: a name, a short number, a masked one. */
export function numberIn(address: string): number {
  let number = 0;
  for (let at = address.charCodeAt(0) === plus ? 1 : 0; at < address.length; at++) {
    const digit = address.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return 0;
    number = number * 10 + digit;
  }
  return number >= tail / 10 && number < beyond ? number : 0;
}

const plus = 0x2b;
const zero = 0x30;

/** The addresses of a receipt as numbers: its source is the recipient, unless the operator left them unchanged. */
export type Addresses = { readonly phone: number; readonly other: number };

/** The phone of a message is one of a receipt's addresses, digit by digit. */
export function isOneOf(phone: number, { phone: source, other }: Addresses): boolean {
  return phone === source || phone === other;
}

/** The phone of a message ends as one of a receipt's addresses does. */
export function endsAsOneOf(phone: number, { phone: source, other }: Addresses): boolean {
  const end = phone % tail;
  return (source !== 0 && source % tail === end) || (other !== 0 && other % tail === end);
}
