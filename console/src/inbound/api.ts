// What the page of inbound messages asks the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import { dayFilters } from '../components/DayRange.tsx';
import { pageSize } from '../components/listSearch.ts';
import type { InboundSearch } from './search.ts';

export const actions = ['stop', 'start'] as const;
export type Action = (typeof actions)[number];

export type Inbound = {
  id: number;
  /** Null where `source` is no number in international form. */
  phone: number | null;
  source: string;
  destination: string;
  text: string;
  encoding: string;
  parts: number;
  complete: boolean;
  action: Action | null;
  received_at: string;
};

export type Words = { stop: string[]; start: string[]; default: boolean };

export function inboundQuery({ offset = 0, text, phone, action, ...days }: InboundSearch, zone: string) {
  const query = {
    'page[offset]': offset,
    'page[limit]': pageSize,
    'filter[search]': text,
    'filter[phone]': phone,
    'filter[action]': action,
    ...dayFilters(days, zone),
  };
  return queryOptions({
    queryKey: ['inbound', 'list', query],
    queryFn: ({ signal }) => api.get<Page<Inbound>>('/api/inbound', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export function wordsQuery() {
  return queryOptions({
    queryKey: ['inbound', 'words'],
    queryFn: async ({ signal }) => (await api.get<{ data: Words }>('/api/inbound/words', { signal })).data,
  });
}

/** Absent ones are the defaults again. */
export const setWords = (body: { stop?: string[]; start?: string[] }) => api.put('/api/inbound/words', body);
