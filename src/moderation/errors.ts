// What moderation refuses, each with a stable code and a message that says what would be right.

import { Refusal } from '../http/index.ts';

const inField = (code: string, field: string, message: string) =>
  new Refusal(422, code, message, { [field]: [message] });

export const refused = {
  noCase: (campaignId: number) =>
    new Refusal(404, 'no_case', `Campaign ${campaignId} was never held for moderation, or there is none.`),

  /** Somebody else was faster, or its author has stopped it. */
  decided: (campaignId: number, status: string) =>
    new Refusal(409, 'already_decided', `Campaign ${campaignId} is ${status} and no longer in moderation.`),

  noReason: (max: number) =>
    inField('reason_missing', 'reason', `A reason of 1 to ${max} characters is needed: the author sees it.`),

  badValue: (problem: string) => inField('rule_invalid', 'value', `The value ${problem}.`),

  badDomain: () =>
    inField(
      'domain_invalid',
      'domain',
      'The domain must be a host name with at least two parts and without scheme and path, such as example.com.',
    ),

  domainKnown: (domain: string) =>
    new Refusal(409, 'domain_known', `${domain} is known already, for the same account or for all.`),

  tooMany: (what: string, max: number) =>
    new Refusal(409, 'too_many', `There are ${max} ${what} already, which is the limit: remove some first.`),

  noRule: (id: number) => new Refusal(404, 'no_rule', `There is no rule ${id}.`),
  noDomain: (id: number) => new Refusal(404, 'no_domain', `There is no known domain ${id}.`),
  noAccount: (id: number) => new Refusal(404, 'no_account', `There is no account ${id}.`),
};
