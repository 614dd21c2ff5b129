// The second factor: turned on with an authenticator, its recovery codes, turned off.
import { Badge, Button, Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { errorText } from '../components/errorText.ts';
import { Panel } from '../components/Panel.tsx';
import { Secret } from '../components/Secret.tsx';
import { useNotify } from '../components/useNotify.ts';
import { useOwnSession, useSessionActions } from '../session/session.ts';

type Enrolment = { secret: string; uri: string };
type Codes = { recovery_codes: string[] };
const path = '/console/api/me/totp';

export function TotpPanel() {
  const { t } = useTranslation();
  const { user } = useOwnSession();
  const { refresh } = useSessionActions();
  const notify = useNotify();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<string[] | null>(null);
  const body = { current_password: password };

  const begin = useMutation({ mutationFn: () => api.post<{ data: Enrolment }>(path, body) });
  const confirm = useMutation({
    mutationFn: () => api.post<{ data: Codes }>(`${path}/confirm`, { code: code.trim() }),
    onSuccess: ({ data }) => shown(data),
  });
  const renew = useMutation({
    mutationFn: () => api.post<{ data: Codes }>(`${path}/recovery-codes`, body),
    onSuccess: ({ data }) => shown(data),
  });
  const disable = useMutation({
    mutationFn: () => api.post(`${path}/disable`, body),
    onSuccess: () => {
      setCodes(null);
      forget();
      notify.done(t('profile.totp.disabled'));
    },
  });
  function shown({ recovery_codes }: Codes) {
    setCodes(recovery_codes);
    forget();
  }
  function forget() {
    setPassword('');
    setCode('');
    begin.reset();
    void refresh();
  }
  const enrolment = begin.data?.data;
  const failed = begin.error ?? renew.error ?? disable.error;

  return (
    <Panel
      title={t('profile.totp.title')}
      actions={
        <Badge color={user.totp_enabled ? 'green' : 'gray'}>
          {t(user.totp_enabled ? 'profile.totp.on' : 'profile.totp.off')}
        </Badge>
      }
    >
      <Stack gap="sm" maw={560}>
        <Text size="sm" c="dimmed">
          {user.totp_enabled
            ? t('profile.totp.left', { count: user.recovery_codes_left })
            : t('profile.totp.why')}
        </Text>
        {codes && (
          <Secret
            title={t('profile.totp.codesTitle')}
            text={t('profile.totp.codesText')}
            value={codes.join('\n')}
          />
        )}
        {enrolment && !user.totp_enabled ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              confirm.mutate();
            }}
          >
            <Stack gap="sm" align="flex-start">
              <Text size="sm">{t('profile.totp.scan')}</Text>
              <QRCodeSVG value={enrolment.uri} size={176} marginSize={2} title={t('profile.totp.qr')} />
              <Text size="sm">
                {t('profile.totp.type')} <Code data-testid="totp-secret">{enrolment.secret}</Code>
              </Text>
              <Group align="flex-end">
                <TextInput
                  label={t('profile.totp.code')}
                  autoComplete="one-time-code"
                  inputMode="numeric"
                  value={code}
                  onChange={(event) => setCode(event.currentTarget.value)}
                  error={confirm.error && errorText(confirm.error, t)}
                />
                <Button type="submit" loading={confirm.isPending} disabled={code.trim() === ''}>
                  {t('profile.totp.confirm')}
                </Button>
              </Group>
            </Stack>
          </form>
        ) : (
          <Group align="flex-end">
            <PasswordInput
              label={t('session.change.current')}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={failed && errorText(failed, t)}
              w={260}
            />
            {user.totp_enabled ? (
              <>
                <Button variant="default" disabled={password === ''} onClick={() => renew.mutate()}>
                  {t('profile.totp.renew')}
                </Button>
                <Button
                  variant="default"
                  c="var(--carillon-danger)"
                  disabled={password === ''}
                  onClick={() => disable.mutate()}
                >
                  {t('profile.totp.disable')}
                </Button>
              </>
            ) : (
              <Button disabled={password === ''} loading={begin.isPending} onClick={() => begin.mutate()}>
                {t('profile.totp.enable')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
