// Live updates: a stream of server-sent events for as long as a page is shown. Topics and their data are described in
// docs/reference/console-api.md.
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { url } from './client.ts';
import { parseJson } from './json.ts';

/** `live`: what is shown is current; `lost`: connecting again, pages should ask by themselves meanwhile. */
export type StreamState = 'connecting' | 'live' | 'lost';

/** What each event of the stream does, by its name (`campaign`, `campaigns`, `operators`, `system`). */
export type EventHandlers = Record<string, (data: never) => void>;

/** Puts what a stream brought into the place of a query's answer; one that is still on its way is older, and dropped. */
export function takeLatest<T>(client: QueryClient, queryKey: QueryKey, latest: T): void {
  void client.cancelQueries({ queryKey, exact: true });
  client.setQueryData(queryKey, latest);
}

/** How long after the server refused a stream the next one is tried. */
const retryMs = 5_000;

/**
 * Follows topics while the component is shown and the tab is visible: browsers allow six connections to a server over
 * all tabs. No topics: no stream.
 */
export function useEvents(topics: readonly string[], handlers: EventHandlers): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  const wanted = topics.join(',');
  const names = Object.keys(handlers).join(',');

  useEffect(() => {
    if (wanted === '') return;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    function open() {
      close();
      source = new EventSource(url('/console/api/events', { topics: wanted }));
      source.onopen = () => setState('live');
      source.onerror = () => {
        setState('lost');
        // The browser connects again by itself unless the server refused.
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, retryMs);
      };
      for (const name of names.split(',')) {
        source.addEventListener(name, (event) => {
          latest.current[name]?.(parseJson((event as MessageEvent<string>).data) as never);
        });
      }
      source.addEventListener('bye', (event) => {
        const { reason } = parseJson((event as MessageEvent<string>).data) as { reason: string };
        if (reason === 'signed_out') close();
      });
    }
    function close() {
      clearTimeout(timer);
      source?.close();
      source = undefined;
    }
    function follow() {
      if (document.visibilityState === 'visible') open();
      else close();
    }
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, [wanted, names]);

  return state;
}
