// The head of a page: title, what belongs to it, and what can be done. Sets the title of the tab.
import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type Props = {
  title: string;
  /** Beside the title: badges of its state. */
  badges?: ReactNode;
  /** Below the title, in one line. */
  text?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  /** The list that the page belongs to. */
  back?: { to: NonNullable<LinkProps['to']>; label: string };
};

export function PageHeader({ title, badges, text, actions, back }: Props) {
  return (
    <Stack gap={4} mb="sm">
      <title>{`${title} · Carillon`}</title>
      {back && (
        <Anchor size="sm" renderRoot={(props) => <Link to={back.to} {...props} />}>
          <Group gap={2}>
            <IconChevronLeft size={14} aria-hidden />
            {back.label}
          </Group>
        </Anchor>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="sm">
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {badges}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {text && (
        <Text c="dimmed" size="sm" component="div">
          {text}
        </Text>
      )}
    </Stack>
  );
}
