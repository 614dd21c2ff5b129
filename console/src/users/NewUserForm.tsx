// A new user, whose password is shown once.
import { Button, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Page } from '../api/client.ts';
import type { Role, User } from '../api/types.ts';
import { fieldErrors } from '../components/errorText.ts';
import { Secret } from '../components/Secret.tsx';
import { useNotify } from '../components/useNotify.ts';
import { roles } from './search.ts';

type Account = { id: number; name: string; role: 'customer' | 'admin' };

export function NewUserForm({ onMade }: { onMade: () => void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { data: accounts = [] } = useQuery({
    queryKey: ['accounts', 'choice'],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Account>>('/admin/api/accounts', { query: { 'page[limit]': 500 }, signal })).data,
  });
  const form = useForm<{ email: string; name: string; role: Role; account: string | null }>({
    initialValues: { email: '', name: '', role: 'customer', account: null },
    validate: { account: (value) => (value === null ? t('users.chooseAccount') : null) },
  });
  const make = useMutation({
    mutationFn: ({ email, name, role, account }: typeof form.values) =>
      api.post<{ data: User & { password: string } }>('/console/api/users', {
        email: email.trim(),
        name: name.trim(),
        role,
        account_id: Number(account),
      }),
    onSuccess: onMade,
    onError: (error) => {
      const errors = fieldErrors(error, { account_id: 'account' });
      if (Object.keys(errors).length > 0) form.setErrors(errors);
      else notify.error(error);
    },
  });
  if (make.data) {
    const { email, password } = make.data.data;
    return <Secret title={t('users.made', { email })} text={t('users.passwordOnce')} value={password} />;
  }
  // Moderators and administrators belong to the accounts of the house.
  const fitting = accounts.filter(({ role }) => form.values.role === 'customer' || role === 'admin');
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack>
        <TextInput label={t('session.email')} type="email" required {...form.getInputProps('email')} />
        <TextInput label={t('users.column.name')} required maxLength={100} {...form.getInputProps('name')} />
        <Select
          label={t('users.column.role')}
          data={roles.map((value) => ({ value, label: t(`users.role.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('role')}
        />
        <Select
          label={t('users.column.account')}
          data={fitting.map(({ id, name }) => ({ value: String(id), label: `${name} (${id})` }))}
          searchable
          required
          {...form.getInputProps('account')}
        />
        <Button type="submit" loading={make.isPending}>
          {t('users.create')}
        </Button>
      </Stack>
    </form>
  );
}
