// The state of a campaign in a list; while it is being sent, also how far it is.
import { Progress, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api/types.ts';
import { CampaignBadge } from '../components/StatusBadge.tsx';
import { useFormat } from '../format/useFormat.ts';
import { campaignColors } from '../theme.ts';
import { waitingOf } from './statistics.ts';

export function CampaignProgress({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { share } = useFormat();
  const { status, statistics, total_messages: total } = campaign;
  const underway = (status === 'sending' || status === 'paused') && total !== undefined && total > 0;
  if (!underway) return <CampaignBadge status={status} />;
  const left = total - waitingOf(statistics);
  return (
    <Stack gap={4} w="fit-content">
      <CampaignBadge status={status} />
      <Progress
        size={4}
        value={(100 * left) / total}
        color={campaignColors[status]}
        aria-label={t('campaigns.progress', { share: share(left, total) })}
      />
    </Stack>
  );
}
