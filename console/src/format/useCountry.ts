// Names of countries in the user's language.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../session/locale.ts';

/** Turns ISO 3166-1 alpha-2 into a name; null is a country that is not known. */
export function useCountry(): (code: string | null) => string {
  const { t } = useTranslation();
  const { locale } = useLocale();
  return useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
    return (code) => {
      if (code === null) return t('common.unknownCountry');
      return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
    };
  }, [locale, t]);
}
