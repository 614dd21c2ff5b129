// The latest of each campaign of a list, from the stream of those that are under way.
import { useState } from 'react';
import { type StreamState, useEvents } from '../api/events.ts';
import type { Campaign } from '../api/types.ts';

/** `latest` gives a row as it is now. `onNew` is called when a campaign begins that no row shows yet. */
export function useLiveCampaigns(
  rows: readonly Campaign[],
  onNew: () => void,
): { state: StreamState; latest: (row: Campaign) => Campaign } {
  const [live, setLive] = useState<ReadonlyMap<number, Campaign>>(new Map());
  const state = useEvents(['campaigns'], {
    campaigns: (campaigns: Campaign[]) => {
      const newest = Math.max(0, ...rows.map(({ id }) => id));
      if (campaigns.some(({ id }) => id > newest && !live.has(id))) onNew();
      // What ended stays as it was last heard of, until the list is read again.
      setLive((known) => new Map([...known, ...campaigns.map((each) => [each.id, each] as const)]));
    },
  });
  return { state, latest: (row) => live.get(row.id) ?? row };
}
