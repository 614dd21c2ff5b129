// Reads what is said about senders, beyond what schemas can check: the name, the country, the link, and the two names
// of some fields. Pure; called by the routes and the command line.

import { type FieldErrors, invalid, parseMoment } from '../http/index.ts';
import { isSenderName, senderForms } from './name.ts';
import type { NewRequest, RequestFields, RequestFilter } from './requests.ts';

/** A request as it comes, after its schema: absent and null mean the same. */
export type RequestBody = {
  country_code: string;
  type: string;
  sender: string;
} & Record<string, string | null | undefined>;

/** Fields of the published requests that have a second name, which is only read. */
const secondNames = { legal_name: 'juridical_name', address: 'juridical_address' } as const;

const otherFields = [
  ...(['name', 'tax_number', 'code_of_company', 'description', 'informing_purpose'] as const),
  ...(['site_url', 'comment'] as const),
];

/** Reads a request that its schema has let through. Throws a Refusal that names every wrong field. */
export function readRequest(kind: NewRequest['kind'], body: RequestBody): NewRequest {
  const errors: FieldErrors = {};
  const sender = readSenderName(body.sender, errors);
  const countryCode = readCountry(body.country_code, 'country_code', errors);
  if (body.type !== 'sms') errors.type = ['Only senders of the type sms can be requested.'];
  const fields: RequestFields = {};
  for (const name of otherFields) {
    const value = body[name];
    if (typeof value === 'string') fields[name] = value;
  }
  if (kind === 'legal') {
    for (const [name, second] of Object.entries(secondNames)) {
      const value = body[name] ?? body[second];
      if (typeof value === 'string') fields[name] = value;
      else errors[name] = [`This field is required; ${second} is taken in its place.`];
    }
  }
  const { site_url: site } = fields;
  if (site !== undefined && !(/^https?:\/\//i.test(site) && URL.canParse(site))) {
    errors.site_url = ['This must be an http:// or https:// URL.'];
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return { kind, sender, countryCode, fields };
}

/** Reads a sender's name and, null for all, its country. */
export function readSender(
  sender: string,
  country: string | null,
): { sender: string; country: string | null } {
  const errors: FieldErrors = {};
  const read = {
    sender: readSenderName(sender, errors),
    country: country === null ? null : readCountry(country, 'country', errors),
  };
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return read;
}

function readSenderName(sender: string, errors: FieldErrors): string {
  if (!isSenderName(sender)) errors.sender = [`The sender must be ${senderForms}.`];
  return sender;
}

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

function readCountry(given: string, field: string, errors: FieldErrors): string {
  const code = given.toUpperCase();
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ' || regions.of(code) === undefined) {
    errors[field] = ['This must be a country: its ISO 3166-1 code of two letters, such as ES.'];
  }
  return code;
}

const dayMs = 86_400_000;

/** The span that `filter[created_at]` names: a day, or a second. */
export function readCreated(text: string | undefined): Pick<RequestFilter, 'createdFrom' | 'createdBefore'> {
  if (text === undefined) return {};
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const moment = parseMoment(isDay ? `${text} 00:00:00` : text);
  if (moment === undefined) {
    throw invalid({
      'filter[created_at]': [
        'This must be a day such as 2026-01-31, or a moment such as 2026-01-31 09:30:00.',
      ],
    });
  }
  const from = Math.floor(moment.getTime() / 1000) * 1000;
  return { createdFrom: new Date(from), createdBefore: new Date(from + (isDay ? dayMs : 1000)) };
}
