// The menu of who is signed in: profile, colours, documentation, sign out.
import {
  ActionIcon,
  type MantineColorScheme,
  Menu,
  SegmentedControl,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { IconBook, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '../components/useNotify.ts';
import { useOwnSession, useSessionActions } from '../session/session.ts';

export function UserMenu() {
  const { t } = useTranslation();
  const { user } = useOwnSession();
  const { signOut } = useSessionActions();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const notify = useNotify();

  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" radius="xl" size="lg" aria-label={`${t('nav.userMenu')}: ${user.name}`}>
          <IconUserCircle size={24} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
            {user.name}
          </Text>
          <Text size="xs" truncate>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Item
          component="a"
          href="/docs"
          target="_blank"
          leftSection={<IconBook size={16} aria-hidden />}
        >
          {t('nav.documentation')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('nav.theme.label')}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
          aria-label={t('nav.theme.label')}
          data={[
            { value: 'light', label: t('nav.theme.light') },
            { value: 'dark', label: t('nav.theme.dark') },
            { value: 'auto', label: t('nav.theme.auto') },
          ]}
        />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => signOut().catch(notify.error)}
        >
          {t('nav.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
