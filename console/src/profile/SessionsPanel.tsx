// Where the user is signed in, and the way to end that.
import { Badge, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { DataTable } from '../components/DataTable.tsx';
import { Panel } from '../components/Panel.tsx';
import { useNotify } from '../components/useNotify.ts';
import { useFormat } from '../format/useFormat.ts';
import { sessionsQuery } from './api.ts';
import { browserName } from './browserName.ts';

export function SessionsPanel() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const notify = useNotify();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: number | 'others') =>
      api.delete(id === 'others' ? '/console/api/me/sessions' : `/console/api/me/sessions/${id}`),
    onSuccess: () => notify.done(t('profile.sessions.ended')),
    onError: notify.error,
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <Panel
      title={t('profile.sessions.title')}
      actions={
        data !== undefined &&
        data.length > 1 && (
          <Button size="xs" variant="default" onClick={() => end.mutate('others')}>
            {t('profile.sessions.endOthers')}
          </Button>
        )
      }
    >
      <DataTable
        label={t('profile.sessions.title')}
        rows={data}
        rowKey={({ id }) => id}
        error={error}
        retry={() => void refetch()}
        empty={null}
        columns={[
          {
            key: 'browser',
            header: t('profile.sessions.browser'),
            cell: ({ user_agent, current }) => (
              <Group gap="xs">
                <Text size="sm">{browserName(user_agent) ?? t('profile.sessions.unknown')}</Text>
                {current && <Badge color="green">{t('profile.sessions.current')}</Badge>}
              </Group>
            ),
          },
          {
            key: 'ip',
            header: t('profile.sessions.ip'),
            from: 'sm',
            cell: ({ ip }) => ip ?? t('common.nothing'),
          },
          {
            key: 'since',
            header: t('profile.sessions.since'),
            from: 'md',
            cell: ({ created_at }) => moment(created_at),
          },
          {
            key: 'seen',
            header: t('profile.sessions.seen'),
            from: 'sm',
            cell: ({ last_seen_at }) => moment(last_seen_at),
          },
          {
            key: 'end',
            header: t('common.actions'),
            cell: ({ id, current }) =>
              !current && (
                <Button size="compact-sm" variant="default" onClick={() => end.mutate(id)}>
                  {t('profile.sessions.end')}
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  );
}
