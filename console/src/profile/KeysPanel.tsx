// The API keys of the account: those there are, a new one, and taking one back.
import {
  Badge,
  Button,
  Checkbox,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import type { Permission } from '../api/types.ts';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { fieldErrors } from '../components/errorText.ts';
import { Pager } from '../components/Pager.tsx';
import { Panel } from '../components/Panel.tsx';
import { Secret } from '../components/Secret.tsx';
import { useConfirm } from '../components/useConfirm.tsx';
import { useNotify } from '../components/useNotify.ts';
import { useFormat } from '../format/useFormat.ts';
import { useOwnSession } from '../session/session.ts';
import { type Key, keysQuery } from './api.ts';

const pageRows = 20;

export function KeysPanel() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const notify = useNotify();
  const confirm = useConfirm();
  const client = useQueryClient();
  const [offset, setOffset] = useState(0);
  const [opened, { open, close }] = useDisclosure();
  const [made, setMade] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(keysQuery(offset, pageRows));
  const changed = () => client.invalidateQueries({ queryKey: ['profile', 'keys'] });
  const revoke = useMutation({
    mutationFn: (id: number) => api.delete(`/console/api/keys/${id}`),
    onSuccess: () => notify.done(t('profile.keys.revoked')),
    onError: notify.error,
    onSettled: changed,
  });
  async function askRevoke({ id, hint }: Key) {
    const sure = await confirm({
      title: t('profile.keys.confirmTitle', { hint }),
      text: t('profile.keys.confirmText'),
      confirm: t('profile.keys.revoke'),
      danger: true,
    });
    if (sure) revoke.mutate(id);
  }
  const create = (
    <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={open}>
      {t('profile.keys.new')}
    </Button>
  );
  return (
    <Panel title={t('profile.keys.title')} actions={create}>
      <Stack gap="sm">
        {made !== null && (
          <Secret title={t('profile.keys.madeTitle')} text={t('profile.keys.madeText')} value={made} />
        )}
        <DataTable
          label={t('profile.keys.title')}
          rows={data?.data}
          rowKey={({ id }) => id}
          error={error}
          retry={() => void refetch()}
          empty={
            <EmptyState
              icon={IconKey}
              title={t('profile.keys.emptyTitle')}
              text={t('profile.keys.emptyText')}
            />
          }
          footer={
            data && data.meta.page.total > pageRows && <Pager page={data.meta.page} onOffset={setOffset} />
          }
          columns={[
            {
              key: 'key',
              header: t('profile.keys.key'),
              cell: ({ hint, name, kind }) => (
                <>
                  <Group gap="xs">
                    <Text size="sm" ff="monospace">
                      {hint}
                    </Text>
                    <Badge color={kind === 'live' ? 'blue' : 'gray'}>{t(`profile.keys.${kind}`)}</Badge>
                  </Group>
                  {name && (
                    <Text size="xs" c="dimmed">
                      {name}
                    </Text>
                  )}
                </>
              ),
            },
            {
              key: 'scopes',
              header: t('profile.keys.scopes'),
              from: 'md',
              cell: ({ scopes }) => scopes.map((scope) => t(`profile.scope.${scope}`)).join(', '),
            },
            {
              key: 'used',
              header: t('profile.keys.used'),
              from: 'sm',
              cell: ({ last_used_at }) => (last_used_at ? moment(last_used_at) : t('common.never')),
            },
            {
              key: 'revoke',
              header: t('common.actions'),
              cell: (key) =>
                key.revoked_at ? (
                  <Badge color="gray">{t('profile.keys.isRevoked')}</Badge>
                ) : (
                  <Button size="compact-sm" variant="default" onClick={() => void askRevoke(key)}>
                    {t('profile.keys.revoke')}
                  </Button>
                ),
            },
          ]}
        />
      </Stack>
      <Modal
        opened={opened}
        onClose={close}
        title={t('profile.keys.new')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <NewKeyForm
          onMade={(key) => {
            setMade(key);
            close();
            void changed();
          }}
        />
      </Modal>
    </Panel>
  );
}

function NewKeyForm({ onMade }: { onMade: (key: string) => void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { permissions } = useOwnSession();
  const form = useForm<{ name: string; kind: string; scopes: Permission[] }>({
    initialValues: { name: '', kind: 'live', scopes: ['send', 'read'] },
  });
  const create = useMutation({
    mutationFn: ({ name, kind, scopes }: typeof form.values) =>
      api.post<{ data: { key: string } }>('/console/api/keys', {
        kind,
        scopes,
        ...(name.trim() === '' ? {} : { name: name.trim() }),
      }),
    onSuccess: ({ data }) => onMade(data.key),
    onError: (error) => {
      const errors = fieldErrors(error);
      if (Object.keys(errors).length > 0) form.setErrors(errors);
      else notify.error(error);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        <TextInput
          label={t('profile.keys.name')}
          description={t('profile.keys.nameHelp')}
          maxLength={100}
          {...form.getInputProps('name')}
        />
        <SegmentedControl
          aria-label={t('profile.keys.kind')}
          data={[
            { value: 'live', label: t('profile.keys.liveLong') },
            { value: 'test', label: t('profile.keys.testLong') },
          ]}
          {...form.getInputProps('kind')}
        />
        <Checkbox.Group label={t('profile.keys.scopes')} {...form.getInputProps('scopes')}>
          <Stack gap={6} mt={6}>
            {permissions.map((scope) => (
              <Checkbox key={scope} value={scope} label={t(`profile.scope.${scope}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Button type="submit" loading={create.isPending} disabled={form.values.scopes.length === 0}>
          {t('profile.keys.create')}
        </Button>
      </Stack>
    </form>
  );
}
