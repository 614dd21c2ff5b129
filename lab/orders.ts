// The campaigns of a round, drawn from its seed: of several accounts, with both policies for what is uncertain, some
// of several parts, some for later, some held for a moderator; and among the numbers the simulator's magic ones, whose
// final state is known.
import { Status } from '../src/messages/index.ts';
import type { Random } from './random.ts';

export type Order = {
  index: number;
  account: number;
  phones: number[];
  text: string;
  parts: number;
  uncertain: 'resend' | 'unknown';
  /** It waits for a moderator. */
  held: boolean;
  /** It is for so many seconds later; 0: at once. */
  inSeconds: number;
  /** How it is made: of a list of numbers, of an uploaded file, or of a group of contacts. */
  way: 'send' | 'import' | 'groups';
};

/** Rows of every uploaded file that are no numbers, and so are left out. */
export const badRows = 2000;

/** The text that a number gets: of files and groups, each has one of its own. */
export function textFor(order: Order, phone: number): string {
  return order.way === 'send' ? order.text : order.text.replace('{word}', wordOf(phone));
}

/** What the file, or the contact, says of a number. */
export const wordOf = (phone: number) => `w${phone % 1_000_000}`;

/** The file of an order, with the bad rows among the good ones. */
export function fileOf({ phones }: Order): string {
  const rows = phones.map((phone) => `${phone},${wordOf(phone)}`);
  for (let i = 0; i < badRows; i++) rows.splice((i * 7) % rows.length, 0, `nobody,${i}`);
  return `phone,word\n${rows.join('\n')}\n`;
}

/** A word that is held for a moderator. */
export const heldWord = 'casino';
export const accountCount = 3;

/**
 * Where numbers go (world.ts): 380 to the first operator, 34 to the second, 49 to either; 34 is billed when it is
 * delivered.
 */
const prefixes = [380, 34, 49] as const;

/** Of a hundred numbers, these are magic; the others are delivered. */
const magic = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;
const perHundred = 100;

/** The last three digits of numbers that never get a receipt. */
export const silentSuffix = 4;

/** The final state of a message to a number, where nothing was uncertain. */
export function finalState(phone: number): number {
  switch (phone % 1000) {
    case 1:
      return Status.undelivered;
    case 2:
      return Status.expired;
    case 3:
      return Status.failed;
    case silentSuffix:
      return Status.sent;
    case 9:
      return Status.unknown;
    default:
      return Status.delivered;
  }
}

/** `ways` draws how they are made: apart, so that the seeds of earlier rounds draw the rest as they did. */
export function drawOrders(random: Random, ways: Random, messages: number): Order[] {
  const orders: Order[] = [];
  for (let left = messages, index = 0; left > 0; index++) {
    const count = Math.min(left, random.whole(200, 1300));
    left -= count;
    const held = random.chance(0.2);
    const long = random.chance(0.25);
    const way = ways.pick(['send', 'send', 'import', 'groups'] as const);
    const words = `${held ? heldWord : 'Hello'} ${index}${way === 'send' ? '' : ' {word}'}`;
    orders.push({
      index,
      account: random.whole(0, accountCount - 1),
      phones: drawPhones(random.pick(prefixes), index, count),
      // Two parts of 153 characters.
      text: long ? `${words} ${'x'.repeat(200)}` : words,
      parts: long ? 2 : 1,
      uncertain: random.chance(0.5) ? 'resend' : 'unknown',
      held,
      inSeconds: random.chance(0.2) ? random.whole(2, 6) : 0,
      way,
    });
  }
  return orders;
}

/** Numbers that no other order of the round has: 12 digits, of which the last three decide. */
function drawPhones(prefix: number, order: number, count: number): number[] {
  const first = Number(`${prefix}${'500000000'.slice(0, 12 - String(prefix).length)}`) + order * 1_000_000;
  return Array.from({ length: count }, (_, i) => {
    const inHundred = i % perHundred;
    const suffix = magic[inHundred] ?? 100 + inHundred;
    return first + Math.floor(i / perHundred) * 1000 + suffix;
  });
}
