// What the addresses of senders and requests keep. Read by the router and by their pages.
import { defined, oneOf, whole } from '../components/listSearch.ts';

export type RequestSearch = {
  offset?: number;
  status?: 'new' | 'accepted' | 'in_progress' | 'registered' | 'rejected';
};

export function requestSearch(given: Record<string, unknown>): RequestSearch {
  return defined({
    offset: whole(given.offset, 1),
    status: oneOf(['new', 'accepted', 'in_progress', 'registered', 'rejected'] as const, given.status),
  });
}
