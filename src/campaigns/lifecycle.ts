// The state machine of a campaign: one table of actions that code, SQL, docs and tests read.
//
//   creation ──▶ moderation ──approve──▶ scheduled ──start──▶ sending ──finish──▶ done
//       │            │                   ▲    │ ▲             │ ▲                 ▲
//       └────────────┼───────────────────┘ pause resume     pause resume          │
//                 reject                     ▼  │             ▼ │                 │
//                    ▼                      paused           paused ───finish─────┘
//                   spam
//                            stop leads from every state before done, but spam, to stopped
//
//   Of an unconfirmed one, whose author wants to see it first, creation and moderation lead to paused instead of
//   scheduled, and only resume leads on.
//
// creation    the campaign is being written. Most are committed together with their messages, as moderation or
//             scheduled, and nobody sees them in this state; a large one comes from a file or from a list meanwhile,
//             has no message and holds no money before all are there, and may be stopped by its author, or abandoned,
//             with a reason, where that cannot be done.
// moderation  somebody has to approve it; nothing of it leaves.
// spam        it was rejected: what a stopped campaign is, with a reason, and its messages failed as rejected.
// scheduled   it waits for its start_at. The engine's clock starts it.
// sending     it has begun; actual_start_at says when.
// paused      nothing of it leaves. Its author may pause it before its start, too: then it does not start, and a
//             start_at that passes meanwhile is made up for when it is resumed. Resuming leads back to where it was:
//             to sending where it has begun, else to scheduled. A campaign whose last messages were on their way when
//             it was paused is done all the same. An unconfirmed one comes here when its messages are there and it is
//             approved: its price is held and known, and resuming it is what confirms it.
// stopped     what had left goes on to its receipts; what had not is cancelled and costs nothing.
// done        every message has left the queue; receipts go on changing the statistics after that.
//
// A stopped or rejected campaign keeps its queued messages until the engine has cancelled them, batch by batch.

/** The states in the words of the One-API, which are also those of campaign.status. */
export const campaignStatuses = [
  'creation',
  'scheduled',
  'sending',
  'done',
  'paused',
  'stopped',
  'spam',
  'moderation',
] as const;

export type CampaignStatus = (typeof campaignStatuses)[number];

/** Who asks for an action: the author over the API, administrators for every account, moderators, or Carillon by itself. */
export type CampaignActor = 'author' | 'administrator' | 'moderator' | 'carillon';

type Rule = {
  readonly from: readonly CampaignStatus[];
  /** Where it leads: for a campaign that has not begun, and for one that has. */
  readonly to: { readonly fresh: CampaignStatus; readonly begun: CampaignStatus };
  /** Where it leads for one that its author has not confirmed; absent: the same. */
  readonly unconfirmed?: CampaignStatus;
  readonly by: readonly CampaignActor[];
};

const to = (status: CampaignStatus) => ({ fresh: status, begun: status });

/** Everything that may happen to a campaign. What is not listed is refused. */
export const campaignActions = {
  hold: { from: ['creation'], to: to('moderation'), by: ['carillon'] },
  schedule: { from: ['creation'], to: to('scheduled'), unconfirmed: 'paused', by: ['carillon'] },
  approve: {
    from: ['moderation'],
    to: to('scheduled'),
    unconfirmed: 'paused',
    by: ['moderator', 'administrator'],
  },
  reject: { from: ['moderation'], to: to('spam'), by: ['moderator', 'administrator'] },
  start: { from: ['scheduled'], to: to('sending'), by: ['carillon'] },
  pause: { from: ['scheduled', 'sending'], to: to('paused'), by: ['author', 'administrator'] },
  resume: { from: ['paused'], to: { fresh: 'scheduled', begun: 'sending' }, by: ['author', 'administrator'] },
  stop: {
    from: ['creation', 'moderation', 'scheduled', 'sending', 'paused'],
    to: to('stopped'),
    by: ['author', 'administrator'],
  },
  abandon: { from: ['creation'], to: to('stopped'), by: ['carillon'] },
  finish: { from: ['sending', 'paused'], to: to('done'), by: ['carillon'] },
} as const satisfies Record<string, Rule>;

export type CampaignAction = keyof typeof campaignActions;

const rules: Record<CampaignAction, Rule> = campaignActions;

/** The states that a new campaign may have: its messages exist already. */
export const initialStatuses = [
  'scheduled',
  'moderation',
  'paused',
] as const satisfies readonly CampaignStatus[];
export type InitialStatus = (typeof initialStatuses)[number];

/** What a new campaign is when nobody has to approve it, nor to confirm it. */
export const initialStatus = 'scheduled' satisfies InitialStatus;

/** What it is when its author has to confirm it. */
export const unconfirmedStatus = 'paused' satisfies InitialStatus;

/** The states whose queued messages the engine cancels. */
export const cancelledStatuses = ['stopped', 'spam'] as const satisfies readonly CampaignStatus[];

/**
 * The state that an action leads to, or undefined where it is refused. `begun`: whether it was ever sending;
 * `unconfirmed`: whether its author has to confirm it.
 */
export function statusAfter(
  action: CampaignAction,
  status: CampaignStatus,
  begun: boolean,
  unconfirmed = false,
): CampaignStatus | undefined {
  const rule = rules[action];
  if (!rule.from.includes(status)) return undefined;
  if (unconfirmed && rule.unconfirmed !== undefined) return rule.unconfirmed;
  return rule.to[begun ? 'begun' : 'fresh'];
}

/** The states from which an action is possible. */
export function statesFor(action: CampaignAction): readonly CampaignStatus[] {
  return rules[action].from;
}

/** States as the list of an SQL `in (…)`; literals, so that partial indexes fit. */
export function statusList(statuses: readonly CampaignStatus[]): string {
  return statuses.map((status) => `'${status}'`).join(', ');
}

/** `campaign.status` after an action, in SQL, of the row `alias` from which the action is possible. */
export function statusAfterSql(action: CampaignAction, alias = 'campaign'): string {
  const { to, unconfirmed } = rules[action];
  const { fresh, begun } = to;
  if (unconfirmed !== undefined)
    return `case when ${alias}.unconfirmed then '${unconfirmed}' else '${fresh}' end`;
  if (fresh === begun) return `'${fresh}'`;
  return `case when ${alias}.actual_start_at is null then '${fresh}' else '${begun}' end`;
}
