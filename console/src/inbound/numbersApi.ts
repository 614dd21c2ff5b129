// What the page of inbound numbers asks the server for: administrators only.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import { pageSize } from '../components/listSearch.ts';
import type { Inbound } from './api.ts';

type Party = { id: number; name: string };

/** A short code, number or sender of ours, and whose messages to it are. */
export type OwnNumber = { id: number; address: string; account: Party; created_at: string };

/** A message, with whose it is (null: nobody's) and the operator that brought it. */
export type AnyInbound = Inbound & { account: Party | null; operator: string | null };

const paged = (offset: number) => ({ 'page[offset]': offset, 'page[limit]': pageSize });

export function numbersQuery(offset = 0) {
  const query = paged(offset);
  return queryOptions({
    queryKey: ['inbound', 'numbers', query],
    queryFn: ({ signal }) => api.get<Page<OwnNumber>>('/admin/api/inbound-numbers', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Messages that came to a number of nobody. */
export function unassignedQuery(offset = 0) {
  const query = { ...paged(offset), 'filter[account_id]': 0 };
  return queryOptions({
    queryKey: ['inbound', 'unassigned', query],
    queryFn: ({ signal }) => api.get<Page<AnyInbound>>('/admin/api/inbound', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export const addNumber = (number: { address: string; account_id: number }) =>
  api.post('/admin/api/inbound-numbers', number);
export const removeNumber = (id: number) => api.delete(`/admin/api/inbound-numbers/${id}`);
