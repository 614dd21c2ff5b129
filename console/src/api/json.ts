// JSON as the server means it. Amounts are exact numbers of up to seven decimals, which JavaScript would round beyond
// 15 digits: those become strings of their digits. Called by client.ts and events.ts.

/** An exact decimal: a number where JavaScript holds it exactly, else its digits. */
export type Amount = number | string;

type Source = { source?: string };

/** Parses a text of JSON; throws SyntaxError. */
export function parseJson(text: string): unknown {
  const parse = JSON.parse as (text: string, reviver: typeof exact) => unknown;
  return parse(text, exact);
}

function exact(_key: string, value: unknown, context?: Source): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || source.length <= 15) return value;
  return /^-?\d+\.\d+$/.test(source) && source.replace(/\D/g, '').replace(/^0+/, '').length > 15
    ? source
    : value;
}
