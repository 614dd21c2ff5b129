// Asks before something that cannot be undone.
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

type Question = { title: string; text: string; confirm: string; danger?: boolean };

/** A function that shows the question and resolves with whether it was confirmed. */
export function useConfirm(): (question: Question) => Promise<boolean> {
  const { t } = useTranslation();
  return useCallback(
    ({ title, text, confirm, danger }) =>
      new Promise((resolve) => {
        modals.openConfirmModal({
          title,
          children: <Text size="sm">{text}</Text>,
          labels: { confirm, cancel: t('common.cancel') },
          confirmProps: danger ? { color: 'red.9' } : {},
          closeButtonProps: { 'aria-label': t('common.close') },
          onConfirm: () => resolve(true),
          onCancel: () => resolve(false),
          onClose: () => resolve(false),
        });
      }),
    [t],
  );
}
