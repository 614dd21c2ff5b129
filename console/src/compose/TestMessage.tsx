// The text as a message to one's own phone, before everybody gets it.
import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconDeviceMobileMessage } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { errorText } from '../components/errorText.ts';
import { useNotify } from '../components/useNotify.ts';
import { type Draft, testing } from './draft.ts';
import { readNumbers } from './numbers.ts';

const remembered = 'carillon.own-number';

type Props = { draft: Draft; text: string; ready: boolean };

export function TestMessage({ draft, text, ready }: Props) {
  const { t } = useTranslation();
  const notify = useNotify();
  const [typed, setTyped] = useState(() => localStorage.getItem(remembered) ?? '');
  const number = readNumbers(typed).numbers[0];
  const send = useMutation({
    mutationFn: (to: number) => api.post('/api/campaigns/sms/send', testing(draft, to, text)),
    onSuccess: () => {
      localStorage.setItem(remembered, typed);
      notify.done(t('compose.test.sent'));
    },
  });
  return (
    <div>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          label={t('compose.test.label')}
          type="tel"
          autoComplete="tel"
          placeholder="+34 600 000 100"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            send.reset();
          }}
        />
        <Button
          variant="default"
          leftSection={<IconDeviceMobileMessage size={16} aria-hidden />}
          disabled={!ready || number === undefined}
          loading={send.isPending}
          onClick={() => number !== undefined && send.mutate(number)}
        >
          {t('compose.test.send')}
        </Button>
      </Group>
      <Text
        size="xs"
        c={send.error ? 'var(--carillon-danger)' : 'dimmed'}
        mt={4}
        role={send.error ? 'alert' : undefined}
      >
        {send.error ? errorText(send.error, t) : t('compose.test.help')}
      </Text>
    </div>
  );
}
