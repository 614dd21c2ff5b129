// How well the latest campaigns were delivered, side by side.
import { Anchor, Button, Stack, Table } from '@mantine/core';
import { IconPlus, IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ChartPanel } from '../charts/ChartPanel.tsx';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { CampaignBadge } from '../components/StatusBadge.tsx';
import { type Format, useFormat } from '../format/useFormat.ts';
import type { Translate } from '../i18n/index.ts';
import { type Compared, comparisonQuery } from './api.ts';

export default function ComparisonPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(comparisonQuery());
  const cols = columns(t, format);
  const shares = data
    ?.filter(({ delivered_share }) => delivered_share !== null)
    .map(({ id, delivered_share: share }) => ({ label: `${id}`, share: Math.round(1000 * share!) / 10 }))
    .reverse();
  return (
    <Stack gap="md">
      <PageHeader title={t('campaigns.comparison.title')} text={t('campaigns.comparison.text')} />
      {shares !== undefined && shares.length > 1 && (
        <ChartPanel
          title={t('campaigns.comparison.chart')}
          kind="bar"
          data={shares}
          x="label"
          series={[{ name: 'share', label: t('campaigns.comparison.share'), color: 'teal.6' }]}
          empty=""
          table={() => (
            <Table aria-label={t('campaigns.comparison.chart')}>
              <Table.Tbody>
                {shares.map(({ label, share }) => (
                  <Table.Tr key={label}>
                    <Table.Td>{`${t('campaigns.column.id')} ${label}`}</Table.Td>
                    <Table.Td ta="right">{format.share(share, 100)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        />
      )}
      <DataTable
        label={t('campaigns.comparison.title')}
        columns={cols}
        rows={data}
        rowKey={({ id }) => id}
        error={error}
        retry={() => void refetch()}
        empty={
          <EmptyState
            icon={IconScale}
            title={t('campaigns.comparison.emptyTitle')}
            text={t('campaigns.comparison.emptyText')}
            action={
              <Button
                leftSection={<IconPlus size={16} aria-hidden />}
                renderRoot={(props) => <Link to="/campaigns/new" {...props} />}
              >
                {t('campaigns.new')}
              </Button>
            }
          />
        }
      />
    </Stack>
  );
}

function columns(t: Translate, { number, moment, money, share }: Format): Column<Compared>[] {
  return [
    {
      key: 'name',
      header: t('campaigns.column.name'),
      cell: ({ id, name }) => (
        <Anchor
          fz="sm"
          fw={500}
          display="block"
          miw={130}
          lineClamp={2}
          renderRoot={(props) => <Link to="/campaigns/$id" params={{ id }} {...props} />}
        >
          {`${id} · ${name}`}
        </Anchor>
      ),
    },
    {
      key: 'status',
      header: t('campaigns.column.status'),
      from: 'sm',
      cell: ({ status }) => <CampaignBadge status={status} />,
    },
    {
      key: 'start',
      header: t('campaigns.column.start'),
      from: 'md',
      cell: ({ start_at }) => <span className="figures">{moment(start_at)}</span>,
    },
    {
      key: 'total',
      header: t('campaigns.column.messages'),
      numeric: true,
      cell: ({ total_messages }) => number(total_messages),
    },
    {
      key: 'delivered',
      header: t('campaigns.comparison.share'),
      numeric: true,
      cell: ({ delivered_share: delivered }) =>
        delivered === null ? t('common.nothing') : share(delivered, 1),
    },
    ...(['undelivered', 'expired', 'failed'] as const).map(
      (status): Column<Compared> => ({
        key: status,
        header: t(`common.message.${status}`),
        numeric: true,
        from: 'lg',
        cell: ({ statistics }) => number(statistics[status]),
      }),
    ),
    {
      key: 'price',
      header: t('campaigns.column.price'),
      numeric: true,
      from: 'md',
      cell: ({ total_price, currency }) => money(total_price, currency),
    },
  ];
}
