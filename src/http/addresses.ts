// Network addresses of clients: the ranges an API key may be used from. Pure; used by authentication.ts, and by
// src/accounts when a key is made.

import { BlockList, isIP } from 'node:net';

/** An address or CIDR range as PostgreSQL's cidr takes it; undefined for anything else, or bits beyond the prefix. */
export function addressRange(text: string): string | undefined {
  const [, address = '', bits] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0) return undefined;
  const length = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? length : Number(bits);
  if (prefix > length || !endsIn(bytesOf(address, family), length - prefix)) return undefined;
  return `${address}/${prefix}`;
}

/** Whether an address lies in one of the ranges. An IPv4 address that came over an IPv6 socket is an IPv4 address. */
export function withinRanges(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = '0'] = range.split('/');
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** The bytes of a valid address. */
function bytesOf(address: string, family: number): number[] {
  if (family === 4) return address.split('.').map(Number);
  // URL writes an IPv6 address in its one canonical form, without dots.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const words = (text: string) =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const [first, last] = [words(head), tail === undefined ? [] : words(tail)];
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return all.flatMap((word) => [word >> 8, word & 255]);
}

/** Whether the last `count` bits are zero. */
function endsIn(bytes: readonly number[], count: number): boolean {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return (value & ((1n << BigInt(count)) - 1n)) === 0n;
}
