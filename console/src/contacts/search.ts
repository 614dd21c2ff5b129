// What the addresses of contacts, lists and the stop list keep. Read by the router and by their pages.
import { defined, oneOf, text, whole } from '../components/listSearch.ts';

export const operators = ['=', 'like', '>', '>=', '<', '<='] as const;
export type Operator = (typeof operators)[number];

/** `field`: id, phone, created_at, group_id, or the id of a field. */
export type Condition = { field: string; operator: Operator; value: string };

export type ContactSearch = {
  offset?: number;
  sort?: 'id' | 'phone';
  way?: 'asc' | 'desc';
  where?: Condition[];
};

const ways = ['asc', 'desc'] as const;
/** Of a search; the server takes a few more. */
export const maxConditions = 10;

export function contactSearch(given: Record<string, unknown>): ContactSearch {
  const where = (Array.isArray(given.where) ? given.where : []).flatMap(condition).slice(0, maxConditions);
  return defined({
    offset: whole(given.offset, 1),
    sort: oneOf(['id', 'phone'] as const, given.sort),
    way: oneOf(ways, given.way),
    where: where.length > 0 ? where : undefined,
  });
}

function condition(given: unknown): Condition[] {
  const { field, operator, value } = (given ?? {}) as Record<string, unknown>;
  const read = { field: text(field), operator: oneOf(operators, operator), value: text(value) };
  return read.field && read.operator && read.value ? [read as Condition] : [];
}

const listSorts = ['id', 'name', 'items', 'created_at'] as const;

export type ListSearch = {
  offset?: number;
  sort?: (typeof listSorts)[number];
  way?: 'asc' | 'desc';
  name?: string;
};

export function listSearch(given: Record<string, unknown>): ListSearch {
  return defined({
    offset: whole(given.offset, 1),
    sort: oneOf(listSorts, given.sort),
    way: oneOf(ways, given.way),
    name: text(given.name),
  });
}

export type StopSearch = { offset?: number; phone?: string; channel?: 'sms' | 'viber' | 'rcs' | 'whatsapp' };

export function stopSearch(given: Record<string, unknown>): StopSearch {
  return defined({
    offset: whole(given.offset, 1),
    phone: text(given.phone)?.replace(/\D/g, '') || undefined,
    channel: oneOf(['sms', 'viber', 'rcs', 'whatsapp'] as const, given.channel),
  });
}
