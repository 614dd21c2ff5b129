// One user, with everything that an administrator may do about them.
import { Button, Drawer, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import type { Role, User } from '../api/types.ts';
import { Secret } from '../components/Secret.tsx';
import { useConfirm } from '../components/useConfirm.tsx';
import { useNotify } from '../components/useNotify.ts';
import { useFormat } from '../format/useFormat.ts';
import { useOwnSession } from '../session/session.ts';
import { roles } from './search.ts';

type Props = { user: User | null; onClose: () => void; onChanged: (user: User) => void };

export function UserDrawer({ user, onClose, onChanged }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={user !== null}
      onClose={onClose}
      position="right"
      title={user?.name}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {user && <Content key={user.id} user={user} onChanged={onChanged} />}
    </Drawer>
  );
}

function Content({ user, onChanged }: { user: User; onChanged: (user: User) => void }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const notify = useNotify();
  const confirm = useConfirm();
  const { user: self } = useOwnSession();
  const [password, setPassword] = useState<string | null>(null);
  const path = `/console/api/users/${user.id}`;
  const own = user.id === self.id;

  const change = useMutation({
    mutationFn: (part: { role?: Role; disabled?: boolean }) => api.patch<{ data: User }>(path, part),
    onSuccess: ({ data }) => {
      onChanged(data);
      notify.done(t('common.saved'));
    },
    onError: notify.error,
  });
  const renew = useMutation({
    mutationFn: () => api.post<{ data: User & { password: string } }>(`${path}/password`),
    onSuccess: ({ data }) => {
      setPassword(data.password);
      onChanged(data);
    },
    onError: notify.error,
  });
  const removeTotp = useMutation({
    mutationFn: () => api.delete<{ data: User }>(`${path}/totp`),
    onSuccess: ({ data }) => onChanged(data),
    onError: notify.error,
  });
  const endSessions = useMutation({
    mutationFn: () => api.delete(`${path}/sessions`),
    onSuccess: () => notify.done(t('users.sessionsEnded')),
    onError: notify.error,
  });
  async function ask(what: 'password' | 'totp' | 'disable', then: () => void) {
    const sure = await confirm({
      title: t(`users.confirm.${what}.title`, { name: user.name }),
      text: t(`users.confirm.${what}.text`),
      confirm: t(`users.confirm.${what}.confirm`),
      danger: what === 'disable',
    });
    if (sure) then();
  }
  const facts: [string, string][] = [
    [t('session.email'), user.email],
    [t('users.column.account'), user.account_name],
    [t('users.since'), moment(user.created_at)],
    [t('users.column.seen'), user.last_login_at ? moment(user.last_login_at) : t('common.never')],
    [t('users.column.totp'), t(user.totp_enabled ? 'common.yes' : 'common.no')],
  ];
  return (
    <Stack>
      <Stack gap={4}>
        {facts.map(([label, value]) => (
          <Group key={label} justify="space-between" wrap="nowrap">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="sm" ta="right" style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Text>
          </Group>
        ))}
      </Stack>
      <Select
        label={t('users.column.role')}
        description={own && t('users.ownRole')}
        data={roles.map((value) => ({ value, label: t(`users.role.${value}`) }))}
        value={user.role}
        onChange={(role) => role && role !== user.role && change.mutate({ role: role as Role })}
        allowDeselect={false}
        disabled={own}
      />
      {password !== null && (
        <Secret title={t('users.newPassword')} text={t('users.passwordOnce')} value={password} />
      )}
      <Button variant="default" onClick={() => void ask('password', () => renew.mutate())}>
        {t('users.resetPassword')}
      </Button>
      {user.totp_enabled && (
        <Button variant="default" onClick={() => void ask('totp', () => removeTotp.mutate())}>
          {t('users.removeTotp')}
        </Button>
      )}
      <Button variant="default" onClick={() => endSessions.mutate()}>
        {t('users.endSessions')}
      </Button>
      {!own &&
        (user.disabled_at ? (
          <Button variant="default" onClick={() => change.mutate({ disabled: false })}>
            {t('users.enable')}
          </Button>
        ) : (
          <Button
            variant="default"
            c="var(--carillon-danger)"
            onClick={() => void ask('disable', () => change.mutate({ disabled: true }))}
          >
            {t('users.disable')}
          </Button>
        ))}
    </Stack>
  );
}
