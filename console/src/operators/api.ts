// What the pages of operators and routes ask the server for.
import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { MessageStatus } from '../api/types.ts';

/** An operator as it is at this moment: see docs/reference/console-api.md. */
export type OperatorLive = {
  id: number | null;
  name: string;
  enabled: boolean;
  simulator: boolean;
  state: 'bound' | 'partly_bound' | 'unbound' | 'not_running';
  sessions: { configured: number; bound: number };
  waiting: number;
  in_flight: number;
  window: number;
  unresolved: number;
  unresolved_limit: number;
  throttle: number | null;
  rates: { submitted: number; accepted: number; throttled: number; refused: number; receipts: number };
  totals: Record<
    | 'submitted'
    | 'accepted'
    | 'throttled'
    | 'refused'
    | 'temporary'
    | 'timed_out'
    | 'disconnected'
    | 'receipts'
    | 'sessions_lost',
    number
  >;
  last_error: { at: string; message: string } | null;
};

export const bindModes = ['transceiver', 'pair'] as const;
export const idFormats = ['auto', 'as_is', 'receipt_hex', 'response_hex'] as const;

export type OperatorSettings = {
  name: string;
  simulator: boolean;
  enabled: boolean;
  host: string;
  port: number;
  receiver_host: string | null;
  receiver_port: number | null;
  tls: boolean;
  system_id: string;
  system_type: string;
  bind_mode: (typeof bindModes)[number];
  sessions: number;
  window_size: number;
  in_flight_limit: number;
  throttle: number | null;
  response_timeout_ms: number;
  enquire_link_ms: number;
  message_id_format: (typeof idFormats)[number];
};

export type Operator = OperatorSettings & { id: number };
export type OperatorChange = Partial<OperatorSettings> & { password?: string };
export type Route = { id: number; prefix: string; operator: string; priority: number; weight: number };

export const liveKey = ['operators', 'live'] as const;

export function liveQuery() {
  return queryOptions({
    queryKey: liveKey,
    queryFn: async ({ signal }) =>
      (await api.get<{ data: OperatorLive[] }>('/console/api/operators/live', { signal })).data,
  });
}

export function operatorQuery(id: number) {
  return queryOptions({
    queryKey: ['operators', 'one', id],
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Operator }>(`/admin/api/operators/${id}`, { signal })).data,
    staleTime: 0,
  });
}

export function routesQuery() {
  return queryOptions({
    queryKey: ['operators', 'routes'],
    queryFn: async ({ signal }) => (await api.get<{ data: Route[] }>('/admin/api/routes', { signal })).data,
  });
}

/** Adds an operator, or changes the one of `id`. */
export const saveOperator = ({ id, ...change }: OperatorChange & { id?: number }) =>
  id === undefined
    ? api.post('/admin/api/operators', change)
    : api.patch(`/admin/api/operators/${id}`, change);

export const removeOperator = (id: number) => api.delete(`/admin/api/operators/${id}`);
export const addRoute = (route: Omit<Route, 'id'>) => api.post('/admin/api/routes', route);
export const removeRoute = (id: number) => api.delete(`/admin/api/routes/${id}`);

export type Sent = { id: number; status: MessageStatus; error: string | null; sender: string; phone: number };

/** Sends one message by an operator, whatever the routes say. Resolves with its id. */
export async function sendOne({
  operator,
  phone,
  ...rest
}: {
  operator: number;
  phone: string;
  sender: string;
  text: string;
}) {
  const { data } = await api.post<{ data: { id: number } }>(`/admin/api/operators/${operator}/test-message`, {
    ...rest,
    phone: Number(phone.replace(/\D/g, '')),
  });
  return data.id;
}

/** What became of it. Test messages are another world, which the same header shows. */
export function sentQuery(id: number, simulated: boolean) {
  return queryOptions({
    queryKey: ['operators', 'test', id],
    queryFn: async ({ signal }) => {
      const { data } = await api.get<{ data: Sent[] }>('/api/messages', {
        query: { 'filter[id]': id },
        signal,
        ...(simulated ? { headers: { 'x-carillon-test': '1' } } : {}),
      });
      return data[0] ?? null;
    },
  });
}
