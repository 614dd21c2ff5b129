// What the pages of accounts ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import type { Amount } from '../api/json.ts';
import { pageSize } from '../components/listSearch.ts';
import type { AccountsSearch } from './search.ts';

export const moderations = ['off', 'first', 'always'] as const;
export const senderPolicies = ['refuse', 'moderate', 'allow'] as const;
export const roles = ['customer', 'admin'] as const;

export type Account = {
  id: number;
  name: string;
  role: (typeof roles)[number];
  currency: string;
  tariff_id: number;
  balance: Amount;
  credit: Amount;
  moderation: (typeof moderations)[number];
  sender_policy: (typeof senderPolicies)[number];
  messages_per_second: number | null;
  messages_per_day: number | null;
  default_sender: string | null;
  created_at: string;
};

export function accountsQuery({ offset = 0, name }: AccountsSearch) {
  const query = { 'page[offset]': offset, 'page[limit]': pageSize, 'search[name]': name };
  return queryOptions({
    queryKey: ['accounts', 'list', query],
    queryFn: ({ signal }) => api.get<Page<Account>>('/admin/api/accounts', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export function accountQuery(id: number) {
  return queryOptions({
    queryKey: ['accounts', 'one', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Account }>(`/admin/api/accounts/${id}`, { signal })).data,
  });
}

/** The accounts that a field chooses among. */
export const accountChoices = {
  byName: (name: string) => accountsQuery(name === '' ? {} : { name }),
  byId: accountQuery,
};

export type Tariff = { id: number; code: number; name: string; currency: string; is_active: boolean };

/** Every tariff there is: a handful. */
export function tariffsQuery() {
  return queryOptions({
    queryKey: ['accounts', 'tariffs'],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Tariff>>('/admin/api/tariffs', { query: { 'page[limit]': 500 }, signal })).data,
  });
}

export type NewAccount = Pick<Account, 'name' | 'role' | 'currency'> & { credit: string };

export const createAccount = (body: NewAccount) => api.post<{ data: Account }>('/admin/api/accounts', body);

export type AccountChange = Partial<
  Pick<
    Account,
    'name' | 'moderation' | 'sender_policy' | 'messages_per_second' | 'messages_per_day' | 'default_sender'
  > & { credit: string; tariff_code: number }
>;

export const changeAccount = ({ id, ...body }: AccountChange & { id: number }) =>
  api.patch(`/admin/api/accounts/${id}`, body);

/** Adds money, or corrects the balance; the key keeps a second click from booking twice. */
export const book = (given: {
  id: number;
  kind: 'top-up' | 'adjustment';
  amount: string;
  note: string;
  once: string;
}) =>
  api.post(
    `/admin/api/accounts/${given.id}/${given.kind}`,
    { amount: given.amount, ...(given.note === '' ? {} : { note: given.note }) },
    { headers: { 'idempotency-key': given.once } },
  );
