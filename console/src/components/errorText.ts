// Errors in words that a person can act on. Used by every state and notification that shows one.
import { ApiError } from '../api/client.ts';
import type { Translate } from '../i18n/index.ts';

/** What went wrong; what the server says about a request is shown as it is. */
export function errorText(error: unknown, t: Translate): string {
  if (!(error instanceof ApiError)) return t('common.error.page');
  const { status, message, errors, retryAfter } = error;
  if (status === 0) return t('common.error.offline');
  if (status === 403) return t('common.error.forbidden');
  if (status === 404) return t('common.error.notFound');
  if (status === 429 && retryAfter !== null) return t('common.error.tooMany', { seconds: retryAfter });
  if (status >= 500) return t('common.error.unexpected', { status });
  const fields = Object.values(errors).flat();
  return fields.length > 0 ? fields.join(' ') : message;
}

/** The errors of fields for a form: `names` maps paths of the server to fields where they differ. */
export function fieldErrors(error: unknown, names: Record<string, string> = {}): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    Object.entries(error.errors).map(([path, words]) => [names[path] ?? path, words.join(' ')]),
  );
}
