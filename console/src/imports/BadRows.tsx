// Rows of a file that will be left out, each with the reason.
import { Alert, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Preview } from './api.ts';

const shown = 10;

export function BadRows({ bad }: { bad: Preview['bad'] }) {
  const { t } = useTranslation();
  return (
    <Alert
      color="orange"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('imports.bad.title', { count: bad.length })}
    >
      <Text size="sm">{t('imports.bad.text')}</Text>
      <Table aria-label={t('imports.bad.title', { count: bad.length })} mt="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('imports.bad.line')}</Table.Th>
            <Table.Th>{t('imports.bad.reason')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('imports.bad.raw')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {bad.slice(0, shown).map(({ line, reason, raw }) => (
            <Table.Tr key={line}>
              <Table.Td>{line}</Table.Td>
              <Table.Td>{reason}</Table.Td>
              <Table.Td visibleFrom="sm" style={{ overflowWrap: 'anywhere' }}>
                {raw}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  );
}
