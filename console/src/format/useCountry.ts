// Names of countries in the user's language.
import { useTranslation } from 'react-i18next';
import { useLocale } from '../session/locale.ts';
import { once } from './once.ts';

const regions = once((locale) => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }));

/** Turns ISO 3166-1 alpha-2 into a name; what is no code stays as it is, and null is a country that is not known. */
export function useCountry(): (code: string | null) => string {
  const { t } = useTranslation();
  const { locale } = useLocale();
  return (code) => {
    if (code === null) return t('common.unknownCountry');
    return /^[A-Z]{2}$/.test(code) ? (regions(locale).of(code) ?? code) : code;
  };
}
