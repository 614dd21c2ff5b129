// A new password: on the page that demands one, and in the profile.
import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { fieldErrors } from '../components/errorText.ts';
import { useNotify } from '../components/useNotify.ts';
import { useSessionActions } from './session.ts';

const shortest = 10;

export function PasswordForm() {
  const { t } = useTranslation();
  const notify = useNotify();
  const { renew } = useSessionActions();
  const form = useForm({
    initialValues: { current_password: '', new_password: '', repeated: '' },
    validate: {
      new_password: (value) => (value.length < shortest ? t('session.change.rule') : null),
      repeated: (value, { new_password }) => (value === new_password ? null : t('session.change.differ')),
    },
  });
  const change = useMutation({
    mutationFn: ({ current_password, new_password }: typeof form.values) =>
      api.post<{ data: Session }>('/console/api/me/password', { current_password, new_password }),
    onSuccess: ({ data }) => {
      form.reset();
      renew(data);
      notify.done(t('session.change.done'));
    },
    onError: (error) => {
      const errors = fieldErrors(error);
      if (Object.keys(errors).length > 0) form.setErrors(errors);
      else notify.error(error);
    },
  });

  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack>
        <PasswordInput
          label={t('session.change.current')}
          autoComplete="current-password"
          required
          {...form.getInputProps('current_password')}
        />
        <PasswordInput
          label={t('session.change.new')}
          description={t('session.change.rule')}
          autoComplete="new-password"
          required
          {...form.getInputProps('new_password')}
        />
        <PasswordInput
          label={t('session.change.repeat')}
          autoComplete="new-password"
          required
          {...form.getInputProps('repeated')}
        />
        <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
          {t('session.change.submit')}
        </Button>
      </Stack>
    </form>
  );
}
