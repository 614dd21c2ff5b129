// The contact book: searched by any of its fields, edited one by one, sorted into lists many at once.
import { Badge, Button, Checkbox, Group, Text } from '@mantine/core';
import {
  IconAddressBook,
  IconFileImport,
  IconListDetails,
  IconPencil,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { defined, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useFormat } from '../format/useFormat.ts';
import { useMay } from '../session/session.ts';
import { type Contact, contactsQuery, deleteContacts, type Field, fieldsQuery } from './api.ts';
import { Conditions } from './Conditions.tsx';
import { ContactModal } from './ContactModal.tsx';
import { SortModal } from './SortModal.tsx';
import type { ContactSearch } from './search.ts';
import { showValue } from './values.ts';

const route = getRouteApi('/contacts');
/** More columns would not be read; the others are in the form. */
const shownFields = 4;

type Dialog = { kind: 'edit'; contact?: Contact } | { kind: 'attach' | 'detach' } | null;

export default function ContactsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const confirm = useConfirm();
  const maySend = useMay('send');
  const [dialog, setDialog] = useState<Dialog>(null);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const fields = useQuery(fieldsQuery());
  const query = useQuery(contactsQuery(search));
  const deletion = useChange(deleteContacts, {
    touches: ['contacts'],
    done: t('contacts.deleted'),
    onDone: () => setSelected(new Set()),
  });

  const rows = query.data?.data;
  const chosen = (rows ?? []).filter(({ id }) => selected.has(id)).map(({ id }) => id);
  const change = (part: { [K in keyof ContactSearch]?: ContactSearch[K] | undefined }) => {
    setSelected(new Set());
    void navigate({ search: (old) => defined({ ...old, offset: undefined, ...part }) });
  };
  async function remove(ids: readonly number[]) {
    const sure = await confirm({
      title: t('contacts.confirmDelete.title', { count: ids.length }),
      text: t('contacts.confirmDelete.text'),
      confirm: t('lists.delete'),
      danger: true,
    });
    if (sure) deletion.mutate(ids);
  }
  const toggle = (id: number, on: boolean) =>
    setSelected((old) => new Set(on ? [...old, id] : [...old].filter((each) => each !== id)));

  const add = maySend && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({ kind: 'edit' })}>
      {t('contacts.add')}
    </Button>
  );
  const toImport = maySend && (
    <Button
      variant="default"
      leftSection={<IconFileImport size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/imports/new" {...props} />}
    >
      {t('contacts.import')}
    </Button>
  );

  return (
    <>
      <PageHeader
        title={t('contacts.title')}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconListDetails size={16} aria-hidden />}
              renderRoot={(props) => <Link to="/contacts/fields" {...props} />}
            >
              {t('contacts.fields.title')}
            </Button>
            {toImport}
            {add}
          </>
        }
      />
      <Conditions
        key={JSON.stringify(search.where)}
        fields={fields.data ?? []}
        where={search.where ?? []}
        onChange={(where) => change({ where: where.length > 0 ? where : undefined })}
      />
      {maySend && rows !== undefined && rows.length > 0 && (
        <Group gap="xs" mb="sm" mih={30}>
          <Checkbox
            label={
              chosen.length === 0 ? t('contacts.selectAll') : t('contacts.selected', { count: chosen.length })
            }
            checked={chosen.length === rows.length}
            indeterminate={chosen.length > 0 && chosen.length < rows.length}
            onChange={({ currentTarget: { checked } }) =>
              setSelected(new Set(checked ? rows.map(({ id }) => id) : []))
            }
          />
          {chosen.length > 0 && (
            <>
              <Button size="xs" variant="default" onClick={() => setDialog({ kind: 'attach' })}>
                {t('contacts.attach')}
              </Button>
              <Button size="xs" variant="default" onClick={() => setDialog({ kind: 'detach' })}>
                {t('contacts.detach')}
              </Button>
              <Button size="xs" variant="light" color="red" onClick={() => void remove(chosen)}>
                {t('lists.delete')}
              </Button>
            </>
          )}
        </Group>
      )}
      <DataTable
        label={t('contacts.title')}
        rows={fields.data && rows}
        rowKey={({ id }) => id}
        error={query.error ?? fields.error}
        retry={() => void query.refetch()}
        sort={{ by: search.sort ?? 'id', way: search.way ?? 'desc' }}
        onSort={({ by, way }) => change({ sort: by as 'id' | 'phone', way })}
        empty={
          search.where ? (
            <EmptyState
              title={t('lists.filteredTitle')}
              text={t('lists.filteredText')}
              action={
                <Button variant="default" onClick={() => change({ where: undefined })}>
                  {t('lists.reset')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={IconAddressBook}
              title={t('contacts.empty.title')}
              text={t('contacts.empty.text')}
              action={
                <Group>
                  {add}
                  {toImport}
                </Group>
              }
            />
          )
        }
        footer={
          query.data && (
            <>
              {query.data.meta.page.estimated && (
                <Text size="xs" c="dimmed" ta="right" px="sm" pt={4}>
                  {t('contacts.estimated')}
                </Text>
              )}
              <Pager
                page={{ ...query.data.meta.page, limit: pageSize }}
                onOffset={(offset) => change({ offset: offset || undefined })}
              />
            </>
          )
        }
        columns={[
          ...(maySend
            ? [
                {
                  key: 'select',
                  header: '',
                  width: 40,
                  cell: ({ id, phone }: Contact) => (
                    <Checkbox
                      aria-label={t('contacts.select', { phone })}
                      checked={selected.has(id)}
                      onChange={({ currentTarget: { checked } }) => toggle(id, checked)}
                    />
                  ),
                },
              ]
            : []),
          {
            key: 'phone',
            header: t('contacts.phone'),
            sort: 'phone',
            cell: ({ phone }) => <span className="figures">{`+${phone}`}</span>,
          },
          ...(fields.data ?? [])
            .filter((field) => field.is_visible)
            .slice(0, shownFields)
            .map((field, place) => fieldColumn(field, place, (value) => showValue(field, value, format))),
          {
            key: 'groups',
            header: t('contacts.lists.title'),
            from: 'sm',
            cell: ({ groups }) => (
              <Group gap={4}>
                {groups.slice(0, 3).map(({ id, name }) => (
                  <Badge key={id} color="gray" maw={140} title={name}>
                    {name}
                  </Badge>
                ))}
                {groups.length > 3 && <Text size="xs">{`+${groups.length - 3}`}</Text>}
              </Group>
            ),
          },
          {
            key: 'created',
            header: t('lists.created'),
            from: 'lg',
            sort: 'id',
            cell: ({ created_at: at }) => <span className="figures">{format.moment(at)}</span>,
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (contact) =>
              maySend && (
                <RowMenu
                  name={String(contact.phone)}
                  actions={[
                    {
                      label: t('lists.edit'),
                      icon: IconPencil,
                      onClick: () => setDialog({ kind: 'edit', contact }),
                    },
                    {
                      label: t('lists.delete'),
                      icon: IconTrash,
                      danger: true,
                      onClick: () => void remove([contact.id]),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
      {dialog?.kind === 'edit' && (
        <ContactModal
          fields={fields.data ?? []}
          {...(dialog.contact ? { contact: dialog.contact } : {})}
          onClose={() => setDialog(null)}
        />
      )}
      {(dialog?.kind === 'attach' || dialog?.kind === 'detach') && (
        <SortModal
          way={dialog.kind}
          contacts={chosen}
          onClose={() => setDialog(null)}
          onDone={() => setSelected(new Set())}
        />
      )}
    </>
  );
}

function fieldColumn(field: Field, place: number, show: (value: string) => string): Column<Contact> {
  return {
    key: `field-${field.id}`,
    header: field.name,
    ...(field.type === 'number' ? { numeric: true } : {}),
    ...(place === 0 ? {} : { from: 'md' as const }),
    cell: ({ fields }) => {
      const value = valueIn(fields, field.id);
      if (value === undefined) return '';
      return field.type === 'date' ? <span className="figures">{show(value)}</span> : show(value);
    },
  };
}

/** What a contact has in a field. */
function valueIn(fields: Contact['fields'], id: number): string | undefined {
  return fields.find((each) => String(id) in each)?.[id];
}
