// The messages of a campaign: all of them in one list that scrolls, a search for one, and their export.
import { Group, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState.tsx';
import { Panel } from '../components/Panel.tsx';
import { type RowColumn, RowScroller } from '../components/RowScroller.tsx';
import { MessageStatusLabel } from '../components/StatusBadge.tsx';
import { type Format, useFormat } from '../format/useFormat.ts';
import type { Translate } from '../i18n/index.ts';
import { type Message, messagesQuery } from '../messages/api.ts';
import { ExportButton } from './ExportButton.tsx';

/** How often the rows in view are read again while the campaign is under way. */
const refreshMs = 5_000;

export function CampaignMessages({ id, total, settled }: { id: number; total: number; settled: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 300);
  const filter = { 'filter[campaign_id]': id, ...(wanted === '' ? {} : { 'filter[reference_id]': wanted }) };
  const first = useQuery({
    ...messagesQuery(filter, 0, 100),
    enabled: wanted !== '',
  });
  const nothing = wanted !== '' && first.data?.meta.page.total === 0;
  return (
    <Panel title={t('campaigns.messages.title')} actions={<ExportButton campaignId={id} />}>
      <Group mb="sm">
        <TextInput
          label={t('campaigns.messages.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          maxLength={32}
          onChange={(event) => setTyped(event.currentTarget.value)}
          w={260}
        />
      </Group>
      {nothing ? (
        <EmptyState title={t('campaigns.messages.noneTitle')} text={t('campaigns.messages.noneText')} />
      ) : (
        <RowScroller
          // Another filter is another list, which begins at its top.
          key={wanted}
          label={t('campaigns.messages.title')}
          columns={columns(t, format)}
          total={wanted === '' ? total : (first.data?.meta.page.total ?? 0)}
          everyMs={settled ? false : refreshMs}
          page={(offset, limit) => {
            const query = messagesQuery(filter, offset, limit);
            // What was read while messages were under way is not what became of them.
            return { ...query, queryKey: [...query.queryKey, settled] };
          }}
        />
      )}
    </Panel>
  );
}

function columns(t: Translate, format: Format): RowColumn<Message>[] {
  const moment = (value: string | null) => (value === null ? t('common.nothing') : format.exact(value));
  return [
    {
      key: 'phone',
      header: t('campaigns.messages.phone'),
      width: 'minmax(135px, 1fr)',
      cell: ({ phone }) => <span className="figures">{`+${phone}`}</span>,
    },
    {
      key: 'status',
      header: t('campaigns.column.status'),
      width: 'minmax(130px, 1fr)',
      cell: ({ status }) => <MessageStatusLabel status={status} />,
    },
    {
      key: 'sent',
      header: t('campaigns.messages.sentAt'),
      width: 'minmax(190px, 1fr)',
      wide: true,
      cell: ({ sent_at }) => moment(sent_at),
    },
    {
      key: 'done',
      header: t('campaigns.messages.doneAt'),
      width: 'minmax(190px, 1fr)',
      wide: true,
      cell: ({ delivered_at }) => moment(delivered_at),
    },
    {
      key: 'error',
      header: t('campaigns.messages.error'),
      width: '1.6fr',
      wide: true,
      cell: ({ error }) =>
        error === null ? (
          t('common.nothing')
        ) : (
          <Tooltip label={error}>
            <Text size="sm" truncate component="span">
              {error}
            </Text>
          </Tooltip>
        ),
    },
    {
      key: 'parts',
      header: t('campaigns.messages.parts'),
      width: '64px',
      numeric: true,
      wide: true,
      cell: ({ parts }) => parts,
    },
    {
      key: 'price',
      header: t('campaigns.column.price'),
      width: 'minmax(90px, 0.7fr)',
      numeric: true,
      cell: ({ amount: { value, currency } }) => format.money(value, currency),
    },
  ];
}
