// What the pages of contacts, lists and the stop list ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page, type Query } from '../api/client.ts';
import { pageSize } from '../components/listSearch.ts';
import type { Condition, ContactSearch, ListSearch, StopSearch } from './search.ts';

export const fieldTypes = ['text', 'number', 'date'] as const;
export type FieldType = (typeof fieldTypes)[number];

export type Field = {
  id: number;
  name: string;
  type: FieldType;
  description?: string;
  is_visible: boolean;
};

/** A group of contacts; the console calls it a list. */
export type List = {
  id: number;
  name: string;
  description: string | null;
  is_default: boolean;
  items: number;
  created_at: string;
};

export type Contact = {
  id: number;
  phone: number;
  /** An object for each value: the id of its field, and the value. */
  fields: Record<string, string>[];
  created_at: string;
  groups: { id: number; name: string }[];
};

/** Pages of searches say whether their total is an estimate. */
export type SearchPage<T> = Page<T> & { meta: { page: { estimated?: boolean } } };

export const channels = ['sms', 'viber', 'rcs', 'whatsapp'] as const;
export type Channel = (typeof channels)[number];

export type StopEntry = { id: number; phone: number; created_at: string } & Record<
  `${Channel}_stoplist`,
  boolean
>;

export function fieldsQuery() {
  return queryOptions({
    queryKey: ['contacts', 'fields'],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Field[] }>('/api/contacts/fields', { signal })).data,
  });
}

/** The parameters of conditions, all of which must hold. */
function criteria(conditions: readonly Condition[]): Query {
  return Object.fromEntries(
    conditions.flatMap(({ field, operator, value }, index) => [
      [`search_fields[${index}][field]`, field],
      [`search_fields[${index}][operator]`, operator],
      [`search_fields[${index}][value]`, value],
    ]),
  );
}

export function contactsQuery({ offset = 0, sort = 'id', way = 'desc', where = [] }: ContactSearch) {
  const query = { 'page[offset]': offset, 'page[limit]': pageSize, sort, way, ...criteria(where) };
  return queryOptions({
    queryKey: ['contacts', 'search', query],
    queryFn: ({ signal }) => api.get<SearchPage<Contact>>('/api/contacts/search', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

type ContactBody = {
  phone: number;
  fields: { id: number; value: string | null }[];
  groups: { id: number }[];
};

/** Makes a contact, or changes the one of `id`. */
export const saveContact = ({ id, ...body }: ContactBody & { id?: number }) =>
  id === undefined ? api.post('/api/contacts', body) : api.put(`/api/contacts/${id}`, body);

export function deleteContacts(ids: readonly number[]) {
  const parameters = new URLSearchParams(ids.map((id) => ['contact_ids[]', String(id)]));
  return api.post(`/api/contacts/delete?${parameters}`);
}

/** Puts contacts into lists, or takes them out. */
export const sortContacts = (given: { way: 'attach' | 'detach'; contacts: number[]; groups: number[] }) =>
  api.post(`/api/groups/${given.way}`, { contacts: given.contacts, groups: given.groups });

export const saveField = ({ id, ...body }: Partial<Field>) =>
  id === undefined ? api.post('/api/contacts/fields', body) : api.patch(`/api/contacts/fields/${id}`, body);

export const deleteField = (id: number) => api.post('/api/contacts/fields/delete', { ids: [id] });

export function listsQuery({ offset = 0, sort = 'id', way = 'desc', name }: ListSearch, limit = pageSize) {
  const query = {
    'page[offset]': offset,
    'page[limit]': limit,
    sort,
    way,
    ...(name === undefined ? {} : criteria([{ field: 'name', operator: 'like', value: name }])),
  };
  return queryOptions({
    queryKey: ['contacts', 'lists', query],
    queryFn: ({ signal }) => api.get<SearchPage<List>>('/api/groups/search', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The lists that a field chooses among. */
export const listChoices = {
  byName: (name: string) => listsQuery({ sort: 'name', way: 'asc', ...(name === '' ? {} : { name }) }),
  byId: (id: number) =>
    queryOptions({
      queryKey: ['contacts', 'lists', id],
      queryFn: async ({ signal }) =>
        (await api.get<{ data: { id: number; name: string } }>(`/api/groups/${id}`, { signal })).data,
    }),
};

type ListBody = { name: string; description: string | null; default: boolean };

export const saveList = ({ id, ...body }: ListBody & { id?: number }) =>
  id === undefined ? api.post('/api/groups', body) : api.put(`/api/groups/${id}`, body);

export const deleteList = (id: number) => api.delete(`/api/groups/${id}`);

export function stopListQuery({ offset = 0, phone, channel }: StopSearch) {
  const conditions: Condition[] = [
    ...(phone === undefined ? [] : [{ field: 'phone', operator: 'like', value: phone } as const]),
    ...(channel === undefined ? [] : [{ field: 'type', operator: '=', value: channel } as const]),
  ];
  const query = {
    'page[offset]': offset,
    'page[limit]': pageSize,
    sort: 'id',
    way: 'desc',
    ...criteria(conditions),
  };
  return queryOptions({
    queryKey: ['contacts', 'stop', query],
    queryFn: ({ signal }) => api.get<SearchPage<StopEntry>>('/api/stoplist/search', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const stopNumbers = (body: { phones: number[]; types: Channel[] }) =>
  api.post('/api/stoplist/attach', body);

export const allowNumbers = (body: { ids: number[]; types: Channel[] }) =>
  api.post('/api/stoplist/detach', body);
