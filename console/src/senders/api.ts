// What the pages of senders and requests for them ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import { pageSize } from '../components/listSearch.ts';
import type { RequestSearch } from './search.ts';

export type Sender = {
  /** Null while it is only requested. */
  id: number | null;
  status: 'active' | 'blocked' | 'registering';
  country: string | null;
  sender: string;
  created_at: string;
  is_default: boolean;
};

export const requestStatuses = ['new', 'accepted', 'in_progress', 'registered', 'rejected'] as const;
export type RequestStatus = (typeof requestStatuses)[number];

export type SenderRequest = {
  id: number;
  sender: string;
  status: RequestStatus;
  created_at: string;
  status_changed_at: string | null;
  country_code: string;
  name?: string;
  legal_name?: string;
  address?: string;
  tax_number?: string;
  code_of_company: string;
  site_url?: string;
  informing_purpose: string;
  description: string;
  comment: string | null;
  rejection_reason: string | null;
};

/** As moderators see it. */
export type AnyRequest = SenderRequest & {
  account: { id: number; name: string };
  kind: 'legal' | 'natural';
};
export type AnySender = Sender & { id: number; account: { id: number; name: string } };

export function sendersQuery() {
  return queryOptions({
    queryKey: ['senders', 'own'],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Sender[] }>('/api/senders', { query: { type: 'sms' }, signal })).data,
  });
}

export function requestsQuery({ offset = 0 }: RequestSearch) {
  const query = { 'page[offset]': offset, 'page[limit]': pageSize, sort: 'id', way: 'desc' };
  return queryOptions({
    queryKey: ['senders', 'requests', query],
    queryFn: ({ signal }) => api.get<Page<SenderRequest>>('/api/senders/requests/sms', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export function anyRequestsQuery({ offset = 0, status }: RequestSearch) {
  const query = {
    'page[offset]': offset,
    'page[limit]': pageSize,
    sort: 'id',
    way: 'desc',
    'filter[status]': status,
  };
  return queryOptions({
    queryKey: ['senders', 'any', query],
    queryFn: ({ signal }) => api.get<Page<AnyRequest>>('/admin/api/senders/requests', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const fileRequest = ({ kind, body }: { kind: 'legal' | 'natural'; body: Record<string, string> }) =>
  api.post(`/api/senders/requests/${kind}`, { ...body, type: 'sms' });

export const decide = (given: { id: number; status: RequestStatus; reason?: string }) =>
  api.patch(`/admin/api/senders/requests/${given.id}`, {
    status: given.status,
    ...(given.reason === undefined ? {} : { reason: given.reason }),
  });
