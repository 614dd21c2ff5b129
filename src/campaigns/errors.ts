// What campaigns refuse, each with a stable code and a message that says what would be right.

import { type FieldErrors, Refusal } from '../http/index.ts';
import { type AmountE7, jsonAmount } from '../money/index.ts';

const plain = (sum: AmountE7, currency: string) => `${jsonAmount(sum).rawJSON} ${currency}`;

export const refused = {
  balance: (money: { price: AmountE7; balance: AmountE7; credit: AmountE7; currency: string }) => {
    const message =
      `The campaign costs ${plain(money.price, money.currency)}, but the account has a balance of ` +
      `${plain(money.balance, money.currency)} and a credit of ${plain(money.credit, money.currency)}: ` +
      'top up the account or send to fewer numbers.';
    return new Refusal(422, 'insufficient_balance', message, { balance: [message] });
  },

  referencesTaken: (errors: FieldErrors) =>
    new Refusal(422, 'reference_taken', 'The given data was invalid.', errors),

  cannotStop: (status: string) => {
    const message = `A campaign that is ${status} cannot be stopped: nothing of it is left to send.`;
    return new Refusal(422, 'cannot_stop', message, { status: [message] });
  },
};
