// From whom, by which tariff, and when.
import { Autocomplete, Group, SegmentedControl, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Panel } from '../components/Panel.tsx';
import { toLocal } from '../format/moment.ts';
import { useFormat } from '../format/useFormat.ts';
import { sendersQuery, tariffsQuery } from './api.ts';
import type { Draft } from './draft.ts';

type Props = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: { sender?: string | undefined; tariff?: string | undefined; start?: string | undefined };
};

const hourMs = 3_600_000;

export function SendingSection({ draft, change, errors }: Props) {
  const { t } = useTranslation();
  const { zone } = useFormat();
  const { data: senders = [] } = useQuery(sendersQuery);
  const { data: tariffs = [] } = useQuery(tariffsQuery);
  const active = tariffs.filter(({ is_active }) => is_active);
  const names = [...new Set(senders.filter(({ status }) => status === 'active').map(({ sender }) => sender))];
  function when(value: string) {
    if (value === 'now') change({ when: 'now' });
    else
      change({
        when: 'later',
        at:
          draft.at ||
          toLocal(new Date(Date.now() + hourMs), zone)
            .slice(0, 16)
            .replace(' ', 'T'),
      });
  }
  return (
    <Panel title={t('compose.sending.title')}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <Autocomplete
            label={t('compose.sending.sender')}
            description={t('compose.sending.senderHelp')}
            data={names}
            value={draft.sender}
            onChange={(sender) => change({ sender })}
            maxLength={15}
            error={errors.sender}
          />
          {active.length > 1 && (
            <Select
              label={t('compose.sending.tariff')}
              description={t('compose.sending.tariffHelp')}
              data={active.map(({ code, name }) => ({ value: String(code), label: name }))}
              value={draft.tariff}
              onChange={(tariff) => change({ tariff })}
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              error={errors.tariff}
            />
          )}
        </Group>
        <SegmentedControl
          value={draft.when}
          onChange={when}
          aria-label={t('compose.sending.when')}
          data={[
            { value: 'now', label: t('compose.sending.now') },
            { value: 'later', label: t('compose.sending.later') },
          ]}
          style={{ alignSelf: 'flex-start' }}
        />
        {draft.when === 'later' && (
          <TextInput
            type="datetime-local"
            label={t('compose.sending.at')}
            description={t('compose.sending.zone', { zone })}
            value={draft.at}
            onChange={(event) => change({ at: event.currentTarget.value })}
            error={errors.start}
            maw={260}
          />
        )}
        {draft.when === 'now' && errors.start !== undefined && (
          <Text c="var(--carillon-danger)">{errors.start}</Text>
        )}
        <Switch
          label={t('compose.sending.curfew')}
          description={t('compose.sending.curfewHelp')}
          checked={draft.respectCurfew}
          onChange={(event) => change({ respectCurfew: event.currentTarget.checked })}
        />
      </Stack>
    </Panel>
  );
}
