// What an export is asked for, read and checked: which messages, and what file. Pure; called by the routes, and the task
// finds it again in the job's row.

import { type FieldErrors, invalid, momentForms, parseMoment } from '../http/index.ts';
import { readBeginning, wrongBeginning } from '../messages/index.ts';
import { isMsisdn } from '../phones/index.ts';

export const formats = ['csv', 'xlsx'] as const;
export type Format = (typeof formats)[number];

/** The states by which the One-API filters, in small letters. */
export const statuses = [
  ...(['Delivered', 'Rejected', 'Scheduled', 'Moderation', 'Accepted', 'Sending', 'Sent'] as const),
  ...(['Expired', 'Failed', 'Undelivered', 'Unknown'] as const),
];

/** The ways by which messages come in that the One-API names. */
export const sources = ['api', 'web', 'smpp', 'xml', 'http', 'json'] as const;

/** At most so many messages and numbers by name: more than a page of a console shows, less than a body may hold. */
export const mostNamed = 100_000;

/** Which messages: those of these ids, or those that all of the filters leave. Moments are ISO 8601. */
export type ExportRequest = {
  ids?: number[];
  campaignId?: number;
  inFrom?: string;
  inTo?: string;
  sentFrom?: string;
  sentTo?: string;
  phones?: number[];
  /** What numbers begin with, in digits. */
  beginning?: string;
  sender?: string;
  source?: string;
  country?: string;
  operatorId?: number;
  status?: string;
  /** Whether a CSV begins with a byte order mark, by which Excel knows UTF-8. */
  bom: boolean;
};

/** The body as the schema lets it through. */
export type ExportBody = {
  type: 'message' | 'params';
  message_id?: number[];
  campaign_id?: number;
  time_in_from?: string;
  time_in_to?: string;
  time_sent_from?: string;
  time_sent_to?: string;
  phones?: number[];
  phone?: string;
  sender?: string;
  source?: string;
  country?: string;
  operator_id?: string | number;
  status?: string;
  sl_clicks?: string;
  sl_clicks_comp?: string;
  sl_clicks_count?: string;
  format?: Format;
  bom?: boolean;
};

/** Reads a body; throws 422 with every field that is wrong. Empty texts count as absent: forms send them. */
export function readRequest(body: ExportBody): { request: ExportRequest; format: Format } {
  const errors: FieldErrors = {};
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '')) as ExportBody;
  const request: ExportRequest = { bom: given.bom ?? false };
  if (given.type === 'message') readIds(given, request, errors);
  else readFilters(given, request, errors);
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return { request, format: given.format ?? 'csv' };
}

function readIds({ message_id: ids }: ExportBody, request: ExportRequest, errors: FieldErrors): void {
  if (ids === undefined || ids.length === 0) errors.message_id = ['Name the messages by their ids.'];
  else request.ids = [...new Set(ids)].sort((a, b) => a - b);
}

function readFilters(body: ExportBody, request: ExportRequest, errors: FieldErrors): void {
  const moment = (field: keyof ExportBody, into: 'inFrom' | 'inTo' | 'sentFrom' | 'sentTo') => {
    const text = body[field] as string | undefined;
    if (text === undefined) return;
    const read = parseMoment(text);
    if (read === undefined) errors[field] = [`This must be ${momentForms}.`];
    else request[into] = read.toISOString();
  };
  moment('time_in_from', 'inFrom');
  moment('time_in_to', 'inTo');
  moment('time_sent_from', 'sentFrom');
  moment('time_sent_to', 'sentTo');
  if (body.campaign_id === undefined) {
    for (const field of ['time_in_from', 'time_in_to'] as const) {
      if (body[field] === undefined) errors[field] = ['This field is required without campaign_id.'];
    }
  } else {
    request.campaignId = body.campaign_id;
  }
  if (request.inFrom !== undefined && request.inTo !== undefined && request.inFrom > request.inTo) {
    errors.time_in_to = ['This must not be before time_in_from.'];
  }
  const wrong = (body.phones ?? []).findIndex((phone) => !isMsisdn(phone));
  if (wrong >= 0) errors[`phones.${wrong}`] = ['The number must have 9 to 15 digits, with country code.'];
  else if (body.phones !== undefined && body.phones.length > 0) request.phones = [...new Set(body.phones)];
  if (body.phone !== undefined) {
    const beginning = readBeginning(body.phone);
    if (beginning === undefined) errors.phone = [wrongBeginning];
    else request.beginning = beginning;
  }
  const country = body.country?.toUpperCase();
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) {
    errors.country = ['This must be a country such as ES (ISO 3166-1 alpha-2).'];
  } else if (country !== undefined) {
    request.country = country;
  }
  if (body.operator_id !== undefined) {
    const id = Number(body.operator_id);
    if (Number.isInteger(id) && id > 0 && id < 2 ** 31) request.operatorId = id;
    else errors.operator_id = ['This must be the number of an operator.'];
  }
  if (body.sender !== undefined) request.sender = body.sender;
  if (body.source !== undefined) request.source = body.source;
  if (body.status !== undefined) request.status = body.status.toLowerCase();
  for (const field of ['sl_clicks', 'sl_clicks_comp', 'sl_clicks_count'] as const) {
    if (body[field] !== undefined) errors[field] = ['Clicks on links are not counted: leave it out.'];
  }
}
