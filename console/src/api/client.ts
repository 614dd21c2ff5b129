// Every request of the console to its server. Called by the functions that pages give to TanStack Query.
import { serverTranslator } from '../i18n/server.ts';
import { parseJson } from './json.ts';

/** Wrong fields by their path, each with what would be right. */
export type FieldErrors = Record<string, string[]>;

/** An answer other than 2xx, or none at all (status 0). `message` is fit to be shown. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: FieldErrors;
  /** Seconds until the next try makes sense, where the server said so. */
  readonly retryAfter: number | null;

  constructor(status: number, message: string, errors: FieldErrors = {}, retryAfter: number | null = null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** A page of a list, as all lists of the server are. */
export type Page<T> = { data: T[]; meta: { page: { total: number; limit: number; offset: number } } };

/** Parameters of a URL; undefined, null and '' are left out. */
export type Query = Record<string, string | number | boolean | null | undefined>;

type Options = { query?: Query; signal?: AbortSignal; headers?: Record<string, string> };

let csrfToken = '';
let onSignedOut: () => void = () => {};

/** Tells the client the token that requests which change something carry. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Tells the client what to do when the server no longer knows the session. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** The path with its query. */
export function url(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

async function request<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const raw = body instanceof Blob || body instanceof FormData;
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
        ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError(0, 'offline');
  }
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ?? false;
  const parsed = json && text !== '' ? parseJson(text) : undefined;
  if (response.ok) return parsed as T;
  if (response.status === 401 && path !== '/console/api/session') onSignedOut();
  const said = (parsed ?? {}) as { message?: string; errors?: FieldErrors };
  const retryAfter = Number(response.headers.get('retry-after')) || null;
  const inWords = await serverTranslator();
  const errors = Object.entries(said.errors ?? {}).map(([path, words]) => [path, words.map(inWords)]);
  const message = inWords(said.message ?? response.statusText);
  throw new ApiError(response.status, message, Object.fromEntries(errors), retryAfter);
}

/** The methods; each resolves with the parsed body and rejects with ApiError. */
export const api = {
  get: <T>(path: string, options?: Options) => request<T>('GET', path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: Options) => request<T>('POST', path, body, options),
  put: <T>(path: string, body?: unknown, options?: Options) => request<T>('PUT', path, body, options),
  patch: <T>(path: string, body?: unknown, options?: Options) => request<T>('PATCH', path, body, options),
  delete: <T>(path: string, options?: Options) => request<T>('DELETE', path, undefined, options),
};
