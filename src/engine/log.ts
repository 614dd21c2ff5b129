// The part of a pino logger that the engine uses, and how its lines name many campaigns.

type Write = (fields: object, message: string) => void;

/** How many ids a line carries at most. */
const idsPerLine = 20;

/** The distinct ids among these, as many as fit on a line. */
export function idsOf(ids: readonly number[]): number[] {
  return [...new Set(ids)].slice(0, idsPerLine);
}

export type Log = { debug: Write; info: Write; warn: Write; error: Write };
