// What quiet hours refuse, each with a stable code and a message that says what would be right.

import { Refusal } from '../http/index.ts';

/** As many as one reads. */
const namedCountries = 5;

export const refused = {
  noCountry: (country: string) => {
    const message = `There is no country "${country}": give its ISO 3166-1 code of two letters, such as ES.`;
    return new Refusal(422, 'no_such_country', message, { country: [message] });
  },

  nothingOpen: (countries: readonly string[], everywhere: boolean) => {
    const named = countries.slice(0, namedCountries).join(', ');
    const more = countries.length > namedCountries ? ` and ${countries.length - namedCountries} more` : '';
    const message =
      `These hours would leave less than an hour of the day in ${named}${more}, counted over all time zones of a ` +
      `country: give shorter ones${everywhere ? ', or set hours for these countries first' : ''}.`;
    return new Refusal(422, 'nothing_open', message, { from: [message] });
  },

  badSpan: (reason: string) => new Refusal(422, 'invalid_data', reason, { from: [reason] }),
};
