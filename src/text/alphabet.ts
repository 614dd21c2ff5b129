// The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1): which characters
// have septets, and which. Used by segments.ts for every text that is priced or sent.

/** The default alphabet by septet. Its place 0x1B is the escape to the extension table, not a character. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** The septets that follow an escape. */
const extension: Record<string, number> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};

/** The septet that announces one of the extension table. */
const escapeSeptet = 0x1b;

const none = 0xff;
const extended = 0x80;

// By UTF-16 code unit, up to the alphabet's last (€, U+20AC): the septet, plus 0x80 where an escape precedes it.
const septets = new Uint8Array('€'.charCodeAt(0) + 1).fill(none);
for (let septet = 0; septet < basic.length; septet += 1) {
  if (septet !== escapeSeptet) septets[basic.charCodeAt(septet)] = septet;
}
for (const [character, septet] of Object.entries(extension))
  septets[character.charCodeAt(0)] = septet + extended;

/** How many septets the character of a UTF-16 code unit takes: 1, 2 with an escape, or 0 if it has none. */
export function gsmUnits(codeUnit: number): 0 | 1 | 2 {
  const septet = codeUnit < septets.length ? septets[codeUnit]! : none;
  return septet < extended ? 1 : septet === none ? 0 : 2;
}

/** The septets of a piece of a text, one an octet. Every character of it must be in the alphabet. */
export function gsmOctets(text: string, from: number, end: number): Buffer {
  const octets = Buffer.allocUnsafe(2 * (end - from));
  let length = 0;
  for (let i = from; i < end; i += 1) {
    const septet = septets[text.charCodeAt(i)]!;
    if (septet >= extended) octets[length++] = escapeSeptet;
    octets[length++] = septet & (extended - 1);
  }
  return octets.subarray(0, length);
}

const extensionText = new Map(Object.entries(extension).map(([character, septet]) => [septet, character]));

/** The text of septets, one an octet. An escape before what is in no table counts as a blank before it (6.2.1). */
export function gsmText(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i += 1) {
    const septet = octets[i]! & 0x7f;
    const extended = septet === escapeSeptet ? extensionText.get(octets[i + 1]! & 0x7f) : undefined;
    if (extended !== undefined) i += 1;
    text += extended ?? (septet === escapeSeptet ? ' ' : basic[septet]!);
  }
  return text;
}

/** Whether every character of the text is in the GSM alphabet or its extension table. */
export function isGsm(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (gsmUnits(text.charCodeAt(i)) === 0) return false;
  return true;
}
