// The user's own things: name and language, password, second factor, sessions, API keys of the account.
import { Grid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../components/PageHeader.tsx';
import { Panel } from '../components/Panel.tsx';
import { PasswordForm } from '../session/PasswordForm.tsx';
import { useOwnSession } from '../session/session.ts';
import { AboutForm } from './AboutForm.tsx';
import { KeysPanel } from './KeysPanel.tsx';
import { SessionsPanel } from './SessionsPanel.tsx';
import { TotpPanel } from './TotpPanel.tsx';

export default function ProfilePage() {
  const { t } = useTranslation();
  const { user } = useOwnSession();
  return (
    <Stack gap="md">
      <PageHeader title={t('profile.title')} text={`${user.email} · ${t(`users.role.${user.role}`)}`} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title={t('profile.about.title')}>
            <AboutForm />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title={t('profile.password')}>
            <PasswordForm />
          </Panel>
        </Grid.Col>
      </Grid>
      <TotpPanel />
      <SessionsPanel />
      <KeysPanel />
    </Stack>
  );
}
