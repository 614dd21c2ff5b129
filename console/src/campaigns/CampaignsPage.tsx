// The list of campaigns: search, filters and pages by the server, states live.
import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { IconPlus, IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api/types.ts';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { LiveBadge } from '../components/LiveBadge.tsx';
import { pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { type Format, useFormat } from '../format/useFormat.ts';
import type { Translate } from '../i18n/index.ts';
import { useMay } from '../session/session.ts';
import { campaignsQuery } from './api.ts';
import { CampaignFilters } from './CampaignFilters.tsx';
import { CampaignProgress } from './CampaignProgress.tsx';
import { useLiveCampaigns } from './useLiveCampaigns.ts';

const route = getRouteApi('/campaigns');

export default function CampaignsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(campaignsQuery(search, format.zone));
  const maySend = useMay('send');
  const { state, latest } = useLiveCampaigns(query.data?.data ?? [], () => void query.refetch());

  const { offset: _, sort: __, way: ___, ...filters } = search;
  const filtered = Object.keys(filters).length > 0;
  const rows = query.data?.data.map(latest);
  const create = maySend && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/" {...props} />}
    >
      {t('campaigns.new')}
    </Button>
  );

  return (
    <>
      <PageHeader title={t('campaigns.title')} badges={<LiveBadge state={state} />} actions={create} />
      <CampaignFilters
        search={search}
        onChange={(changed) => void navigate({ search: changed, replace: true })}
      />
      <DataTable
        label={t('campaigns.title')}
        columns={columns(t, format)}
        rows={rows}
        rowKey={(row) => row.id}
        error={query.error}
        retry={() => void query.refetch()}
        sort={{ by: search.sort ?? 'id', way: search.way ?? 'desc' }}
        onSort={({ by, way }) =>
          void navigate({ search: ({ offset: _, ...old }) => ({ ...old, sort: by as 'id', way }) })
        }
        empty={
          filtered ? (
            <EmptyState
              title={t('campaigns.empty.filteredTitle')}
              text={t('campaigns.empty.filteredText')}
              action={
                <Button variant="default" onClick={() => void navigate({ search: {} })}>
                  {t('campaigns.filter.reset')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={IconSend}
              title={t('campaigns.empty.title')}
              text={t('campaigns.empty.text')}
              action={create}
            />
          )
        }
        footer={
          query.data && (
            <Pager
              page={{ ...query.data.meta.page, limit: pageSize }}
              onOffset={(offset) =>
                void navigate({
                  search: ({ offset: _, ...old }) => (offset === 0 ? old : { ...old, offset }),
                })
              }
            />
          )
        }
      />
    </>
  );
}

function columns(t: Translate, { number, moment, money }: Format): Column<Campaign>[] {
  return [
    {
      key: 'name',
      header: t('campaigns.column.name'),
      sort: 'id',
      cell: ({ id, name, test }) => (
        <>
          <Group gap={6} wrap="nowrap">
            <Anchor
              renderRoot={(props) => <Link to="/campaigns/$id" params={{ id }} {...props} />}
              lineClamp={2}
              fz="sm"
              fw={500}
            >
              {name}
            </Anchor>
            {test && (
              <Badge size="xs" color="gray">
                {t('common.test')}
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed" className="figures">
            {`${t('campaigns.column.id')} ${id}`}
          </Text>
        </>
      ),
    },
    {
      key: 'status',
      header: t('campaigns.column.status'),
      sort: 'status',
      cell: (campaign) => <CampaignProgress campaign={campaign} />,
    },
    {
      key: 'sender',
      header: t('campaigns.column.sender'),
      sort: 'sender',
      from: 'md',
      cell: ({ sender }) => sender,
    },
    {
      key: 'start',
      header: t('campaigns.column.start'),
      sort: 'date',
      from: 'sm',
      cell: ({ start_at }) => <span className="figures">{moment(start_at)}</span>,
    },
    {
      key: 'sent',
      header: t('campaigns.column.sent'),
      numeric: true,
      from: 'lg',
      cell: ({ statistics: { sent } }) => number(sent),
    },
    {
      key: 'delivered',
      header: t('campaigns.column.delivered'),
      numeric: true,
      cell: ({ statistics: { delivered } }) => number(delivered),
    },
    {
      key: 'price',
      header: t('campaigns.column.price'),
      numeric: true,
      from: 'md',
      cell: ({ calculated_price: price, currency }) =>
        price === null ? t('common.nothing') : money(price, currency),
    },
  ];
}
