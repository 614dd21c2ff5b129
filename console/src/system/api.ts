// What the pages of the system and the audit log ask the server for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client.ts';
import { dayFilters } from '../components/DayRange.tsx';
import { pageSize } from '../components/listSearch.ts';
import type { AuditSearch } from './search.ts';

export type DoctorRun = {
  id: number;
  at: string;
  seconds: number;
  errors: number;
  warnings: number;
  breaches: { name: string; severity: 'error' | 'warning'; breaches: number; examples: string[] }[];
};

export const queueStates = ['moderation', 'scheduled', 'sending', 'paused', 'stopping'] as const;

export type Dispatcher = {
  id: number;
  host: string;
  pid: number;
  started_at: string;
  seen_at: string | null;
  alive: boolean;
  stopping: boolean;
  lanes: number;
  read_ahead: number;
  retries: number;
  leases: number;
  loop_lag_ms: number;
};

export type System = {
  at: string;
  version: string;
  queue: {
    campaigns: Record<(typeof queueStates)[number], number>;
    messages: number;
    /** How long what should have left has been waiting. */
    late_seconds: number;
    orphan_receipts: number;
  };
  rates: { submitted: number; receipts: number };
  dispatchers: Dispatcher[];
  database: { size_bytes: number; connections: number; max_connections: number };
  doctor: { running: boolean; runs: DoctorRun[] };
};

export const systemKey = ['system', 'state'] as const;

export function systemQuery() {
  return queryOptions({
    queryKey: systemKey,
    queryFn: async ({ signal }) => (await api.get<{ data: System }>('/console/api/system', { signal })).data,
  });
}

export const startDoctor = () => api.post('/console/api/system/doctor');

export type AuditEntry = {
  id: number;
  at: string;
  account_id: number | null;
  account_name: string | null;
  key_id: number | null;
  user_id: number | null;
  user_name: string | null;
  action: string;
  subject: string;
  owner_id: number | null;
  details: Record<string, unknown>;
};

/** Who did what, the newest first. */
export function auditQuery({ offset = 0, action, subject, ...days }: AuditSearch, zone: string) {
  const query = {
    'page[offset]': offset,
    'page[limit]': pageSize,
    'filter[action]': action,
    'filter[subject]': subject,
    ...dayFilters(days, zone),
  };
  return queryOptions({
    queryKey: ['audit', query],
    queryFn: ({ signal }) => api.get<Page<AuditEntry>>('/admin/api/audit', { query, signal }),
    placeholderData: keepPreviousData,
  });
}
