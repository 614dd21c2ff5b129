// What the pages of imports ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import { pageSize } from '../components/listSearch.ts';
import type { Mapping } from './mapping.ts';
import type { ImportsSearch } from './search.ts';

export type ImportState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export type Import = {
  id: number;
  kind: 'campaign' | 'contacts' | 'stoplist';
  state: ImportState;
  file_name: string | null;
  campaign_id: number | null;
  progress: number;
  rows_read: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  stopped: number;
  created: number;
  error: string | null;
  created_at: string;
  finished_at: string | null;
};

export const isOpen = ({ state }: Import) => state === 'waiting' || state === 'running';

/** The newest first; read every second while one is under way. */
export function importsQuery({ offset = 0 }: ImportsSearch) {
  const query = { 'page[offset]': offset, 'page[limit]': pageSize };
  return queryOptions({
    queryKey: ['imports', query],
    queryFn: ({ signal }) => api.get<Page<Import>>('/api/imports', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.data.some(isOpen) ? 1_000 : false),
  });
}

/** The import that a campaign was made of, or null; read every second until it is over. */
export function importOfCampaignQuery(campaignId: number) {
  const query = { 'filter[campaign_id]': campaignId, 'page[limit]': 1 };
  return queryOptions({
    queryKey: ['imports', 'of', campaignId],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Import>>('/api/imports', { query, signal })).data[0] ?? null,
    refetchInterval: ({ state: { data } }) => (data === null || (data && !isOpen(data)) ? false : 1_000),
  });
}

export const cancelImport = (id: number) => api.delete(`/api/imports/${id}`);

export type Preview = {
  format: string;
  gzip: boolean;
  encoding: string;
  delimiter: string | null;
  header: boolean;
  columns: string[];
  /** From 1; null where none is found. */
  phone_column: number | null;
  rows: string[][];
  lines: number[];
  bad: { line: number; reason: string; raw: string }[];
};

/** The first MiB is enough for the server; the rest need not travel. A packed file cannot be cut. */
const enough = 1 << 20;

/** How the server would read a file. */
export async function preview(file: File, header: boolean | null): Promise<Preview> {
  const form = new FormData();
  if (header !== null) form.set('header', String(header));
  const part = file.name.endsWith('.gz') ? file : file.slice(0, enough);
  form.set('file', part, file.name);
  return (await api.post<{ data: Preview }>('/api/imports/preview', form)).data;
}

export type NewImport = {
  kind: 'contacts' | 'stoplist';
  file: File;
  header: boolean;
  mapping: Mapping;
  createFields: boolean;
  groups: number[];
};

/** Sends the file; the server reads it in the background. */
export async function startImport({ kind, file, header, mapping, createFields, groups }: NewImport) {
  const form = new FormData();
  form.set('header', String(header));
  form.set('mapping', JSON.stringify(mapping));
  if (kind === 'contacts') {
    form.set('create_fields', String(createFields));
    form.set('groups', JSON.stringify(groups));
  }
  // The file is the last part: the server knows by then what to do with it.
  form.set('file', file, file.name);
  return api.post(kind === 'contacts' ? '/api/contacts/import' : '/api/stoplist/import', form);
}
