// What the page of moderation's rules and known domains asks the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import { pageSize } from '../components/listSearch.ts';

export const ruleKinds = ['word', 'pattern', 'link', 'recipients', 'sender'] as const;
export type RuleKind = (typeof ruleKinds)[number];
/** Those that need a value; the others hold by what they are. */
export const valued: readonly RuleKind[] = ['word', 'pattern', 'recipients'];

export type Rule = {
  id: number;
  /** Null: for every account. */
  account_id: number | null;
  kind: RuleKind;
  value: string;
  enabled: boolean;
  created_at: string;
};

export type Domain = { id: number; account_id: number | null; domain: string };

function listQuery<T>(what: 'rules' | 'domains', offset = 0) {
  const query = { 'page[offset]': offset, 'page[limit]': pageSize };
  return queryOptions({
    queryKey: ['moderation', what, query],
    queryFn: ({ signal }) => api.get<Page<T>>(`/admin/api/moderation/${what}`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const rulesQuery = (offset?: number) => listQuery<Rule>('rules', offset);
export const domainsQuery = (offset?: number) => listQuery<Domain>('domains', offset);

export const addRule = (rule: Pick<Rule, 'kind' | 'value' | 'account_id'>) =>
  api.post('/admin/api/moderation/rules', rule);
export const changeRule = ({ id, ...change }: { id: number; value?: string; enabled?: boolean }) =>
  api.patch(`/admin/api/moderation/rules/${id}`, change);
export const removeRule = (id: number) => api.delete(`/admin/api/moderation/rules/${id}`);

export const addDomain = (domain: Pick<Domain, 'domain' | 'account_id'>) =>
  api.post('/admin/api/moderation/domains', domain);
export const removeDomain = (id: number) => api.delete(`/admin/api/moderation/domains/${id}`);
