// What the pages of campaigns ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import type { Campaign } from '../api/types.ts';
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
