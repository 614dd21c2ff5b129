// What the keys of the moderation queue do.
import { Kbd, Modal, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const keys = ['j', 'k', 'a', 'r', '?'] as const;
const words = { j: 'next', k: 'previous', a: 'approve', r: 'reject', '?': 'help' } as const;

export function ShortcutsModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('moderation.shortcuts.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Table aria-label={t('moderation.shortcuts.title')}>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key}>
              <Table.Td w={60}>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{t(`moderation.shortcuts.${words[key]}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
