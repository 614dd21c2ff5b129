/** How often figures that are computed from messages are read again while they may change: they are seconds old. */
const everyMs = 5_000;

/** The interval for a query of figures: none once they are final and the campaign is over. */
export function followMs(figures: { final: boolean } | undefined, settled: boolean): number | false {
  if (figures?.final) return false;
  return settled && figures !== undefined ? everyMs * 6 : everyMs;
}
