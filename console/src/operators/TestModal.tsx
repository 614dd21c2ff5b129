// One message to try a connection with, and what becomes of it.
import { Alert, Group, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormModal } from '../components/FormModal.tsx';
import { MessageStatusLabel } from '../components/StatusBadge.tsx';
import { useChange } from '../components/useChange.ts';
import { type OperatorLive, sendOne, sentQuery } from './api.ts';

const open = ['sending', 'scheduled', 'moderation', 'sent', 'accepted'];
const names = { 'phones.0.number': 'phone' };

type Props = { operator: OperatorLive & { id: number }; onClose: () => void };

export function TestModal({ operator, onClose }: Props) {
  const { t } = useTranslation();
  const [sent, setSent] = useState<number | null>(null);
  const { id, simulator: simulated, name } = operator;
  const form = useForm({
    initialValues: {
      phone: simulated ? '34600000100' : '',
      sender: 'Carillon',
      text: t('operators.test.hello'),
    },
    validate: {
      phone: (value) => (value.replace(/\D/g, '').length < 9 ? t('operators.test.wrongPhone') : null),
    },
  });
  const sending = useChange(sendOne, {
    touches: [],
    onDone: setSent,
    setErrors: form.setErrors,
    names,
  });
  return (
    <FormModal
      title={t('operators.test.title', { name })}
      opened
      onClose={onClose}
      onSubmit={form.onSubmit((values) => sending.mutate({ ...values, operator: id }))}
      submit={t('operators.test.send')}
      busy={sending.isPending}
    >
      <Text size="sm" c="dimmed">
        {t(simulated ? 'operators.test.simulated' : 'operators.test.real')}
      </Text>
      <TextInput
        label={t('operators.test.phone')}
        description={t('operators.test.phoneHint')}
        inputMode="tel"
        data-autofocus
        required
        {...form.getInputProps('phone')}
      />
      <TextInput label={t('operators.test.sender')} required {...form.getInputProps('sender')} />
      <Textarea
        label={t('operators.test.text')}
        required
        autosize
        minRows={2}
        {...form.getInputProps('text')}
      />
      {sent !== null && <Outcome id={sent} simulated={simulated} />}
    </FormModal>
  );
}

function Outcome({ id, simulated }: { id: number; simulated: boolean }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    ...sentQuery(id, simulated),
    refetchInterval: ({ state }) => (state.data && !open.includes(state.data.status) ? false : 1_000),
  });
  return (
    <Alert color="blue" title={t('operators.test.outcome', { id })} role="status">
      {data && (
        <Group gap="sm">
          <MessageStatusLabel status={data.status} />
          {data.error && <Text size="sm">{data.error}</Text>}
        </Group>
      )}
    </Alert>
  );
}
