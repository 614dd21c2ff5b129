// What the moderation queue asks the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import type { Author } from '../api/types.ts';
import { pageSize } from '../components/listSearch.ts';
import type { ModerationSearch } from './search.ts';

export type HeldCampaign = {
  campaign_id: number;
  account: { id: number; name: string };
  author: Author | null;
  sender: string;
  text: string;
  recipients: number;
  sample: number[];
  sample_texts: string[];
  test: boolean;
  status: string;
  created_at: string;
  start_at: string;
  reasons: string[];
  held_at: string;
  decision: 'approved' | 'rejected' | null;
  decided_at: string | null;
  decided_by: { id: number; name: string } | null;
  reason: string | null;
  history: { of: 'user' | 'account'; campaigns: number; held: number; approved: number; rejected: number };
};

/** Held campaigns, those that wait longest first; read again by itself, as nothing tells of new ones. */
export function queueQuery({ state = 'open', offset = 0 }: ModerationSearch) {
  const query = { 'filter[status]': state, 'page[offset]': offset, 'page[limit]': pageSize };
  return queryOptions({
    queryKey: ['moderation', query],
    queryFn: ({ signal }) => api.get<Page<HeldCampaign>>('/admin/api/moderation', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}

export const approve = (id: number) => api.post(`/admin/api/moderation/${id}/approve`);

export const reject = ({ id, reason }: { id: number; reason: string }) =>
  api.post(`/admin/api/moderation/${id}/reject`, { reason });
