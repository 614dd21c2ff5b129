// What the addresses of statements keep. Read by the router and by the pages of the balance and of an account.
import { day } from '../components/DayRange.tsx';
import { defined, whole } from '../components/listSearch.ts';

export type StatementSearch = { offset?: number; from?: string; to?: string };

export function statementSearch(given: Record<string, unknown>): StatementSearch {
  return defined({ offset: whole(given.offset, 1), from: day(given.from), to: day(given.to) });
}
