// Whether what a page shows follows the server.
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StreamState } from '../api/events.ts';

const colors = { live: 'teal.6', connecting: 'gray.5', lost: 'orange.6' } as const;
const words = { live: 'common.live', connecting: 'common.connecting', lost: 'common.reconnecting' } as const;

export function LiveBadge({ state }: { state: StreamState }) {
  const { t } = useTranslation();
  const color = `var(--mantine-color-${colors[state].replace('.', '-')})`;
  return (
    <Group gap={6} wrap="nowrap" role="status">
      <span style={{ width: 8, height: 8, borderRadius: '50%', background: color }} aria-hidden />
      <Text size="xs" c="dimmed">
        {t(words[state])}
      </Text>
    </Group>
  );
}
