// Reads the body of a send or price request into an order, and finds everything that is wrong with it at once. Pure:
// what only the database knows (tariffs, references, balance) is checked by create.ts.

import { type FieldErrors, momentForms, parseMoment } from '../http/index.ts';
import { isSenderName, senderForms } from '../senders/index.ts';
import { limits } from './limits.ts';
import { type Recipients, readRecipients } from './recipients.ts';
import { checkText, type SentText, textProblem } from './sent-text.ts';

/** What is the same for pricing and sending. */
export type Order = SentText & {
  sender: string;
  tariffCode: number | undefined;
  recipients: Recipients;
};

/** When and how a campaign is sent, whatever it says and to whom. */
export type Terms = {
  validityHours: number;
  /** Where it was asked for in seconds; the hours are these rounded up. */
  validitySeconds: number | undefined;
  /** Absent: at once. */
  startAt: Date | undefined;
  callbackUrl: string | undefined;
  /** Whether its messages wait while it is quiet where they go. */
  respectCurfew: boolean;
  uncertain: 'resend' | 'unknown';
};

/** A campaign as it was asked for. */
export type SendOrder = Order & Terms;

/** A JSON object whose fields are still to be checked. */
export type Body = Record<string, unknown>;

/**
 * Reads a send request. Where `errors` has entries, the order is incomplete and must not be used.
 * `now` decides what is too far ahead or too late.
 */
export function readSendOrder(body: unknown, now: Date): { order: SendOrder; errors: FieldErrors } {
  const errors: FieldErrors = {};
  const fields = readObject(body, errors);
  const order: SendOrder = {
    ...readText(fields, fields.transliterate === true, errors),
    sender: readSender(fields, errors),
    tariffCode: readTariffCode(fields, errors),
    recipients: readRecipients(fields.phones, 'phones', 'number', errors),
    ...readTerms(fields, now, errors),
  };
  refuseUnbuilt(fields, errors);
  return { order, errors };
}

/** Reads when and how a campaign is to be sent. */
export function readTerms(fields: Body, now: Date, errors: FieldErrors): Terms {
  if (present(fields.respect_curfew) && typeof fields.respect_curfew !== 'boolean')
    errors.respect_curfew = [booleanWords];
  return {
    respectCurfew: fields.respect_curfew === true,
    ...readValidity(fields, errors),
    startAt: readStart(fields, now, errors),
    callbackUrl: readCallback(fields, errors),
    uncertain: readUncertain(fields, errors),
  };
}

export const booleanWords = 'This must be true or false.';

/** What is published for texts and not built; and the type of `transliterate`. */
export function refuseUnbuilt(fields: Body, errors: FieldErrors): void {
  if (present(fields.transliterate) && typeof fields.transliterate !== 'boolean')
    errors.transliterate = [booleanWords];
  refuseLists(
    fields,
    'short_links',
    'Short links are not supported yet: put the whole link into the text.',
    errors,
  );
}

/** Reads a price request whose numbers are all in `messages`; one with groups is for group-price.ts. */
export function readPriceOrder(body: unknown): { order: Order; errors: FieldErrors } {
  const errors: FieldErrors = {};
  const fields = readObject(body, errors);
  const order: Order = {
    ...readText(fields, false, errors),
    sender: readSender(fields, errors),
    tariffCode: readTariffCode(fields, errors),
    recipients: readRecipients(present(fields.messages) ? fields.messages : [], 'messages', 'phone', errors),
  };
  return { order, errors };
}

/** A field that is null is as good as absent. */
export function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The body as an object, or an error of it. */
export function readObject(body: unknown, errors: FieldErrors): Body {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  errors.body = ['The request body must be a JSON object.'];
  return {};
}

/** The sender of a body, or an error of it. */
export function readSender({ sender }: Body, errors: FieldErrors): string {
  if (typeof sender === 'string' && isSenderName(sender)) return sender;
  errors.sender = [present(sender) ? `The sender must be ${senderForms}.` : 'This field is required.'];
  return '';
}

function readText(fields: Body, gsmOnly: boolean, errors: FieldErrors): SentText {
  const { text } = fields;
  const wrong = textProblem(text);
  const checked = wrong === undefined ? checkText(text as string, gsmOnly) : { wrong };
  if ('parts' in checked) return checked;
  errors.text = [checked.wrong];
  return { text: '', parts: 0 };
}

function integerWithin(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** The tariff that a body names, or an error of it. */
export function readTariffCode({ tariff_code: code }: Body, errors: FieldErrors): number | undefined {
  if (!present(code)) return undefined;
  if (integerWithin(code, 0, 9)) return code;
  errors.tariff_code = [
    'The tariff_code must be an integer from 0 to 9: GET /api/accounts/tariff lists them.',
  ];
  return undefined;
}

function readValidity(
  { validity, validity_seconds: seconds }: Body,
  errors: FieldErrors,
): Pick<SendOrder, 'validityHours' | 'validitySeconds'> {
  const { min, max } = limits.validity;
  let validityHours: number = max;
  if (integerWithin(validity, min, max)) validityHours = validity;
  else if (present(validity)) {
    errors.validity = [`The validity must be an integer from ${min} to ${max}, in hours.`];
  }
  if (!present(seconds)) return { validityHours, validitySeconds: undefined };
  const span = limits.validitySeconds;
  if (integerWithin(seconds, span.min, span.max)) {
    return { validityHours: Math.ceil(seconds / 3600), validitySeconds: seconds };
  }
  errors.validity_seconds = [`The validity_seconds must be an integer from ${span.min} to ${span.max}.`];
  return { validityHours, validitySeconds: undefined };
}

const dayMs = 86_400_000;

function readStart({ start_at: start }: Body, now: Date, errors: FieldErrors): Date | undefined {
  if (!present(start)) return undefined;
  const moment = typeof start === 'string' ? parseMoment(start) : undefined;
  const { aheadDays, lateMs } = limits.start;
  if (moment === undefined) {
    errors.start_at = [`The start_at must be ${momentForms}.`];
  } else if (moment.getTime() > now.getTime() + aheadDays * dayMs) {
    errors.start_at = [`The start_at must be at most ${aheadDays} days ahead.`];
  } else if (moment.getTime() < now.getTime() - lateMs) {
    errors.start_at = [
      'The start_at lies in the past: leave it out to send at once. A date without an offset is taken as UTC.',
    ];
  } else if (moment > now) {
    return moment;
  }
  return undefined;
}

function readCallback({ callback_url: url }: Body, errors: FieldErrors): string | undefined {
  if (!present(url)) return undefined;
  const { length } = limits.callbackUrl;
  if (
    typeof url === 'string' &&
    url.length <= length &&
    /^https?:\/\/[!-~]+$/i.test(url) &&
    URL.canParse(url)
  ) {
    return url;
  }
  errors.callback_url = [
    `The callback_url must be an http:// or https:// URL of at most ${length} characters.`,
  ];
  return undefined;
}

function readUncertain({ uncertain }: Body, errors: FieldErrors): 'resend' | 'unknown' {
  if (!present(uncertain) || uncertain === 'resend') return 'resend';
  if (uncertain !== 'unknown') errors.uncertain = ["This must be 'resend' or 'unknown'."];
  return 'unknown';
}

/** For lists that are published but not built yet: empty ones are harmless. */
function refuseLists(fields: Body, field: string, message: string, errors: FieldErrors): void {
  const list = fields[field];
  if (present(list) && !(Array.isArray(list) && list.length === 0)) errors[field] = [message];
}
