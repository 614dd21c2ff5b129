// The languages of the console. Words stand in `LANGUAGE/AREA.json`, one file for each area of the console; another
// language is a folder with the same files and a line in `languages`. Each is loaded only where it is read.
import i18next, { type ParseKeys, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './en/index.ts';

/** Its own name, and where its words are; of all but English, those for what the server says, too. */
export const languages = {
  en: { name: 'English', load: () => import('./en/index.ts'), loadServer: null },
  de: { name: 'Deutsch', load: () => import('./de/index.ts'), loadServer: () => import('./de/server.json') },
} as const;
export type Language = keyof typeof languages;

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    returnNull: false;
  }
}

/** The key of a text, for tables of texts. */
export type TextKey = ParseKeys;
export type Translate = TFunction;

/** The language for a wish such as `de-AT`: English where there is none. */
export function languageOf(locale: string): Language {
  const [base] = locale.toLowerCase().split('-');
  return base !== undefined && base in languages ? (base as Language) : 'en';
}

/** Loads a language and shows the console in it. */
export async function speak(language: Language): Promise<void> {
  if (!i18next.isInitialized) {
    await i18next
      .use(initReactI18next)
      .init({ lng: language, fallbackLng: false, resources: {}, interpolation: { escapeValue: false } });
  }
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const { default: words } = await languages[language].load();
    i18next.addResourceBundle(language, 'translation', words);
  }
  if (i18next.language !== language) await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
