// Signing in: e-mail and password, then the code of an authenticator where the user has one.
import { Alert, Button, Center, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertCircle, IconBell } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { errorText } from '../components/errorText.ts';
import { useSessionActions } from './session.ts';

export function SignInPage() {
  const { t } = useTranslation();
  const { signIn } = useSessionActions();
  const [asksCode, setAsksCode] = useState(false);
  const form = useForm({ initialValues: { email: '', password: '', totp: '' } });
  const enter = useMutation({
    mutationFn: ({ email, password, totp }: typeof form.values) =>
      signIn({ email: email.trim(), password, ...(asksCode ? { totp: totp.trim() } : {}) }),
    onError: (error) => {
      if (!(error instanceof ApiError) || error.errors.totp === undefined) return;
      // The first time, nothing was wrong: the code was not asked for yet.
      if (asksCode) form.setFieldError('totp', error.errors.totp.join(' '));
      setAsksCode(true);
    },
  });
  const wantsCode = enter.error instanceof ApiError && enter.error.errors.totp !== undefined;

  return (
    <Center mih="100vh" p="md" component="main">
      <title>{`${t('session.title')}`}</title>
      <Paper p="xl" w="100%" maw={400} shadow="sm" radius="md">
        <form onSubmit={form.onSubmit((values) => enter.mutate(values))} noValidate>
          <Stack>
            <Stack gap={6} align="center">
              <IconBell size={34} stroke={1.5} color="var(--mantine-color-indigo-5)" aria-hidden />
              <Title order={1} size="h2" ta="center">
                {t(asksCode ? 'session.totp.title' : 'session.title')}
              </Title>
            </Stack>
            {enter.error && !wantsCode && (
              <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert">
                {errorText(enter.error, t)}
              </Alert>
            )}
            {asksCode ? (
              <TextInput
                key="totp"
                label={t('session.totp.label')}
                description={t('session.totp.help')}
                autoComplete="one-time-code"
                autoFocus
                required
                {...form.getInputProps('totp')}
              />
            ) : (
              <>
                <TextInput
                  label={t('session.email')}
                  type="email"
                  autoComplete="username"
                  autoFocus
                  required
                  {...form.getInputProps('email')}
                />
                <PasswordInput
                  label={t('session.password')}
                  autoComplete="current-password"
                  required
                  {...form.getInputProps('password')}
                />
              </>
            )}
            <Button type="submit" loading={enter.isPending} fullWidth mt="xs">
              {t('session.signIn')}
            </Button>
            {asksCode && (
              <Button
                variant="subtle"
                onClick={() => {
                  setAsksCode(false);
                  form.reset();
                  enter.reset();
                }}
              >
                {t('session.totp.back')}
              </Button>
            )}
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
