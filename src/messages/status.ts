// The state machine of a message: one table that code, SQL, docs and tests read.
//
//   queued ──▶ sent ──▶ accepted ──▶ delivered | undelivered | expired | unknown
//     │          └──────────────────▶ (any of these, or timedOut)
//     ├──▶ failed      no route, no price, refused by the operator, cancelled, rejected
//     └──▶ timedOut    perhaps sent before a crash, and the campaign asked for at most once
//
// A receipt's word is final, except that a real receipt replaces `timedOut`, which is our own guess.
//
// `queued` is one state in the table although the API shows three: what a message waits for is a property of its
// campaign (moderation, its start, its turn), so a campaign of a million changes state without touching a message.

/** The number that stands in message.status and campaign_count.status. */
export const Status = {
  queued: 0,
  sent: 1,
  accepted: 2,
  delivered: 3,
  undelivered: 4,
  expired: 5,
  unknown: 6,
  failed: 7,
  timedOut: 8,
} as const;

export type StatusName = keyof typeof Status;
export type StatusCode = (typeof Status)[StatusName];

/** The names the One-API publishes for a message, in the order of its report. */
export const publishedStatuses = [
  'delivered',
  'sent',
  'scheduled',
  'moderation',
  'accepted',
  'sending',
  'expired',
  'failed',
  'undelivered',
  'unknown',
  'read',
  'not_viber_user',
  'not_rcs_user',
] as const;
export type PublishedStatus = (typeof publishedStatuses)[number];

/** Which states may follow a state. What is not listed changes nothing, so every update may be repeated. */
export const transitions: Record<StatusName, readonly StatusName[]> = {
  queued: ['sent', 'failed', 'timedOut', 'accepted', 'delivered', 'undelivered', 'expired', 'unknown'],
  sent: ['accepted', 'delivered', 'undelivered', 'expired', 'unknown', 'timedOut'],
  accepted: ['delivered', 'undelivered', 'expired', 'unknown', 'timedOut'],
  timedOut: ['delivered', 'undelivered', 'expired', 'unknown'],
  delivered: [],
  undelivered: [],
  expired: [],
  unknown: [],
  failed: [],
};

/** The states that a final receipt sets: `done_at` is its time, not that of our own decision, and never changes. */
export const receiptStatuses: readonly number[] = [
  Status.delivered,
  Status.undelivered,
  Status.expired,
  Status.unknown,
];

/** What a message's price is while it is in a state: held for it, charged, or free. */
export type MoneyState = 'held' | 'charged' | 'free';

/** When a message is charged: when it is sent, or only when it is delivered. */
export type Billing = 'sent' | 'delivered';

/** The kind of billing that `on_delivery` of a message or a counter means. */
export function billing(onDelivery: boolean): Billing {
  return onDelivery ? 'delivered' : 'sent';
}

/** The money state of each status, by when the message is charged. */
export const moneyStates: Record<Billing, Record<StatusName, MoneyState>> = {
  sent: {
    queued: 'held',
    sent: 'charged',
    accepted: 'charged',
    delivered: 'charged',
    undelivered: 'charged',
    expired: 'charged',
    unknown: 'charged',
    timedOut: 'charged',
    failed: 'free',
  },
  delivered: {
    queued: 'held',
    sent: 'held',
    accepted: 'held',
    delivered: 'charged',
    undelivered: 'free',
    expired: 'free',
    unknown: 'free',
    timedOut: 'free',
    failed: 'free',
  },
};

const names = Object.keys(Status) as StatusName[];

/** The name of a status code; throws on a code that does not exist. */
export function statusName(code: number): StatusName {
  const name = names[code];
  if (name === undefined) throw new RangeError(`no message status ${code}`);
  return name;
}

/** What a message waits for, by its campaign's state: of a campaign that has not begun, and of one that has. */
const waitsFor: Record<string, { readonly fresh: PublishedStatus; readonly begun: PublishedStatus }> = {
  creation: { fresh: 'moderation', begun: 'moderation' },
  moderation: { fresh: 'moderation', begun: 'moderation' },
  spam: { fresh: 'moderation', begun: 'moderation' },
  scheduled: { fresh: 'scheduled', begun: 'scheduled' },
  sending: { fresh: 'sending', begun: 'sending' },
  paused: { fresh: 'scheduled', begun: 'sending' },
  stopped: { fresh: 'scheduled', begun: 'sending' },
  done: { fresh: 'sending', begun: 'sending' },
};

/** What of a campaign decides how its queued messages are shown. */
export type Waiting = {
  status: string;
  /** Whether it was ever sending. */
  begun: boolean;
};

/**
 * The name the API shows for a message: its own state, and for `queued` what its campaign's state makes of it.
 * A queued message of a stopped or rejected campaign is about to become failed and still counts as queued.
 */
export function publishedStatus(code: number, campaign: Waiting): PublishedStatus {
  const name = statusName(code);
  if (name === 'timedOut') return 'unknown';
  if (name !== 'queued') return name;
  return waitsFor[campaign.status]![campaign.begun ? 'begun' : 'fresh'];
}
