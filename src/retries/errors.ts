// What is refused of requests that come twice, each with a stable code and a message that says what would be right.

import { Refusal, tooMany } from '../http/index.ts';

const header = 'Idempotency-Key';
const field = (status: number, code: string, message: string) =>
  new Refusal(status, code, message, { [header]: [message] });

export const refused = {
  badKey: () =>
    field(
      422,
      'idempotency_key_invalid',
      `The header ${header} must have 1 to 255 printable ASCII characters.`,
    ),

  otherBody: () =>
    field(
      422,
      'idempotency_key_reused',
      `The header ${header} was used for another request: use a new one, or send the same request again.`,
    ),

  inWork: () => field(409, 'idempotency_key_in_work', `A request with this ${header} is in work: try again.`),

  /** The message is the One-API's own. */
  duplicate: (seconds: number) =>
    tooMany('duplicate_request', 'Too many duplicate request detected', seconds),
};
