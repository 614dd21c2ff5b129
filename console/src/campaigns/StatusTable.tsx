// How many messages of a campaign are in each state, and their share. Each number leads to its messages.
import { Anchor, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MessageStatus, Statistics } from '../api/types.ts';
import { Panel } from '../components/Panel.tsx';
import { MessageStatusLabel } from '../components/StatusBadge.tsx';
import { useFormat } from '../format/useFormat.ts';
import { shownStatuses } from './statistics.ts';

/** Where the messages are on the page. */
export const messagesAnchor = 'messages';

type Props = { id: number; statistics: Statistics; total: number };

export function StatusTable({ id, statistics, total }: Props) {
  const { t } = useTranslation();
  const { share } = useFormat();
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
                <Count id={id} status={status} count={statistics[status]} />
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {share(statistics[status], total)}
              </Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Td fw={600}>{t('campaigns.report.total')}</Table.Td>
            <Table.Td ta="right" className="figures" fw={600}>
              <Count id={id} status={undefined} count={total} />
            </Table.Td>
            <Table.Td />
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

/** A number of messages, which leads to them. */
function Count({ id, status, count }: { id: number; status: MessageStatus | undefined; count: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (count === 0) return number(count);
  const state = status === undefined ? t('campaigns.report.total') : t(`common.message.${status}`);
  return (
    <Anchor
      size="sm"
      aria-label={t('campaigns.report.show', { shown: number(count), state })}
      renderRoot={(props) => (
        <Link
          to="/campaigns/$id"
          params={{ id }}
          search={status === undefined ? {} : { status }}
          hash={messagesAnchor}
          replace
          {...props}
        />
      )}
    >
      {number(count)}
    </Anchor>
  );
}
