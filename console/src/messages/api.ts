// What is asked about single messages.
import { api, type Page, type Query } from '../api/client.ts';
import type { Amount } from '../api/json.ts';
import type { MessageStatus } from '../api/types.ts';
import type { RowPage } from '../components/RowScroller.tsx';

export type Message = {
  id: number;
  campaign_id: number;
  reference_id?: string;
  text: string;
  phone: number;
  status: MessageStatus;
  amount: { value: Amount; currency: string };
  sender: string;
  sent_at: string | null;
  delivered_at: string | null;
  country?: string;
  parts: number;
  error: string | null;
};

/** A page of the messages that the filters leave, by their ids. */
export function messagesQuery(filter: Query, offset: number, limit: number): RowPage<Message> {
  const query = { 'page[offset]': offset, 'page[limit]': limit, ...filter };
  return {
    queryKey: ['messages', filter, offset, limit],
    queryFn: ({ signal }) => api.get<Page<Message>>('/api/messages', { query, signal }),
  };
}
