// The ledger of an account: every booking, with the balance after it.
import { Group, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { DayRange } from '../components/DayRange.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { defined, pageSize } from '../components/listSearch.ts';
import { Pager } from '../components/Pager.tsx';
import { Panel } from '../components/Panel.tsx';
import { useFormat } from '../format/useFormat.ts';
import { statementQuery } from './api.ts';
import type { StatementSearch } from './search.ts';

type Props = {
  currency: string;
  /** Absent: the own one. */
  accountId?: number;
  search: StatementSearch;
  onSearch: (search: StatementSearch) => void;
};

export function StatementPanel({ currency, accountId, search, onSearch }: Props) {
  const { t } = useTranslation();
  const { number, money, moment, zone } = useFormat();
  const query = useQuery(statementQuery(search, zone, accountId));
  const filtered = search.from !== undefined || search.to !== undefined;
  return (
    <Panel title={t('money.statement.title')}>
      <Group gap="xs" mb="sm" align="flex-end">
        <DayRange days={search} onChange={(days) => onSearch(defined(days))} />
        {query.data && (
          <Text size="sm" c="dimmed" className="figures" style={{ whiteSpace: 'normal' }}>
            {t('money.statement.between', {
              opening: money(query.data.meta.opening, currency),
              closing: money(query.data.meta.closing, currency),
            })}
          </Text>
        )}
      </Group>
      <DataTable
        label={t('money.statement.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconReceipt}
            title={t(filtered ? 'lists.filteredTitle' : 'money.statement.emptyTitle')}
            text={t(filtered ? 'lists.filteredText' : 'money.statement.emptyText')}
          />
        }
        footer={
          query.data && (
            <Pager
              page={{ ...query.data.meta.page, limit: pageSize }}
              onOffset={(offset) => onSearch(defined({ ...search, offset: offset || undefined }))}
            />
          )
        }
        columns={[
          {
            key: 'at',
            header: t('money.statement.at'),
            from: 'sm',
            cell: ({ at }) => <span className="figures">{moment(at)}</span>,
          },
          {
            key: 'kind',
            header: t('money.statement.what'),
            cell: ({ kind, campaign_id: campaign, messages, note }) => (
              <>
                <Text size="sm">{t(`money.kind.${kind}`)}</Text>
                {campaign !== null && (
                  <Text size="xs" c="dimmed">
                    {t('money.statement.campaign', { id: campaign })}
                    {messages > 0 &&
                      ` · ${t('money.statement.messages', { count: messages, formatted: number(messages) })}`}
                  </Text>
                )}
                {note && (
                  <Text size="xs" c="dimmed" className="prose">
                    {note}
                  </Text>
                )}
              </>
            ),
          },
          {
            key: 'amount',
            header: t('money.statement.amount'),
            numeric: true,
            cell: ({ amount }) => money(amount, currency),
          },
          {
            key: 'held',
            header: t('money.statement.held'),
            numeric: true,
            from: 'md',
            cell: ({ held }) => money(held, currency),
          },
          {
            key: 'balance',
            header: t('money.statement.balance'),
            numeric: true,
            from: 'xs',
            cell: ({ balance }) => money(balance, currency),
          },
          {
            key: 'totalHeld',
            header: t('money.statement.totalHeld'),
            numeric: true,
            from: 'lg',
            cell: ({ total_held: held }) => money(held, currency),
          },
        ]}
      />
    </Panel>
  );
}
