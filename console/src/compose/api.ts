// What the page of a new campaign asks the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { Amount } from '../api/json.ts';

export type Measure = {
  encoding: 'gsm7' | 'ucs2';
  characters: number;
  units: number;
  segments: number;
  per_segment: number;
  units_left: number;
  too_long: boolean;
  forcing: { index: number; length: number; character: string; code: string }[];
  forcing_total: number;
  transliterated: { text: string; encoding: 'gsm7' | 'ucs2'; segments: number; units: number } | null;
};

/** What a text becomes as short messages. */
export function measureQuery(text: string) {
  return queryOptions({
    queryKey: ['compose', 'measure', text],
    queryFn: async ({ signal }) =>
      (await api.post<{ data: Measure }>('/api/text/measure', { text }, { signal })).data,
    enabled: text !== '',
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type Price = { price: Amount | null; currency: string; unpriced: number };

/** The exact price of a campaign; not asked before there is a body. */
export function priceQuery(body: object | null) {
  return queryOptions({
    queryKey: ['compose', 'price', body],
    queryFn: ({ signal }) => api.post<Price>('/api/campaigns/price', body, { signal }),
    enabled: body !== null,
    retry: false,
    gcTime: 10_000,
  });
}

export type Sender = { id: number | null; status: string; sender: string; is_default: boolean };

/** The senders of the account. */
export const sendersQuery = queryOptions({
  queryKey: ['senders', 'own'],
  queryFn: async ({ signal }) =>
    (await api.get<{ data: Sender[] }>('/api/senders', { query: { type: 'sms' }, signal })).data,
});

export type Tariff = { name: string; code: number; is_active: boolean; is_default: boolean };

/** The tariffs that the account may choose from. */
export const tariffsQuery = queryOptions({
  queryKey: ['tariffs', 'own'],
  queryFn: async ({ signal }) => (await api.get<{ data: Tariff[] }>('/api/accounts/tariff', { signal })).data,
});

export type Balance = { balance: Amount; currency: string; credit: Amount };

/** What the account can spend. */
export const balanceQuery = queryOptions({
  queryKey: ['balance'],
  queryFn: async ({ signal }) => (await api.get<{ data: Balance }>('/api/accounts/balance', { signal })).data,
});

export type Preview = {
  format: string;
  header: boolean;
  columns: string[];
  phone_column: number | null;
  rows: string[][];
  lines: number[];
  bad: { line: number; reason: string; raw: string }[];
};

/** How the server would read a file: its first rows, and what is wrong in them. */
export async function previewFile(form: FormData): Promise<Preview> {
  return (await api.post<{ data: Preview }>('/api/imports/preview', form)).data;
}

/** The fields of contacts, whose names may stand in braces. */
export const fieldsQuery = queryOptions({
  queryKey: ['contacts', 'fields', 'names'],
  queryFn: async ({ signal }) =>
    (await api.get<{ data: { name: string }[] }>('/api/contacts/fields', { signal })).data,
});
