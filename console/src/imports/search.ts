// What the addresses of imports keep. Read by the router and by their pages.
import { defined, whole } from '../components/listSearch.ts';

export type ImportsSearch = { offset?: number };

export function importsSearch(given: Record<string, unknown>): ImportsSearch {
  return defined({ offset: whole(given.offset, 1) });
}

/** Contacts unless said. */
export type NewImportSearch = { kind?: 'stoplist' };

export function newImportSearch(given: Record<string, unknown>): NewImportSearch {
  return given.kind === 'stoplist' ? { kind: 'stoplist' } : {};
}
