// Money for an account, or a correction of its balance.
import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormModal } from '../components/FormModal.tsx';
import { useChange } from '../components/useChange.ts';
import { useFormat } from '../format/useFormat.ts';
import { type Account, book } from './api.ts';

type Props = { kind: 'top-up' | 'adjustment'; account: Account; onClose: () => void };

export function BookingModal({ kind, account, onClose }: Props) {
  const { t } = useTranslation();
  const { money } = useFormat();
  // The same for every try of this dialog.
  const [once] = useState(() => newKey());
  const corrects = kind === 'adjustment';
  const form = useForm({
    initialValues: { amount: '', note: '' },
    validate: {
      amount: (value) => (/^-?\d+([.,]\d+)?$/.test(value.trim()) ? null : t('accounts.wrongAmount')),
      note: (value) => (corrects && value.trim() === '' ? t('lists.required') : null),
    },
  });
  const change = useChange(book, {
    touches: ['accounts', 'money'],
    done: t('accounts.booked'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t(corrects ? 'accounts.adjustTitle' : 'accounts.topUpTitle', { name: account.name })}
      opened
      onClose={onClose}
      busy={change.isPending}
      submit={t(corrects ? 'accounts.adjust' : 'accounts.topUp')}
      onSubmit={form.onSubmit(({ amount, note }) =>
        change.mutate({
          ...{ id: account.id, kind, once },
          amount: amount.trim().replace(',', '.'),
          note: note.trim(),
        }),
      )}
    >
      <Text size="sm">{t('accounts.now', { balance: money(account.balance, account.currency) })}</Text>
      <TextInput
        label={t('accounts.amount', { currency: account.currency })}
        description={corrects ? t('accounts.hint.adjust') : undefined}
        inputMode="decimal"
        required
        data-autofocus
        {...form.getInputProps('amount')}
      />
      <TextInput
        label={t('accounts.note')}
        description={t('accounts.hint.note')}
        maxLength={500}
        required={corrects}
        {...form.getInputProps('note')}
      />
    </FormModal>
  );
}

/** Not randomUUID, which browsers have over https only. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
