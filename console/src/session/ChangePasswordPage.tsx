// In place of every page while the password is one that somebody else knows.
import { Button, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNotify } from '../components/useNotify.ts';
import { PasswordForm } from './PasswordForm.tsx';
import { useSessionActions } from './session.ts';

export function ChangePasswordPage() {
  const { t } = useTranslation();
  const { signOut } = useSessionActions();
  const notify = useNotify();
  return (
    <Center mih="100vh" p="md" component="main">
      <title>{t('session.change.title')}</title>
      <Paper p="xl" w="100%" maw={440} shadow="sm" radius="md">
        <Stack>
          <Title order={1} size="h2">
            {t('session.change.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('session.change.why')}
          </Text>
          <PasswordForm />
          <Button variant="subtle" onClick={() => signOut().catch(notify.error)}>
            {t('nav.signOut')}
          </Button>
        </Stack>
      </Paper>
    </Center>
  );
}
