// The state machine of a campaign: one table that code, SQL, docs and tests read.
//
//   creation ──▶ moderation ──▶ scheduled ──▶ sending ──▶ done
//                    │                          ▲ │         ▲
//                    ▼                          │ ▼         │
//                   spam                       paused ──────┘  (its last messages were already on their way)
//
//   stopped can follow every state in which something could still be sent.
//
// `scheduled` waits for its start; the engine's clock turns it to `sending`. `done` means that every message has left
// the queue; receipts go on changing the statistics after that. A stopped or rejected campaign keeps its queued
// messages until the engine has cancelled them, batch by batch.

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

/** Which states may follow a state. */
export const campaignTransitions: Record<CampaignStatus, readonly CampaignStatus[]> = {
  creation: ['moderation', 'stopped'],
  moderation: ['scheduled', 'spam', 'stopped'],
  spam: [],
  scheduled: ['sending', 'stopped'],
  sending: ['paused', 'done', 'stopped'],
  paused: ['sending', 'done', 'stopped'],
  stopped: [],
  done: [],
};

/** Whether a campaign in the state `from` may become `to`. */
export function canTransition(from: CampaignStatus, to: CampaignStatus): boolean {
  return campaignTransitions[from].includes(to);
}

/** The states from which a campaign may become `to`; for the `where` of the statement that changes it. */
export function statesBefore(to: CampaignStatus): CampaignStatus[] {
  return campaignStatuses.filter((from) => canTransition(from, to));
}

/** What a new campaign is: its messages exist already, and nobody has to approve it. */
export const initialStatus = 'scheduled' satisfies CampaignStatus;
