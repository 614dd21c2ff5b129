// Reads what is asked of inbound messages, beyond what schemas can check. Pure; called by the routes.

import { type FieldErrors, invalid, momentField } from '../http/index.ts';
import type { InboundFilter } from './store.ts';
import { type Action, defaultWords, foldWord, type Words } from './words.ts';

type Query = {
  'filter[phone]'?: number;
  'filter[destination]'?: string;
  'filter[action]'?: Action;
  'filter[from]'?: string;
  'filter[to]'?: string;
  'filter[search]'?: string;
};

/** The filters of a list; throws 422 for a date that is none. */
export function readFilter(query: Query): Omit<InboundFilter, 'accountId'> {
  const errors: FieldErrors = {};
  const filter = {
    phone: query['filter[phone]'],
    destination: query['filter[destination]'],
    action: query['filter[action]'],
    from: momentField(query['filter[from]'], 'filter[from]', errors),
    to: momentField(query['filter[to]'], 'filter[to]', errors),
    search: query['filter[search]'],
  };
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return filter;
}

/** The words of a request; null for the defaults. Throws 422 for a word without letters, or one that does both. */
export function readWords(body: { stop?: string[]; start?: string[] }): Words | null {
  if (body.stop === undefined && body.start === undefined) return null;
  const { stop = defaultWords.stop, start = defaultWords.start } = body;
  const errors: FieldErrors = {};
  const stops = new Set(stop.map(foldWord));
  for (const [field, words] of Object.entries({ stop, start })) {
    words.forEach((word, i) => {
      if (foldWord(word) === '') errors[`${field}.${i}`] = ['This must hold a letter or a digit.'];
    });
  }
  start.forEach((word, i) => {
    if (stops.has(foldWord(word))) errors[`start.${i}`] ??= ['This is a stop word as well.'];
  });
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return { stop: stop.map((word) => word.trim()), start: start.map((word) => word.trim()) };
}
