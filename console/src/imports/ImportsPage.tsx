// Files that were read into contacts, the stop list and campaigns: how far they are, and what was left out.
import { Anchor, Badge, Button, Progress, Stack, Text } from '@mantine/core';
import { IconDownload, IconFileImport, IconPlayerStop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { type Format, useFormat } from '../format/useFormat.ts';
import type { Translate } from '../i18n/index.ts';
import { useMay } from '../session/session.ts';
import { cancelImport, type Import, importsQuery, isOpen } from './api.ts';

const route = getRouteApi('/imports');
const colors = { waiting: 'gray', running: 'blue', done: 'green', failed: 'red', cancelled: 'gray' } as const;

export default function ImportsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(importsQuery(search));
  const confirm = useConfirm();
  const maySend = useMay('send');
  const cancelling = useChange(cancelImport, { touches: ['imports'], done: t('imports.cancelled') });
  async function cancel(id: number) {
    const sure = await confirm({
      title: t('imports.confirmTitle'),
      text: t('imports.confirmText'),
      confirm: t('imports.cancel'),
      danger: true,
    });
    if (sure) cancelling.mutate(id);
  }
  const add = maySend && (
    <Button
      leftSection={<IconFileImport size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/imports/new" {...props} />}
    >
      {t('contacts.import')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('imports.title')} actions={add} />
      <DataTable
        label={t('imports.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconFileImport}
            title={t('imports.empty.title')}
            text={t('imports.empty.text')}
            action={add}
          />
        }
        footer={
          query.data && (
            <Pager
              page={{ ...query.data.meta.page, limit: pageSize }}
              onOffset={(offset) => void navigate({ search: offset === 0 ? {} : { offset } })}
            />
          )
        }
        columns={[
          ...columns(t, format),
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (row) => (
              <RowMenu
                name={row.file_name ?? String(row.id)}
                actions={[
                  row.rejected > 0 && {
                    label: t('imports.download'),
                    icon: IconDownload,
                    onClick: () => window.location.assign(rejectedUrl(row.id)),
                  },
                  maySend &&
                    isOpen(row) && {
                      label: t('imports.cancel'),
                      icon: IconPlayerStop,
                      danger: true,
                      onClick: () => void cancel(row.id),
                    },
                ]}
              />
            ),
          },
        ]}
      />
    </>
  );
}

/** Answered as a file to keep: the page stays. */
const rejectedUrl = (id: number) => `/api/imports/${id}/rejected`;

function columns(t: Translate, { number, moment }: Format): Column<Import>[] {
  return [
    {
      key: 'file',
      header: t('imports.column.file'),
      cell: ({ file_name: name, kind, id }) => (
        <>
          <Text size="sm" fw={500} miw={90} style={{ overflowWrap: 'anywhere' }}>
            {name ?? t('imports.number', { id })}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`imports.kind.${kind}`)}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('imports.column.state'),
      cell: (row) => (
        <Stack gap={4} align="flex-start">
          <Badge color={colors[row.state]} styles={{ label: { overflow: 'visible' } }}>
            {t(`imports.state.${row.state}`)}
          </Badge>
          {isOpen(row) && (
            <Progress size={4} w={90} value={100 * row.progress} aria-label={t('imports.progress')} />
          )}
          {row.error && (
            <Text size="xs" maw={260}>
              {row.error}
            </Text>
          )}
        </Stack>
      ),
    },
    {
      key: 'accepted',
      header: t('imports.column.accepted'),
      numeric: true,
      cell: ({ accepted }) => number(accepted),
    },
    {
      key: 'created',
      header: t('imports.column.created'),
      numeric: true,
      from: 'md',
      cell: ({ created, kind }) => (kind === 'contacts' ? number(created) : t('common.nothing')),
    },
    {
      key: 'duplicates',
      header: t('imports.column.duplicates'),
      numeric: true,
      from: 'md',
      cell: ({ duplicates }) => number(duplicates),
    },
    {
      key: 'rejected',
      header: t('imports.column.rejected'),
      numeric: true,
      cell: ({ id, rejected }) =>
        rejected === 0 ? (
          number(0)
        ) : (
          <Anchor fz="sm" href={rejectedUrl(id)} download title={t('imports.download')}>
            {number(rejected)}
          </Anchor>
        ),
    },
    {
      key: 'at',
      header: t('imports.column.at'),
      from: 'lg',
      cell: ({ created_at: at }) => <span className="figures">{moment(at)}</span>,
    },
  ];
}
