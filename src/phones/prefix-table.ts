// Longest-prefix look-up of phone numbers: countries here, prices in src/tariffs, routes to operators. Built once,
// then asked for every number of a campaign, so it is a digit trie in one flat array: no strings, no allocation.

/** Answers which value belongs to the longest prefix that a number begins with. */
export type PrefixTable<T> = {
  /** The value of the longest prefix of `msisdn` (an integer up to 2^53), or undefined where none fits. */
  find(msisdn: number): T | undefined;
};

/** A node is ten cells for the next digit, and one for the value of the prefix that ends here. */
const nodeSize = 11;
const valueCell = 10;

/** The longest prefix: E.164 allows 15 digits. */
const maxPrefixDigits = 15;

/**
 * Makes a table from prefixes of 0 to 15 digits and their values; the empty prefix fits every number. Of a prefix
 * that comes twice the last value counts. Throws RangeError on what is no prefix.
 */
export function prefixTable<T>(entries: Iterable<readonly [prefix: string, value: T]>): PrefixTable<T> {
  // Cells hold the offset of the next node, or the index of a value plus one; 0 is nothing in both.
  const cells = new Array<number>(nodeSize).fill(0);
  const values: T[] = [];
  for (const [prefix, value] of entries) {
    if (prefix.length > maxPrefixDigits || !/^[0-9]*$/.test(prefix)) {
      throw new RangeError(`'${prefix}' is not a prefix: 0 to ${maxPrefixDigits} digits`);
    }
    let node = 0;
    for (let i = 0; i < prefix.length; i += 1) {
      const cell = node + prefix.charCodeAt(i) - 48;
      if (cells[cell] === 0) {
        cells[cell] = cells.length;
        for (let k = 0; k < nodeSize; k += 1) cells.push(0);
      }
      node = cells[cell]!;
    }
    cells[node + valueCell] = values.push(value);
  }
  const trie = Int32Array.from(cells);

  function find(msisdn: number): T | undefined {
    let power = 1;
    while (power * 10 <= msisdn) power *= 10;
    let rest = msisdn;
    let found = trie[valueCell]!;
    // Exact although in floating point: both sides are integers below 2^53 and the quotient is below 10.
    for (let node = 0; power >= 1; power /= 10) {
      const digit = Math.floor(rest / power);
      rest -= digit * power;
      node = trie[node + digit]!;
      if (node === 0) break;
      const value = trie[node + valueCell]!;
      if (value !== 0) found = value;
    }
    return found === 0 ? undefined : values[found - 1];
  }
  return { find };
}
