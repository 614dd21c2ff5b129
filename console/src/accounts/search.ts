// What the address of the list of accounts keeps. Read by the router and by AccountsPage.
import { defined, text, whole } from '../components/listSearch.ts';

export type AccountsSearch = { offset?: number; name?: string };

export function accountsSearch(given: Record<string, unknown>): AccountsSearch {
  return defined({ offset: whole(given.offset, 1), name: text(given.name) });
}
