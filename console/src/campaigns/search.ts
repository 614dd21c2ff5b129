// What the address of the list of campaigns keeps. Read by the router and by CampaignsPage.
import { defined, oneOf, text, whole } from '../components/listSearch.ts';

const sorts = ['id', 'sender', 'date', 'status'] as const;

export type CampaignSearch = {
  offset?: number;
  sort?: (typeof sorts)[number];
  way?: 'asc' | 'desc';
  /** Days of the user's zone, YYYY-MM-DD. */
  from?: string;
  to?: string;
  field?: 'taskname' | 'sender';
  value?: string;
};

/** Reads it from what the address says. */
export function campaignSearch(given: Record<string, unknown>): CampaignSearch {
  const day = (value: unknown) => (/^\d{4}-\d\d-\d\d$/.test(String(value)) ? String(value) : undefined);
  return defined({
    offset: whole(given.offset, 1),
    sort: oneOf(sorts, given.sort),
    way: oneOf(['asc', 'desc'] as const, given.way),
    from: day(given.from),
    to: day(given.to),
    field: oneOf(['taskname', 'sender'] as const, given.field),
    value: text(given.value),
  });
}
