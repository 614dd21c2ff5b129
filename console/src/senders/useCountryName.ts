// Countries by name, in the user's language.
import { useMemo } from 'react';
import { useLocale } from '../session/locale.ts';

/** Of ISO 3166-1 alpha-2; what is no code stays as it is. */
export function useCountryName(): (code: string) => string {
  const { locale } = useLocale();
  return useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
    return (code) => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code);
  }, [locale]);
}
