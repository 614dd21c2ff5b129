// The universal sends of the One-API, which name their channels and keep the fields of each apart: read here into the
// body of an SMS campaign, with errors named by the universal paths. Only the channel `sms` exists. Pure; called by
// universal-routes.ts.

import { type FieldErrors, invalid, Refusal } from '../http/index.ts';
import { readSendOrder } from './order.ts';

type Body = Record<string, unknown>;

/** A universal request as an SMS campaign. */
export type Universal = {
  /** What createCampaign takes. */
  body: Body;
  /** Whether the body has `groups`: then it is for createToGroups. */
  toGroups: boolean;
  /** Leave out who is on the stop list. */
  checkStopList: boolean;
  dryRun: boolean;
  /** An error of createCampaign with its fields named as this request named them. */
  named(error: unknown): unknown;
};

/** The fields of the SMS campaign by the place they have in a universal request. */
const smsFields = ['sender', 'text', 'transliterate', 'short_links'] as const;

/** What both universal sends have beside the recipients and the channels. */
const shared = [
  'tariff_code',
  'validity',
  'start_at',
  'callback_url',
  'validity_seconds',
  'respect_curfew',
] as const;

/** Channels that the One-API knows and Carillon does not have. */
const otherChannels = ['rcs', 'viber', 'voice', 'telegram', 'whatsapp'];

const maxChannels = 2;

/** Reads POST /api/campaigns/send. Throws 422 where anything is wrong with it that can be seen without the database. */
export function readUniversalCampaign(body: unknown, now: Date): Universal {
  const errors: FieldErrors = {};
  const fields = wholeBody(body);
  const recipients = objectAt(fields.recipients, 'recipients', errors);
  return universal(fields, recipients, 'recipients.phones', now, errors);
}

/** Reads POST /api/messages/send: one phone. The same errors. */
export function readUniversalMessage(body: unknown, now: Date): Universal {
  const errors: FieldErrors = {};
  const fields = wholeBody(body);
  const phone = objectAt(fields.phone, 'phone', errors);
  return universal(fields, { phones: [phone] }, 'phone', now, errors);
}

function universal(
  fields: Body,
  { phones, groups }: Body,
  phonesAt: string,
  now: Date,
  errors: FieldErrors,
): Universal {
  readChannels(fields.channels, errors);
  const sms = objectAt(fields.sms, 'sms', errors);
  if (present(sms.unsubscribe_caption)) {
    errors['sms.unsubscribe_caption'] = ['Unsubscribe links are not supported yet: leave this field out.'];
  }
  for (const name of ['dry_run', 'add_to_contact_book', 'check_stop_list']) {
    if (present(fields[name]) && typeof fields[name] !== 'boolean')
      errors[name] = ['This must be true or false.'];
  }
  const toGroups = present(groups);
  const body: Body = toGroups && !present(phones) ? { groups } : toGroups ? { groups, phones } : { phones };
  for (const name of smsFields) body[name] = sms[name];
  for (const name of shared) body[name] = fields[name];

  const rename = (theirs: FieldErrors) =>
    Object.fromEntries(Object.entries(theirs).map(([path, words]) => [universalPath(path, phonesAt), words]));
  if (Object.keys(errors).length > 0) {
    // Everything that is wrong at once; where a part is missing as a whole, that alone is its error.
    const more = Object.entries(rename(readSendOrder(body, now).errors)).filter(
      ([path]) =>
        !(toGroups && path.startsWith(phonesAt)) &&
        !Object.keys(errors).some((known) => path === known || path.startsWith(`${known}.`)),
    );
    throw invalid({ ...errors, ...Object.fromEntries(more) });
  }
  return {
    body,
    toGroups,
    checkStopList: fields.check_stop_list !== false,
    dryRun: fields.dry_run === true,
    named(error) {
      if (!(error instanceof Refusal) || error.errors === undefined) return error;
      return new Refusal(error.statusCode, error.code, error.message, rename(error.errors));
    },
  };
}

/** `phones.3.number` as this request calls it. */
function universalPath(path: string, phonesAt: string): string {
  const [head = '', ...rest] = path.split('.');
  if ((smsFields as readonly string[]).includes(head)) return `sms.${path}`;
  if (head === 'groups') return `recipients.${path}`;
  if (head !== 'phones') return path;
  return [phonesAt, ...(phonesAt === 'phone' ? rest.slice(1) : rest)].join('.');
}

function readChannels(channels: unknown, errors: FieldErrors): void {
  if (!Array.isArray(channels) || channels.length < 1 || channels.length > maxChannels) {
    errors.channels = [
      present(channels)
        ? `This must be an array of 1 to ${maxChannels} channels.`
        : 'This field is required.',
    ];
    return;
  }
  channels.forEach((channel, i) => {
    if (channel === 'sms' && channels.indexOf('sms') === i) return;
    errors[`channels.${i}`] = [
      channel === 'sms'
        ? 'The channel sms is named twice.'
        : otherChannels.includes(channel)
          ? `The channel ${channel} is not available here: the only one is sms.`
          : 'This must be a channel, of which there is one: sms.',
    ];
  });
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wholeBody(body: unknown): Body {
  if (!isObject(body)) throw invalid({ body: ['The request body must be a JSON object.'] });
  return body;
}

function objectAt(value: unknown, path: string, errors: FieldErrors): Body {
  if (isObject(value)) return value;
  errors[path] = [present(value) ? 'This must be an object.' : 'This field is required.'];
  return {};
}
