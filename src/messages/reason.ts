// Why a message ended as it did: the number in message.error. Positive numbers are the operator's own: an SMPP
// command_status (refused), or 100000 + the network error of a receipt. Negative ones are ours.

export const Reason = {
  noRoute: -1,
  cancelled: -2,
  noPrice: -3,
  noResponse: -4,
  receiptTimeout: -5,
  uncertain: -6,
  rejected: -7,
} as const;

const words: Record<number, string> = {
  [Reason.noRoute]: 'no route to this number',
  [Reason.cancelled]: 'cancelled: the campaign was stopped',
  [Reason.noPrice]: 'no price for this number: probably a missing prefix',
  [Reason.noResponse]: 'the operator did not answer',
  [Reason.receiptTimeout]: 'no delivery receipt within the validity',
  [Reason.uncertain]: 'perhaps sent before a crash; not sent again',
  [Reason.rejected]: 'rejected by moderation',
};

/** A receipt's network error starts here, so that it is never taken for a command_status. */
export const receiptErrorBase = 100_000;

/** The reason in words, or null where there is none. */
export function reasonText(error: number | null): string | null {
  if (error === null || error === 0) return null;
  if (error < 0) return words[error] ?? `error ${error}`;
  if (error >= receiptErrorBase) return `delivery receipt error ${error - receiptErrorBase}`;
  return `refused by the operator: SMPP status 0x${error.toString(16).padStart(8, '0')}`;
}
