// How many messages of a campaign are in each state, and their share.
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Statistics } from '../api/types.ts';
import { Panel } from '../components/Panel.tsx';
import { MessageStatusLabel } from '../components/StatusBadge.tsx';
import { useFormat } from '../format/useFormat.ts';
import { shownStatuses } from './statistics.ts';

export function StatusTable({ statistics, total }: { statistics: Statistics; total: number }) {
  const { t } = useTranslation();
  const { number, share } = useFormat();
  return (
    <Panel title={t('campaigns.report.states')}>
      <Table horizontalSpacing={4} verticalSpacing={5} aria-label={t('campaigns.report.states')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('campaigns.column.status')}</Table.Th>
            <Table.Th ta="right">{t('campaigns.report.count')}</Table.Th>
            <Table.Th ta="right">{t('campaigns.report.share')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shownStatuses(statistics).map((status) => (
            <Table.Tr key={status} data-status={status}>
              <Table.Td>
                <MessageStatusLabel status={status} />
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {number(statistics[status])}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {share(statistics[status], total)}
              </Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Td fw={600}>{t('campaigns.report.total')}</Table.Td>
            <Table.Td ta="right" className="figures" fw={600}>
              {number(total)}
            </Table.Td>
            <Table.Td />
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
