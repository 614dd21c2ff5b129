// Short words at the edge of the screen: that a thing was done, or why not.
import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from './errorText.ts';

/** `done` says that something worked, `error` in words what did not. */
export function useNotify() {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      done: (message: string) =>
        notifications.show({ color: 'teal', message, closeButtonProps: { 'aria-label': t('common.close') } }),
      error: (error: unknown) =>
        notifications.show({
          color: 'red',
          title: t('common.error.title'),
          message: errorText(error, t),
          autoClose: 10_000,
          closeButtonProps: { 'aria-label': t('common.close') },
        }),
    }),
    [t],
  );
}
