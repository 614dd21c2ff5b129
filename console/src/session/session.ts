// Who is signed in: one query that every page reads, and what changes it. The server answers 401 when a session has
// ended; the client then says so here, and the sign-in page takes the place of whatever was shown.
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, createElement, type ReactNode, useContext } from 'react';
import { ApiError, api, setCsrfToken, whenSignedOut } from '../api/client.ts';
import type { Permission, Session } from '../api/types.ts';

const key = ['session'] as const;
const path = '/console/api/session';

/** The query of the session: null is nobody. */
export const sessionQuery = () =>
  queryOptions({ queryKey: key, queryFn: readSession, staleTime: Number.POSITIVE_INFINITY, retry: 1 });

export function useSessionQuery() {
  return useQuery(sessionQuery());
}

async function readSession(): Promise<Session | null> {
  try {
    const { data } = await api.get<{ data: Session }>(path);
    setCsrfToken(data.csrf_token);
    return data;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

const SessionContext = createContext<Session | null>(null);

/** Tells everything inside it who is signed in: one query for all that ask, which every row of a table may. */
export function SessionProvider({ children }: { children: ReactNode }) {
  return createElement(SessionContext, { value: useSessionQuery().data ?? null }, children);
}

/** The session, null while nobody is signed in. */
export function useSession(): Session | null {
  return useContext(SessionContext);
}

/** The session of pages that only who is signed in sees. */
export function useOwnSession(): Session {
  const session = useSession();
  if (session === null) throw new Error('a page is shown to nobody');
  return session;
}

/** Whether the user may do a thing. */
export function useMay(permission: Permission): boolean {
  return useSession()?.permissions.includes(permission) ?? false;
}

/** What signs in and out; everything that was read for another user is forgotten. */
export function useSessionActions() {
  const client = useQueryClient();
  return {
    async signIn(body: { email: string; password: string; totp?: string }): Promise<void> {
      const { data } = await api.post<{ data: Session }>(path, body);
      forget(client);
      enter(client, data);
    },
    async signOut(): Promise<void> {
      await api.delete(path).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
      });
      leave(client);
    },
    /** Takes the session that a change of the password answers with. */
    renew: (session: Session) => enter(client, session),
    /** Reads the session anew, after the profile changed. */
    refresh: () => client.invalidateQueries({ queryKey: key }),
  };
}

/** Lets the end of a session, found by any request, lead to the sign-in page. Called once, at the start. */
export function followSignOut(client: QueryClient): void {
  whenSignedOut(() => leave(client));
}

function enter(client: QueryClient, session: Session): void {
  setCsrfToken(session.csrf_token);
  client.setQueryData(key, session);
}

function leave(client: QueryClient): void {
  setCsrfToken('');
  client.setQueryData(key, null);
  forget(client);
}

function forget(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== key[0] });
}
