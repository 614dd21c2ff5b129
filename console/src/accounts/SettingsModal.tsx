// The name and the limits of an account.
import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FormModal } from '../components/FormModal.tsx';
import { useChange } from '../components/useChange.ts';
import { decimal } from '../format/amount.ts';
import { type Account, changeAccount, moderations, senderPolicies, tariffsQuery } from './api.ts';

export function SettingsModal({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const { data: tariffs = [] } = useQuery(tariffsQuery());
  const current = tariffs.find(({ id }) => id === account.tariff_id);
  const form = useForm({
    initialValues: {
      name: account.name,
      credit: decimal(account.credit),
      moderation: account.moderation,
      sender_policy: account.sender_policy,
      messages_per_second: account.messages_per_second ?? ('' as number | string),
      messages_per_day: account.messages_per_day ?? ('' as number | string),
      default_sender: account.default_sender ?? '',
      tariff_code: null as string | null,
    },
    validate: { name: (value) => (value.trim() === '' ? t('lists.required') : null) },
  });
  const change = useChange(changeAccount, {
    touches: ['accounts'],
    done: t('common.saved'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  const limit = (value: number | string) => (value === '' ? null : Number(value));
  return (
    <FormModal
      title={t('accounts.settingsTitle', { name: account.name })}
      opened
      onClose={onClose}
      size="lg"
      busy={change.isPending}
      onSubmit={form.onSubmit(({ tariff_code: tariff, ...values }) =>
        change.mutate({
          ...values,
          ...(tariff === null ? {} : { tariff_code: Number(tariff) }),
          id: account.id,
          credit: values.credit.trim().replace(',', '.') || '0',
          messages_per_second: limit(values.messages_per_second),
          messages_per_day: limit(values.messages_per_day),
          default_sender: values.default_sender.trim() || null,
        }),
      )}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('lists.name')}
          maxLength={100}
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('accounts.field.credit')}
          description={t('accounts.hint.credit')}
          inputMode="decimal"
          {...form.getInputProps('credit')}
        />
        <NumberInput
          label={t('accounts.field.messages_per_second')}
          description={t('accounts.hint.limit')}
          min={1}
          allowDecimal={false}
          {...form.getInputProps('messages_per_second')}
        />
        <NumberInput
          label={t('accounts.field.messages_per_day')}
          description={t('accounts.hint.limit')}
          min={1}
          allowDecimal={false}
          {...form.getInputProps('messages_per_day')}
        />
        <Select
          label={t('accounts.field.tariff')}
          description={t('accounts.hint.tariff')}
          allowDeselect={false}
          data={tariffs
            .filter((each) => each === current || (each.is_active && each.currency === account.currency))
            .map(({ code, name }) => ({ value: String(code), label: name }))}
          {...form.getInputProps('tariff_code')}
          value={form.values.tariff_code ?? (current === undefined ? null : String(current.code))}
        />
        <Select
          label={t('accounts.field.moderation')}
          allowDeselect={false}
          data={moderations.map((value) => ({ value, label: t(`accounts.moderation.${value}`) }))}
          {...form.getInputProps('moderation')}
        />
        <Select
          label={t('accounts.field.sender_policy')}
          allowDeselect={false}
          data={senderPolicies.map((value) => ({ value, label: t(`accounts.senderPolicy.${value}`) }))}
          {...form.getInputProps('sender_policy')}
        />
        <TextInput
          label={t('accounts.field.default_sender')}
          maxLength={15}
          {...form.getInputProps('default_sender')}
        />
      </SimpleGrid>
    </FormModal>
  );
}
