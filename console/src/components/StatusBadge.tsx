// The states of campaigns and messages, in words and always in the same colour.
import { Badge, ColorSwatch, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CampaignStatus, MessageStatus } from '../api/types.ts';
import { campaignColors, messageColors } from '../theme.ts';
import { colorVariable } from './color.ts';

export function CampaignBadge({ status }: { status: CampaignStatus }) {
  const { t } = useTranslation();
  return <Badge color={campaignColors[status]}>{t(`common.status.${status}`)}</Badge>;
}

export function MessageStatusLabel({ status }: { status: MessageStatus }) {
  const { t } = useTranslation();
  return (
    <Group gap={6} wrap="nowrap" display="inline-flex">
      <ColorSwatch size={10} color={colorVariable(messageColors[status])} withShadow={false} aria-hidden />
      {t(`common.message.${status}`)}
    </Group>
  );
}
