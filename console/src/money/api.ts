// What the page of the balance, and the statement of any account, ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import type { Amount } from '../api/json.ts';
import { dayFilters } from '../components/DayRange.tsx';
import { pageSize } from '../components/listSearch.ts';
import type { StatementSearch } from './search.ts';

export type Balance = { balance: Amount; credit: Amount; currency: string };

export function balanceQuery() {
  return queryOptions({
    queryKey: ['money', 'balance'],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Balance }>('/api/accounts/balance', { signal })).data,
  });
}

export type Span = 'day' | 'month';
export type Spending = {
  data: { at: string; charged: Amount; messages: number; refunded: Amount; topped_up: Amount }[];
  meta: { by: Span; from: string; to: string; currency: string; charged: Amount; messages: number };
};

/** The last 30 days, or 12 months. */
export function spendingQuery(by: Span) {
  return queryOptions({
    queryKey: ['money', 'spending', by],
    queryFn: ({ signal }) => api.get<Spending>('/api/accounts/spending', { query: { by }, signal }),
    placeholderData: keepPreviousData,
  });
}

export type Entry = {
  id: number;
  at: string;
  kind: 'hold' | 'charge' | 'refund' | 'top_up' | 'adjustment';
  campaign_id: number | null;
  messages: number;
  amount: Amount;
  held: Amount;
  balance: Amount;
  total_held: Amount;
  note: string | null;
};

export type Statement = Page<Entry> & { meta: { opening: Amount; closing: Amount } };

/** The ledger of the own account, or for administrators of any. */
export function statementQuery({ offset = 0, ...days }: StatementSearch, zone: string, accountId?: number) {
  const query = { 'page[offset]': offset, 'page[limit]': pageSize, ...dayFilters(days, zone) };
  const path =
    accountId === undefined ? '/api/accounts/statement' : `/admin/api/accounts/${accountId}/statement`;
  return queryOptions({
    queryKey: ['money', 'statement', accountId, query],
    queryFn: ({ signal }) => api.get<Statement>(path, { query, signal }),
    placeholderData: keepPreviousData,
  });
}
