// One figure with what it counts, and a word on it below.
import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export function Figure({
  label,
  value,
  children,
}: {
  label: string;
  value: ReactNode;
  children?: ReactNode;
}) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fz={22} fw={600} lh={1.3} className="figures" style={{ whiteSpace: 'normal' }}>
        {value}
      </Text>
      {children !== undefined && (
        <Text size="xs" c="dimmed" className="figures" style={{ whiteSpace: 'normal' }}>
          {children}
        </Text>
      )}
    </Stack>
  );
}
