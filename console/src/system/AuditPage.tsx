// The audit log: who did what, and when.
import { Button, Group, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { DayRange } from '../components/DayRange.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { defined, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { SearchBox } from '../components/SearchBox.tsx';
import { useFormat } from '../format/useFormat.ts';
import { type AuditEntry, auditQuery } from './api.ts';
import type { AuditSearch } from './search.ts';

const route = getRouteApi('/audit');

export default function AuditPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(auditQuery(search, format.zone));
  const { offset: _, ...filters } = search;
  const filtered = Object.keys(filters).length > 0;
  const change = (part: { [K in keyof AuditSearch]?: AuditSearch[K] | undefined }) =>
    void navigate({ search: (old) => defined({ ...old, offset: undefined, ...part }), replace: true });
  const reset = (
    <Button variant="default" onClick={() => void navigate({ search: {} })}>
      {t('lists.reset')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('audit.title')} text={t('audit.text')} />
      <Group gap="xs" mb="sm" align="flex-end">
        <SearchBox
          label={t('audit.filter.action')}
          value={search.action}
          onChange={(action) => change({ action })}
        />
        <SearchBox
          label={t('audit.filter.subject')}
          value={search.subject}
          onChange={(subject) => change({ subject })}
        />
        <DayRange days={search} onChange={change} />
        {filtered && reset}
      </Group>
      <DataTable
        label={t('audit.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          filtered ? (
            <EmptyState title={t('lists.filteredTitle')} text={t('lists.filteredText')} action={reset} />
          ) : (
            <EmptyState icon={IconHistory} title={t('audit.empty.title')} text={t('audit.empty.text')} />
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
            key: 'at',
            header: t('audit.column.at'),
            cell: ({ at }) => format.exact(at),
          },
          { key: 'who', header: t('audit.column.who'), cell: (entry) => <Who entry={entry} /> },
          {
            key: 'action',
            header: t('audit.column.action'),
            cell: ({ action, subject }) => (
              <>
                <Text size="sm">{action}</Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {subject}
                </Text>
              </>
            ),
          },
          {
            key: 'details',
            header: t('audit.column.details'),
            from: 'md',
            cell: ({ details }) => <Details details={details} />,
          },
        ]}
      />
    </>
  );
}

function Who({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const { user_name: user, account_name: account, key_id: key } = entry;
  const by = user ?? (key === null ? null : t('audit.key', { id: key }));
  return (
    <>
      <Text size="sm">{by ?? account ?? t('audit.commandLine')}</Text>
      {by !== null && (
        <Text size="xs" c="dimmed">
          {account}
        </Text>
      )}
    </>
  );
}

function Details({ details }: { details: Record<string, unknown> }) {
  const lines = Object.entries(details).map(
    ([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return (
    <Text size="xs" className="prose" maw={460} lineClamp={4}>
      {lines.join('\n')}
    </Text>
  );
}
