// What the address of the audit log keeps. Read by the router and by AuditPage.
import { day } from '../components/DayRange.tsx';
import { defined, text, whole } from '../components/listSearch.ts';

export type AuditSearch = {
  offset?: number;
  action?: string;
  subject?: string;
  from?: string;
  to?: string;
};

export function auditSearch(given: Record<string, unknown>): AuditSearch {
  return defined({
    offset: whole(given.offset, 1),
    action: text(given.action),
    subject: text(given.subject),
    from: day(given.from),
    to: day(given.to),
  });
}
