// What the simulator's panel asks the server for, and what of its form is sent.
import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';

export const shareNames = ['undelivered', 'rejected', 'expired', 'silent', 'refused', 'throttled'] as const;
export const wordQuirks = ['ids', 'receipt_ids', 'receipt_form', 'receipt_addresses'] as const;
export const countQuirks = ['silent_after', 'unbind_after'] as const;
export const flagQuirks = ['receipts_elsewhere', 'ignore_enquire_link'] as const;
export const delayNames = ['response_delay_ms', 'receipt_delay_ms'] as const;

/** `from` and `to`, unless the delay is exponential around a `mean`. */
type Delay = { from?: number; to?: number; mean?: number };

export type Behaviour = Record<(typeof delayNames)[number], Delay> & {
  late_ms: number;
  throughput: number | null;
  refuse_binds: boolean;
  shares: Record<(typeof shareNames)[number], number>;
  quirks: Record<(typeof wordQuirks)[number], string | null> &
    Record<(typeof countQuirks)[number], number | null> &
    Record<(typeof flagQuirks)[number], boolean>;
};

export type Simulator = {
  port: number;
  normal: boolean;
  stats: Record<
    | 'sessions'
    | 'binds_refused'
    | 'submits'
    | 'refused'
    | 'throttled'
    | 'receipts_sent'
    | 'receipts_waiting'
    | 'scheduled',
    number
  >;
  behaviour: Behaviour;
  choices: Record<string, string[]>;
};

export const simulatorKey = ['operators', 'simulator'] as const;

/** The simulator of the process that serves the console; 404 where another one runs it. */
export function simulatorQuery() {
  return queryOptions({
    queryKey: simulatorKey,
    queryFn: async ({ signal }) =>
      (await api.get<{ data: Simulator }>('/admin/api/simulator', { signal })).data,
    staleTime: 0,
  });
}

export const changeSimulator = (change: Partial<Behaviour>) => api.patch('/admin/api/simulator', change);
export const resetSimulator = () => api.post('/admin/api/simulator/reset');
export const cutSimulator = () =>
  api.post<{ data: { sessions: number } }>('/admin/api/simulator/cut').then(({ data }) => data.sessions);

/** What a form holds: '' for what is not said. */
export type Values = {
  [Name in keyof Behaviour]: Behaviour[Name] extends object
    ? Record<string, string | number | boolean>
    : string | number | boolean;
};

/** The behaviour as a form holds it. */
export function valuesOf(behaviour: Behaviour): Values {
  const delay = ({ from = '', to = '' }: { from?: number | ''; to?: number | '' }) => ({ from, to });
  return {
    ...behaviour,
    response_delay_ms: delay(behaviour.response_delay_ms),
    receipt_delay_ms: delay(behaviour.receipt_delay_ms),
    throughput: behaviour.throughput ?? '',
    quirks: Object.fromEntries(Object.entries(behaviour.quirks).map(([name, value]) => [name, value ?? ''])),
  };
}

/** The fields whose values differ, as the server takes them. */
export function changeOf(values: Values, before: Values): Partial<Behaviour> {
  const differs = (name: keyof Values) => JSON.stringify(values[name]) !== JSON.stringify(before[name]);
  const said = (value: string | number | boolean, empty: 0 | null) => (value === '' ? empty : value);
  const all: Record<keyof Values, unknown> = {
    ...values,
    throughput: said(values.throughput, null),
    shares: mapped(values.shares, (value) => said(value, 0)),
    quirks: mapped(values.quirks, (value) => said(value, null)),
    response_delay_ms: mapped(values.response_delay_ms, (value) => said(value, 0)),
    receipt_delay_ms: mapped(values.receipt_delay_ms, (value) => said(value, 0)),
  };
  const names = (Object.keys(all) as (keyof Values)[]).filter(differs);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

function mapped<In, Out>(given: Record<string, In>, by: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, by(value)]));
}
