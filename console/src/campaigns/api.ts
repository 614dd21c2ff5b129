// What the pages of campaigns ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import type { Amount } from '../api/json.ts';
import type { Author, Campaign, CampaignStatus, Report, Statistics } from '../api/types.ts';
import { pageSize } from '../components/listSearch.ts';
import { fromLocal, toMoment } from '../format/moment.ts';
import type { CampaignSearch } from './search.ts';

/** A page of the list. Newest first unless the search says otherwise; days are those of the zone. */
export function campaignsQuery(search: CampaignSearch, zone: string) {
  const { offset = 0, sort = 'id', way = 'desc', from, to, field = 'taskname', value } = search;
  const query = {
    'page[offset]': offset,
    'page[limit]': pageSize,
    sort,
    way,
    'filter[from]': from && toMoment(fromLocal(`${from} 00:00:00`, zone)),
    'filter[to]': to && toMoment(fromLocal(`${to} 23:59:59`, zone)),
    'search[field]': value && field,
    'search[value]': value,
  };
  return queryOptions({
    queryKey: ['campaigns', 'list', query],
    queryFn: ({ signal }) => api.get<Page<Campaign>>('/api/campaigns', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The exact report. Live updates are written over it: see CampaignPage. */
export function reportQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', 'report', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Report }>(`/api/campaigns/${id}/detail`, { signal })).data,
  });
}

/** Who made it; null where that was not written down. */
export function authorQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', 'author', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: { author: Author | null } }>(`/console/api/campaigns/${id}/author`, { signal }))
        .data.author,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type Timeline = {
  by: 'minute' | 'hour' | 'day';
  at: string;
  final: boolean;
  points: { at: string; sent: number; delivered: number; failed: number }[];
};

/** Sent, delivered and failed over time. */
export function timelineQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', 'timeline', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Timeline }>(`/api/campaigns/${id}/timeline`, { signal })).data,
  });
}

/** What became of some of the messages of a campaign. */
export type Outcomes = {
  total: number;
  waiting: number;
  sent: number;
  delivered: number;
  undelivered: number;
  expired: number;
  unknown: number;
  failed: number;
};

export type Breakdown = {
  at: string;
  final: boolean;
  countries: ({ country: string | null } & Outcomes)[];
  operators: ({ operator: string | null } & Outcomes)[];
  errors: { code: number; reason: string; count: number }[];
};

/** Outcomes by country and operator, and the errors. */
export function breakdownQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', 'breakdown', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Breakdown }>(`/api/campaigns/${id}/breakdown`, { signal })).data,
  });
}

export type Compared = {
  id: number;
  name: string;
  sender: string;
  status: CampaignStatus;
  start_at: string;
  currency: string;
  total_messages: number;
  statistics: Statistics;
  total_price: Amount;
  delivered_share: number | null;
};

/** The campaigns that started last, side by side. */
export function comparisonQuery() {
  return queryOptions({
    queryKey: ['campaigns', 'comparison'],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Compared[] }>('/api/campaigns/comparison', { signal })).data,
  });
}

export type CampaignAction = 'pause' | 'resume' | 'stop';

/** Pauses, resumes or stops a campaign. */
export function act(id: number, action: CampaignAction): Promise<{ data: Campaign }> {
  return api.patch(`/api/campaigns/${id}/${action}`);
}
