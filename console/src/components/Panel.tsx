// A part of a page with a heading of its own.
import { Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { title: string; actions?: ReactNode; children: ReactNode };

export function Panel({ title, actions, children }: Props) {
  return (
    <Paper p="md" component="section" h="100%">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2}>{title}</Title>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
