// What campaigns refuse, each with a stable code and a message that says what would be right.

import { type FieldErrors, Refusal } from '../http/index.ts';
import { type AmountE7, jsonAmount } from '../money/index.ts';
import { type CampaignStatus, statesFor } from './lifecycle.ts';

const participles = {
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopped',
  approve: 'approved',
  reject: 'rejected',
} as const;

const plain = (sum: AmountE7, currency: string) => `${jsonAmount(sum).rawJSON} ${currency}`;

export const refused = {
  balance: (money: { price: AmountE7; balance: AmountE7; credit: AmountE7; currency: string }) => {
    const message =
      `The campaign costs ${plain(money.price, money.currency)}, but the account has a balance of ` +
      `${plain(money.balance, money.currency)} and a credit of ${plain(money.credit, money.currency)}: ` +
      'top up the account or send to fewer numbers.';
    return new Refusal(422, 'insufficient_balance', message, { balance: [message] });
  },

  dayFull: ({ limit, left, asked }: { limit: number; left: number; asked: number }) => {
    const message =
      `The account may send ${limit} messages a day, counted in UTC: ${left} of today are left, and this campaign ` +
      `has ${asked}.`;
    return new Refusal(422, 'day_limit', message, { phones: [message] });
  },

  referencesTaken: (errors: FieldErrors) =>
    new Refusal(422, 'reference_taken', 'The given data was invalid.', errors),

  /** In a campaign whose messages are known by their references alone. */
  referencesRepeated: (references: readonly string[]) => {
    const message =
      'A reference_id must be unique within the account: these come twice, or another message has them: ' +
      `${references.join(', ')}.`;
    return new Refusal(422, 'reference_taken', message, { reference_id: [message] });
  },

  /** It was stopped while its messages were written, or they are written already. */
  notInCreation: (campaignId: number) =>
    new Refusal(409, 'not_in_creation', `Campaign ${campaignId} is not in creation any more.`),

  /** No message is left to be sent. */
  empty: (field: string, message: string) =>
    new Refusal(422, 'no_recipients', message, { [field]: [message] }),

  /** Everybody that was asked for. */
  allStopped: (field: string) => {
    const message =
      'There is nobody to send to: all numbers are on the stop list of the account (check_stop_list: false sends anyway).';
    return new Refusal(422, 'no_recipients', message, { [field]: [message] });
  },

  /** The table of actions (lifecycle.ts) does not allow it. */
  action: (action: 'pause' | 'resume' | 'stop' | 'approve' | 'reject', status: CampaignStatus) => {
    const possible = statesFor(action);
    const message =
      `A campaign that is ${status} cannot be ${participles[action]}: only one that is ` +
      `${possible.length === 1 ? possible[0] : `${possible.slice(0, -1).join(', ')} or ${possible.at(-1)}`} can.`;
    return new Refusal(422, `cannot_${action}`, message, { status: [message] });
  },
};
