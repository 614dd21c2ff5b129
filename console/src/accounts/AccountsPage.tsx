// Every account of the installation: what it has, and its limits.
import { Anchor, Badge, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconBuilding, IconCash, IconPencil, IconPlus, IconScale } from '@tabler/icons-react';
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
import { useFormat } from '../format/useFormat.ts';
import { type Account, accountsQuery, createAccount, type NewAccount, roles } from './api.ts';
import { BookingModal } from './BookingModal.tsx';
import { SettingsModal } from './SettingsModal.tsx';

const route = getRouteApi('/accounts');

type Dialog = { kind: 'new' } | { kind: 'settings' | 'top-up' | 'adjustment'; account: Account } | null;

export default function AccountsPage() {
  const { t } = useTranslation();
  const { money, number } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(accountsQuery(search));
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => setDialog(null);
  const limit = (value: number | null) => (value === null ? t('common.nothing') : number(value));
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({ kind: 'new' })}>
      {t('accounts.add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('accounts.title')} actions={add} />
      <Group mb="sm">
        <SearchBox
          label={t('contacts.lists.search')}
          value={search.name}
          onChange={(name) => void navigate({ search: defined({ name }), replace: true })}
        />
      </Group>
      <DataTable
        label={t('accounts.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconBuilding}
            title={t(search.name ? 'lists.filteredTitle' : 'accounts.empty.title')}
            text={t(search.name ? 'lists.filteredText' : 'accounts.empty.text')}
            action={search.name ? undefined : add}
          />
        }
        footer={
          query.data && (
            <Pager
              page={{ ...query.data.meta.page, limit: pageSize }}
              onOffset={(offset) =>
                void navigate({ search: (old) => defined({ ...old, offset: offset || undefined }) })
              }
            />
          )
        }
        columns={[
          {
            key: 'name',
            header: t('lists.name'),
            cell: ({ id, name, role }) => (
              <>
                <Group gap={6}>
                  <Anchor
                    fz="sm"
                    fw={500}
                    style={{ overflowWrap: 'anywhere' }}
                    renderRoot={(props) => <Link to="/accounts/$id" params={{ id }} {...props} />}
                  >
                    {name}
                  </Anchor>
                  {role === 'admin' && <Badge color="gray">{t('accounts.role.admin')}</Badge>}
                </Group>
                <Text size="xs" c="dimmed" className="figures">
                  {t('accounts.number', { id })}
                </Text>
              </>
            ),
          },
          {
            key: 'balance',
            header: t('accounts.field.balance'),
            numeric: true,
            cell: ({ balance, currency }) => money(balance, currency),
          },
          {
            key: 'credit',
            header: t('accounts.field.credit'),
            numeric: true,
            from: 'md',
            cell: ({ credit, currency }) => money(credit, currency),
          },
          {
            key: 'second',
            header: t('accounts.column.perSecond'),
            numeric: true,
            from: 'md',
            cell: ({ messages_per_second: value }) => limit(value),
          },
          {
            key: 'day',
            header: t('accounts.column.perDay'),
            numeric: true,
            from: 'lg',
            cell: ({ messages_per_day: value }) => limit(value),
          },
          {
            key: 'moderation',
            header: t('accounts.field.moderation'),
            from: 'lg',
            cell: ({ moderation }) => t(`accounts.moderation.${moderation}`),
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (account) => (
              <RowMenu
                name={account.name}
                actions={[
                  {
                    label: t('accounts.topUp'),
                    icon: IconCash,
                    onClick: () => setDialog({ kind: 'top-up', account }),
                  },
                  {
                    label: t('accounts.adjust'),
                    icon: IconScale,
                    onClick: () => setDialog({ kind: 'adjustment', account }),
                  },
                  {
                    label: t('accounts.settings'),
                    icon: IconPencil,
                    onClick: () => setDialog({ kind: 'settings', account }),
                  },
                ]}
              />
            ),
          },
        ]}
      />
      {dialog?.kind === 'new' && <NewAccountModal onClose={close} />}
      {dialog?.kind === 'settings' && <SettingsModal account={dialog.account} onClose={close} />}
      {(dialog?.kind === 'top-up' || dialog?.kind === 'adjustment') && (
        <BookingModal kind={dialog.kind} account={dialog.account} onClose={close} />
      )}
    </>
  );
}

function NewAccountModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm<NewAccount>({
    initialValues: { name: '', role: 'customer', currency: 'EUR', credit: '0' },
    validate: { name: (value) => (value.trim() === '' ? t('lists.required') : null) },
  });
  const change = useChange(createAccount, {
    touches: ['accounts'],
    done: t('accounts.added'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t('accounts.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      submit={t('lists.add')}
      onSubmit={form.onSubmit((values) =>
        change.mutate({ ...values, currency: values.currency.toUpperCase(), credit: values.credit || '0' }),
      )}
    >
      <TextInput
        label={t('lists.name')}
        maxLength={100}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select
        label={t('accounts.field.role')}
        allowDeselect={false}
        data={roles.map((value) => ({ value, label: t(`accounts.role.${value}`) }))}
        {...form.getInputProps('role')}
      />
      <TextInput
        label={t('accounts.field.currency')}
        description={t('accounts.hint.currency')}
        maxLength={3}
        {...form.getInputProps('currency')}
      />
      <TextInput
        label={t('accounts.field.credit')}
        description={t('accounts.hint.credit')}
        inputMode="decimal"
        {...form.getInputProps('credit')}
      />
    </FormModal>
  );
}
