// Lists of contacts: what campaigns are sent to. The API calls them groups.
import { Anchor, Badge, Button, Group, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPencil, IconPlus, IconTrash, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { defined, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { SearchBox } from '../components/SearchBox.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useFormat } from '../format/useFormat.ts';
import { useMay } from '../session/session.ts';
import { deleteList, type List, listsQuery, saveList } from './api.ts';
import type { ListSearch } from './search.ts';

const route = getRouteApi('/lists');

export default function ListsPage() {
  const { t } = useTranslation();
  const { number, moment } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(listsQuery(search));
  const confirm = useConfirm();
  const maySend = useMay('send');
  const [dialog, setDialog] = useState<{ list?: List } | null>(null);
  const deletion = useChange(deleteList, { touches: ['contacts'], done: t('contacts.lists.deleted') });
  const change = (part: { [K in keyof ListSearch]?: ListSearch[K] | undefined }) =>
    void navigate({ search: (old) => defined({ ...old, offset: undefined, ...part }), replace: true });
  async function remove({ id, name }: List) {
    const sure = await confirm({
      title: t('contacts.lists.confirmTitle', { name }),
      text: t('contacts.lists.confirmText'),
      confirm: t('lists.delete'),
      danger: true,
    });
    if (sure) deletion.mutate(id);
  }
  const add = maySend && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({})}>
      {t('contacts.lists.add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('contacts.lists.title')} actions={add} />
      <Group mb="sm">
        <SearchBox
          label={t('contacts.lists.search')}
          value={search.name}
          onChange={(name) => change({ name })}
        />
      </Group>
      <DataTable
        label={t('contacts.lists.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        sort={{ by: search.sort ?? 'id', way: search.way ?? 'desc' }}
        onSort={({ by, way }) => change({ sort: by as 'id', way })}
        empty={
          search.name ? (
            <EmptyState title={t('lists.filteredTitle')} text={t('lists.filteredText')} />
          ) : (
            <EmptyState
              icon={IconUsersGroup}
              title={t('contacts.lists.emptyTitle')}
              text={t('contacts.lists.emptyText')}
              action={add}
            />
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
            key: 'name',
            header: t('lists.name'),
            sort: 'name',
            cell: ({ id, name, description, is_default: isDefault }) => (
              <>
                <Group gap={6}>
                  <Anchor
                    fz="sm"
                    fw={500}
                    style={{ overflowWrap: 'anywhere' }}
                    renderRoot={(props) => (
                      <Link
                        to="/contacts"
                        search={{ where: [{ field: 'group_id', operator: '=', value: String(id) }] }}
                        {...props}
                      />
                    )}
                  >
                    {name}
                  </Anchor>
                  {isDefault && <Badge>{t('contacts.lists.default')}</Badge>}
                </Group>
                {description && (
                  <Text size="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
                    {description}
                  </Text>
                )}
              </>
            ),
          },
          {
            key: 'items',
            header: t('contacts.title'),
            sort: 'items',
            numeric: true,
            cell: ({ items }) => number(items),
          },
          {
            key: 'created',
            header: t('lists.created'),
            sort: 'created_at',
            from: 'sm',
            cell: ({ created_at: at }) => <span className="figures">{moment(at)}</span>,
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (list) =>
              maySend && (
                <RowMenu
                  name={list.name}
                  actions={[
                    { label: t('lists.edit'), icon: IconPencil, onClick: () => setDialog({ list }) },
                    {
                      label: t('lists.delete'),
                      icon: IconTrash,
                      danger: true,
                      onClick: () => void remove(list),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
      {dialog && <ListModal {...dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

function ListModal({ list, onClose }: { list?: List; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: {
      name: list?.name ?? '',
      description: list?.description ?? '',
      default: list?.is_default ?? false,
    },
    validate: { name: (value) => (value.trim().length < 3 ? t('contacts.lists.shortName') : null) },
  });
  const change = useChange(saveList, {
    touches: ['contacts'],
    done: t('common.saved'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t(list ? 'contacts.lists.edit' : 'contacts.lists.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      onSubmit={form.onSubmit(({ description, ...values }) =>
        change.mutate({
          ...values,
          ...(list ? { id: list.id } : {}),
          description: description.trim() || null,
        }),
      )}
    >
      <TextInput
        label={t('lists.name')}
        maxLength={50}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Textarea
        label={t('contacts.fields.description')}
        maxLength={255}
        autosize
        minRows={2}
        {...form.getInputProps('description')}
      />
      <Switch
        label={t('contacts.lists.makeDefault')}
        {...form.getInputProps('default', { type: 'checkbox' })}
      />
    </FormModal>
  );
}
