// A part of a page with a heading of its own.
import { Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = {
  title: string;
  actions?: ReactNode;
  /** By which an address can point at it. */
  id?: string;
  children: ReactNode;
};

export function Panel({ title, actions, id, children }: Props) {
  return (
    <Paper p="md" component="section" h="100%" {...(id === undefined ? {} : { id })}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2}>{title}</Title>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
