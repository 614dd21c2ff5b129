// Messages from subscribers, and the words that put a number on the stop list.
import { Badge, Button, Group, Select, Text } from '@mantine/core';
import { IconInbox, IconSettings } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { DayRange } from '../components/DayRange.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { defined, oneOf, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { SearchBox } from '../components/SearchBox.tsx';
import { useFormat } from '../format/useFormat.ts';
import { useMay } from '../session/session.ts';
import { actions, inboundQuery } from './api.ts';
import type { InboundSearch } from './search.ts';
import { WordsModal } from './WordsModal.tsx';

const route = getRouteApi('/inbound');

export default function InboundPage() {
  const { t } = useTranslation();
  const { moment, zone } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(inboundQuery(search, zone));
  const maySend = useMay('send');
  const [words, setWords] = useState(false);
  const { offset: _, ...filters } = search;
  const filtered = Object.keys(filters).length > 0;
  const change = (part: { [K in keyof InboundSearch]?: InboundSearch[K] | undefined }) =>
    void navigate({ search: (old) => defined({ ...old, offset: undefined, ...part }), replace: true });
  const reset = (
    <Button variant="default" onClick={() => void navigate({ search: {} })}>
      {t('lists.reset')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('inbound.title')}
        text={t('inbound.text')}
        actions={
          maySend && (
            <Button
              variant="default"
              leftSection={<IconSettings size={16} aria-hidden />}
              onClick={() => setWords(true)}
            >
              {t('inbound.words.title')}
            </Button>
          )
        }
      />
      <Group gap="xs" mb="sm" align="flex-end">
        <SearchBox
          label={t('inbound.filter.text')}
          value={search.text}
          onChange={(text) => change({ text })}
        />
        <SearchBox
          label={t('inbound.filter.phone')}
          value={search.phone}
          onChange={(phone) => change({ phone: phone?.replace(/\D/g, '') || undefined })}
        />
        <Select
          label={t('inbound.filter.action')}
          placeholder={t('common.all')}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          data={actions.map((value) => ({ value, label: t(`inbound.action.${value}`) }))}
          value={search.action ?? null}
          onChange={(action) => change({ action: oneOf(actions, action) })}
          w={200}
        />
        <DayRange days={search} onChange={change} />
        {filtered && reset}
      </Group>
      <DataTable
        label={t('inbound.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          filtered ? (
            <EmptyState title={t('lists.filteredTitle')} text={t('lists.filteredText')} action={reset} />
          ) : (
            <EmptyState icon={IconInbox} title={t('inbound.empty.title')} text={t('inbound.empty.text')} />
          )
        }
        footer={
          query.data && (
            <Pager
              page={{ ...query.data.meta.page, limit: pageSize }}
              onOffset={(offset) => change({ offset: offset || undefined })}
            />
          )
        }
        columns={[
          {
            key: 'phone',
            header: t('inbound.column.from'),
            cell: ({ phone, source }) => (
              <span className="figures">{phone === null ? source : `+${phone}`}</span>
            ),
          },
          {
            key: 'text',
            header: t('inbound.column.text'),
            cell: ({ text, action, complete, encoding }) => (
              <>
                <Text size="sm" className="prose" lineClamp={6} maw={560}>
                  {text}
                </Text>
                <Group gap={4}>
                  {action && (
                    <Badge color={action === 'stop' ? 'red' : 'green'}>{t(`inbound.action.${action}`)}</Badge>
                  )}
                  {!complete && <Badge color="yellow">{t('inbound.incomplete')}</Badge>}
                  {encoding === 'binary' && <Badge color="gray">{t('inbound.binary')}</Badge>}
                </Group>
              </>
            ),
          },
          {
            key: 'destination',
            header: t('inbound.column.to'),
            from: 'sm',
            cell: ({ destination }) => destination,
          },
          {
            key: 'at',
            header: t('inbound.column.at'),
            from: 'sm',
            cell: ({ received_at: at }) => <span className="figures">{moment(at)}</span>,
          },
        ]}
      />
      {words && <WordsModal onClose={() => setWords(false)} />}
    </>
  );
}
