// What senders refuse, each with a stable code and a message that says what would be right.

import { Refusal } from '../http/index.ts';

const inField = (code: string, field: string, message: string) =>
  new Refusal(422, code, message, { [field]: [message] });

export const refused = {
  noRequest: (id: number) => new Refusal(404, 'no_request', `There is no sender request ${id}.`),
  noSender: (id: number) => new Refusal(404, 'no_sender', `There is no sender ${id}.`),
  noAccount: (id: number) => new Refusal(404, 'no_account', `There is no account ${id}.`),

  /** Somebody else was faster, or the decision was made before. */
  decided: (id: number, from: string, to: string) =>
    new Refusal(409, 'already_decided', `Sender request ${id} is ${from} and cannot become ${to}.`),

  noReason: (max: number) =>
    inField(
      'reason_missing',
      'reason',
      `A reason of 1 to ${max} characters is needed: the customer sees it.`,
    ),

  requestOpen: (sender: string, country: string) =>
    inField(
      'request_open',
      'sender',
      `There is a request for ${sender} in ${country} already: wait for its outcome.`,
    ),

  senderThere: (sender: string, country: string | null) =>
    new Refusal(
      409,
      'sender_exists',
      `The account has the sender ${sender} for ${country ?? 'every country'} already.`,
    ),

  tooManyOpen: (max: number) =>
    inField('too_many_open', 'sender', `There are ${max} requests waiting already: wait for their outcome.`),
};
