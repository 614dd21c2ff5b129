// Pause, resume and stop, as far as the state of the campaign allows; stopping asks first.
import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CampaignStatus } from '../api/types.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useNotify } from '../components/useNotify.ts';
import { useMay } from '../session/session.ts';
import { act, type CampaignAction } from './api.ts';

const stoppable: CampaignStatus[] = ['creation', 'moderation', 'scheduled', 'sending', 'paused'];

export function CampaignActions({ id, status }: { id: number; status: CampaignStatus }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const confirm = useConfirm();
  const client = useQueryClient();
  const action = useMutation({
    mutationFn: (wanted: CampaignAction) => act(id, wanted),
    onSuccess: (_, wanted) => notify.done(t(`campaigns.done.${wanted}`)),
    onError: notify.error,
    onSettled: () => client.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  async function stop() {
    const sure = await confirm({
      title: t('campaigns.confirmStop.title'),
      text: t('campaigns.confirmStop.text'),
      confirm: t('campaigns.action.stop'),
      danger: true,
    });
    if (sure) action.mutate('stop');
  }
  if (!useMay('send')) return null;
  const busy = action.isPending;
  return (
    <>
      {(status === 'sending' || status === 'scheduled') && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          onClick={() => action.mutate('pause')}
          disabled={busy}
        >
          {t('campaigns.action.pause')}
        </Button>
      )}
      {status === 'paused' && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => action.mutate('resume')}
          disabled={busy}
        >
          {t('campaigns.action.resume')}
        </Button>
      )}
      {stoppable.includes(status) && (
        <Button
          variant="default"
          c="var(--carillon-danger)"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => void stop()}
          disabled={busy}
        >
          {t('campaigns.action.stop')}
        </Button>
      )}
    </>
  );
}
