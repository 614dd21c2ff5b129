// Who may sign in: found, made, changed. For administrators.
import { Anchor, Badge, Button, Group, Modal, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSearch, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Page } from '../api/client.ts';
import type { Role, User } from '../api/types.ts';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { defined, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { type Format, useFormat } from '../format/useFormat.ts';
import type { Translate } from '../i18n/index.ts';
import { NewUserForm } from './NewUserForm.tsx';
import { roles, type UserSearch } from './search.ts';
import { UserDrawer } from './UserDrawer.tsx';

const route = getRouteApi('/users');

export default function UsersPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(search.text ?? '');
  const [chosen, setChosen] = useState<User | null>(null);
  const [making, { open, close }] = useDisclosure();
  const query = {
    'page[offset]': search.offset ?? 0,
    'page[limit]': pageSize,
    'search[text]': search.text,
    'filter[role]': search.role,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ['users', query],
    queryFn: ({ signal }) => api.get<Page<User>>('/console/api/users', { query, signal }),
    placeholderData: keepPreviousData,
  });
  const change = (part: { [K in keyof UserSearch]?: UserSearch[K] | undefined }) =>
    void navigate({ search: defined({ ...search, offset: undefined, ...part }), replace: true });
  const changeText = useDebouncedCallback((text: string) => change({ text: text.trim() || undefined }), 300);
  const changed = () => void client.invalidateQueries({ queryKey: ['users'] });

  return (
    <>
      <PageHeader
        title={t('users.title')}
        actions={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('users.new')}
          </Button>
        }
      />
      <Group gap="xs" mb="sm" align="flex-end">
        <TextInput
          label={t('common.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={({ currentTarget: { value } }) => {
            setTyped(value);
            changeText(value);
          }}
          flex="1 1 180px"
          maw={320}
        />
        <Select
          label={t('users.column.role')}
          data={[
            { value: '', label: t('common.all') },
            ...roles.map((value) => ({ value: value as string, label: t(`users.role.${value}`) })),
          ]}
          value={search.role ?? ''}
          onChange={(role) => change({ role: (role as Role) || undefined })}
          allowDeselect={false}
          w={180}
        />
      </Group>
      <DataTable
        label={t('users.title')}
        rows={data?.data}
        rowKey={({ id }) => id}
        error={error}
        retry={() => void refetch()}
        columns={columns(t, format, setChosen)}
        empty={<EmptyState icon={IconUsers} title={t('users.emptyTitle')} text={t('users.emptyText')} />}
        footer={
          data && (
            <Pager page={data.meta.page} onOffset={(offset) => change({ offset: offset || undefined })} />
          )
        }
      />
      <Modal
        opened={making}
        onClose={close}
        title={t('users.new')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <NewUserForm onMade={changed} />
      </Modal>
      <UserDrawer
        user={chosen}
        onClose={() => setChosen(null)}
        onChanged={(user) => {
          setChosen(user);
          changed();
        }}
      />
    </>
  );
}

function columns(t: Translate, { moment }: Format, choose: (user: User) => void): Column<User>[] {
  return [
    {
      key: 'name',
      header: t('users.column.name'),
      cell: (user) => (
        <>
          <Anchor component="button" type="button" fz="sm" fw={500} ta="left" onClick={() => choose(user)}>
            {user.name}
          </Anchor>
          <Text size="xs" c="dimmed">
            {user.email}
          </Text>
        </>
      ),
    },
    { key: 'role', header: t('users.column.role'), cell: ({ role }) => t(`users.role.${role}`) },
    {
      key: 'account',
      header: t('users.column.account'),
      from: 'sm',
      cell: ({ account_name }) => account_name,
    },
    {
      key: 'totp',
      header: t('users.column.totp'),
      from: 'lg',
      cell: ({ totp_enabled }) => t(totp_enabled ? 'common.yes' : 'common.no'),
    },
    {
      key: 'seen',
      header: t('users.column.seen'),
      from: 'md',
      cell: ({ last_login_at }) => (last_login_at ? moment(last_login_at) : t('common.never')),
    },
    {
      key: 'state',
      header: t('users.column.state'),
      from: 'xs',
      cell: ({ disabled_at }) => (
        <Badge color={disabled_at ? 'red' : 'green'}>
          {t(disabled_at ? 'users.disabled' : 'users.active')}
        </Badge>
      ),
    },
  ];
}
