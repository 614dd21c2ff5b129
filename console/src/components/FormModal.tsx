// A form in a dialog: its fields, and the buttons that send it or leave it.
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  title: string;
  opened: boolean;
  onClose: () => void;
  onSubmit: () => void;
  /** What the button that sends it says; "Save" unless given. */
  submit?: string;
  busy?: boolean;
  danger?: boolean;
  size?: 'md' | 'lg' | 'xl';
  children: ReactNode;
};

export function FormModal(props: Props) {
  const {
    title,
    opened,
    onClose,
    onSubmit,
    submit,
    busy = false,
    danger = false,
    size = 'md',
    children,
  } = props;
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Stack gap="sm">
          {children}
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} {...(danger ? { color: 'red' } : {})}>
              {submit ?? t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
