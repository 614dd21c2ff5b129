// The state of a request for a sender, always in the same colour.
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RequestStatus } from './api.ts';

const colors = {
  new: 'gray',
  accepted: 'blue',
  in_progress: 'yellow',
  registered: 'green',
  rejected: 'red',
} as const;

export function RequestBadge({ status }: { status: RequestStatus }) {
  const { t } = useTranslation();
  return <Badge color={colors[status]}>{t(`senders.requestStatus.${status}`)}</Badge>;
}
