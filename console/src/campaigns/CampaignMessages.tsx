// The messages of a campaign: all of them, or those of one state, number or reference, in one list that scrolls; and
// their export.
import { Group, Select, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Report } from '../api/types.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorState } from '../components/ErrorState.tsx';
import { defined } from '../components/listSearch.ts';
import { Panel } from '../components/Panel.tsx';
import { pageRows, type RowColumn, RowScroller } from '../components/RowScroller.tsx';
import { SearchBox } from '../components/SearchBox.tsx';
import { MessageStatusLabel } from '../components/StatusBadge.tsx';
import { type Format, useFormat } from '../format/useFormat.ts';
import type { Translate } from '../i18n/index.ts';
import { type Message, messagesQuery } from '../messages/api.ts';
import { ExportButton } from './ExportButton.tsx';
import { digitsOf, leastDigits, type MessageSearch, messageFilter } from './messageSearch.ts';
import { messagesAnchor } from './StatusTable.tsx';
import { shownStatuses } from './statistics.ts';

/** How often the rows in view are read again while the campaign is under way. */
const refreshMs = 5_000;

type Props = {
  report: Report;
  /** Whether nothing of the campaign will change any more. */
  settled: boolean;
  search: MessageSearch;
  onSearch: (search: MessageSearch) => void;
};

export function CampaignMessages({ report, settled, search, onSearch }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, statistics } = report;
  const filter = messageFilter(id, search);
  const { 'filter[phone]': phone, 'filter[reference_id]': reference, 'filter[status]': status } = filter;
  const page = (offset: number, limit: number) => {
    const query = messagesQuery(filter, offset, limit);
    // What was read while messages were under way is not what became of them.
    return { ...query, queryKey: [...query.queryKey, settled] };
  };
  // The report says how many there are, but for those that are searched for.
  const searched = phone !== undefined || reference !== undefined;
  const first = useQuery({ ...page(0, pageRows), enabled: searched });
  const total = searched
    ? first.data?.meta.page.total
    : status === undefined
      ? report.total_messages
      : statistics[status];
  const one = reference === undefined ? undefined : first.data?.data[0];
  const change = (part: { [K in keyof MessageSearch]?: MessageSearch[K] | undefined }) =>
    onSearch(defined({ ...search, ...part }));
  const digits = digitsOf(search.phone).length;
  return (
    <Panel
      id={messagesAnchor}
      title={t('campaigns.messages.title')}
      actions={
        <ExportButton
          body={
            one === undefined
              ? { type: 'params', campaign_id: id, ...defined({ status, phone }) }
              : { type: 'message', message_id: [one.id] }
          }
        />
      }
    >
      <Group mb="sm" align="flex-start">
        <Select
          label={t('campaigns.messages.status')}
          placeholder={t('campaigns.messages.anyStatus')}
          value={search.status ?? null}
          onChange={(value) => change({ status: (value ?? undefined) as MessageSearch['status'] })}
          data={shownStatuses(statistics, search.status).map((each) => ({
            value: each,
            label: `${t(`common.message.${each}`)} (${format.number(statistics[each])})`,
          }))}
          clearable
          w={220}
        />
        <SearchBox
          label={t('campaigns.messages.searchPhone')}
          value={search.phone}
          onChange={(value) => change({ phone: value })}
          inputMode="tel"
          hint={
            search.phone !== undefined && digits < leastDigits
              ? t('campaigns.messages.leastDigits', { digits: leastDigits })
              : undefined
          }
        />
        <SearchBox
          label={t('campaigns.messages.search')}
          value={search.reference}
          onChange={(value) => change({ reference: value })}
        />
      </Group>
      {first.error && <ErrorState error={first.error} retry={() => void first.refetch()} />}
      {total === 0 && (searched || status !== undefined) ? (
        <EmptyState title={t('campaigns.messages.noneTitle')} text={t('campaigns.messages.noneText')} />
      ) : (
        total !== undefined && (
          <RowScroller
            // Another filter is another list, which begins at its top.
            key={JSON.stringify(filter)}
            label={t('campaigns.messages.title')}
            columns={columns(t, format)}
            total={total}
            everyMs={settled ? false : refreshMs}
            page={page}
          />
        )
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
      wide: true,
      cell: ({ amount: { value, currency } }) => format.money(value, currency),
    },
  ];
}
