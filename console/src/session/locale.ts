// In which language, locale and zone the user reads: what the profile says, else what the browser says.
import { useSession } from './session.ts';

/** The zone and locale of the browser. */
export const browserLocale = {
  locale: navigator.language,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

/** Locale (BCP 47) and zone (IANA) of who is signed in. */
export function useLocale(): { locale: string; zone: string } {
  const user = useSession()?.user;
  return { locale: user?.locale ?? browserLocale.locale, zone: user?.time_zone ?? browserLocale.zone };
}
