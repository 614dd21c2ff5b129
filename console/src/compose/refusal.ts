// What the server refused about a campaign, by the part of the page that shows it. Pure.
import { ApiError } from '../api/client.ts';

export type Refusal = {
  recipients?: string | undefined;
  text?: string | undefined;
  sender?: string | undefined;
  tariff?: string | undefined;
  start?: string | undefined;
  /** Whether all of it has a place; else it is shown as a whole. */
  shown: boolean;
};

/** Sorts the errors of an answer by their paths. */
export function errorsOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) return { shown: false };
  const places: [keyof Omit<Refusal, 'shown'>, RegExp][] = [
    ['recipients', /^(phones|messages|groups|contacts|file|mapping|delimiter|encoding)\b/],
    ['text', /^text\b/],
    ['sender', /^sender\b/],
    ['tariff', /^tariff_code\b/],
    ['start', /^start_at\b/],
  ];
  const refusal: Refusal = { shown: Object.keys(error.errors).length > 0 };
  for (const [path, words] of Object.entries(error.errors)) {
    const place = places.find(([, pattern]) => pattern.test(path))?.[0];
    if (place === undefined) refusal.shown = false;
    else refusal[place] = [refusal[place], ...words].filter(Boolean).join(' ');
  }
  return refusal;
}

/** A key under which the server does a thing once. randomUUID is there over https only. */
export function onceKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
