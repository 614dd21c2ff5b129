// Name, language and time zone of the user.
import { Button, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { fieldErrors } from '../components/errorText.ts';
import { useNotify } from '../components/useNotify.ts';
import { languages } from '../i18n/index.ts';
import { browserLocale } from '../session/locale.ts';
import { useOwnSession, useSessionActions } from '../session/session.ts';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export function AboutForm() {
  const { t } = useTranslation();
  const notify = useNotify();
  const { user } = useOwnSession();
  const { refresh } = useSessionActions();
  const form = useForm({
    initialValues: { name: user.name, locale: user.locale ?? '', time_zone: user.time_zone ?? '' },
  });
  const save = useMutation({
    mutationFn: ({ name, locale, time_zone }: typeof form.values) =>
      api.patch('/console/api/me', {
        name: name.trim(),
        locale: locale || null,
        time_zone: time_zone || null,
      }),
    onSuccess: async () => {
      await refresh();
      notify.done(t('common.saved'));
    },
    onError: (error) => {
      const errors = fieldErrors(error);
      if (Object.keys(errors).length > 0) form.setErrors(errors);
      else notify.error(error);
    },
  });
  const choices: { value: string; label: string }[] = Object.entries(languages).map(([value, { name }]) => ({
    value,
    label: name,
  }));
  if (user.locale && !choices.some(({ value }) => value === user.locale)) {
    choices.push({ value: user.locale, label: user.locale });
  }
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput
          label={t('profile.about.name')}
          autoComplete="name"
          required
          maxLength={100}
          {...form.getInputProps('name')}
        />
        <Select
          label={t('profile.about.language')}
          data={[
            { value: '', label: t('profile.about.browser', { value: browserLocale.locale }) },
            ...choices,
          ]}
          allowDeselect={false}
          {...form.getInputProps('locale')}
        />
        <Select
          label={t('profile.about.zone')}
          data={[{ value: '', label: t('profile.about.browser', { value: browserLocale.zone }) }, ...zones]}
          searchable
          allowDeselect={false}
          limit={100}
          {...form.getInputProps('time_zone')}
        />
        <Button type="submit" loading={save.isPending} style={{ alignSelf: 'flex-start' }}>
          {t('common.save')}
        </Button>
      </Stack>
    </form>
  );
}
