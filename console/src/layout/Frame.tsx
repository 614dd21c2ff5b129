// The frame of every page: header, menu (behind a button on phones) and content.
import {
  AppShell,
  Badge,
  Burger,
  Group,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useOwnSession } from '../session/session.ts';
import { navigation } from './navigation.ts';
import { UserMenu } from './UserMenu.tsx';

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useOwnSession();
  const [opened, { toggle, close }] = useDisclosure();
  const may = (permission: string | undefined) =>
    permission === undefined || session.permissions.some((each) => each === permission);

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 224, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className="skip" href="#content">
        {t('common.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('common.menu')}
            />
            <UnstyledButton renderRoot={(props) => <Link to="/" {...props} />} onClick={close}>
              <Group gap={6} wrap="nowrap">
                <IconBell size={20} color="var(--mantine-color-indigo-5)" aria-hidden />
                <Text fw={700}>Carillon</Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Badge color="gray" visibleFrom="xs" title={session.account.name} maw={220}>
              {session.account.name}
            </Badge>
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>

      <AppShell.Navbar p="xs" aria-label={t('nav.label')}>
        <AppShell.Section grow component={ScrollArea}>
          <Stack gap="md">
            {navigation.map((group) => {
              const items = group.items.filter((item) => may(item.permission));
              if (items.length === 0) return null;
              return (
                <div key={group.label}>
                  <Text size="xs" fw={600} c="dimmed" px="sm" pb={4}>
                    {t(group.label)}
                  </Text>
                  {items.map(({ to, label, icon: Icon, exact }) => {
                    // Link says which is current, by aria-current, which NavLink shows.
                    return (
                      <NavLink
                        key={to}
                        renderRoot={(props) => (
                          <Link to={to} activeOptions={{ exact: exact ?? false }} {...props} />
                        )}
                        label={t(label)}
                        leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
                        onClick={close}
                        py={6}
                        bdrs="sm"
                      />
                    );
                  })}
                </div>
              );
            })}
          </Stack>
        </AppShell.Section>
      </AppShell.Navbar>

      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
