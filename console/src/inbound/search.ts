// What the address of inbound messages keeps. Read by the router and by InboundPage.
import { day } from '../components/DayRange.tsx';
import { defined, oneOf, text, whole } from '../components/listSearch.ts';

export type InboundSearch = {
  offset?: number;
  text?: string;
  phone?: string;
  action?: 'stop' | 'start';
  from?: string;
  to?: string;
};

/** Of the page of our numbers. */
export type NumbersSearch = { offset?: number };

export function numbersSearch(given: Record<string, unknown>): NumbersSearch {
  return defined({ offset: whole(given.offset, 1) });
}

export function inboundSearch(given: Record<string, unknown>): InboundSearch {
  return defined({
    offset: whole(given.offset, 1),
    text: text(given.text),
    phone: text(given.phone)?.replace(/\D/g, '') || undefined,
    action: oneOf(['stop', 'start'] as const, given.action),
    from: day(given.from),
    to: day(given.to),
  });
}
