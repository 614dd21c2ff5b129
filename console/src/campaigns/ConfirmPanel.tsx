// A campaign that was made of a file and waits for its author: whom it reaches, what was left out, what it costs; and the
// buttons that send it or throw it away. Nothing of it has left before.
import { Alert, Anchor, Button, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconDownload, IconSend, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Report } from '../api/types.ts';
import { Figure } from '../components/Figure.tsx';
import { Panel } from '../components/Panel.tsx';
import { useConfirm } from '../components/useConfirm.tsx';
import { useNotify } from '../components/useNotify.ts';
import { parseMoment } from '../format/moment.ts';
import { useFormat } from '../format/useFormat.ts';
import { importOfCampaignQuery, isOpen } from '../imports/api.ts';
import { useMay } from '../session/session.ts';
import { act } from './api.ts';

export function ConfirmPanel({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { number, money } = useFormat();
  const { data: file } = useQuery(importOfCampaignQuery(report.id));
  const maySend = useMay('send');
  const { status, statistics, total_messages: total } = report;
  if (status === 'creation') {
    return (
      <Panel title={t('campaigns.unconfirmed.title')}>
        <Text size="sm" mb="xs">
          {t('campaigns.unconfirmed.reading', { rows: number(file?.rows_read ?? 0) })}
        </Text>
        <Progress
          value={100 * (file?.progress ?? 0)}
          aria-label={t('campaigns.unconfirmed.title')}
          animated
        />
      </Panel>
    );
  }
  const unreachable = statistics.failed;
  return (
    <Panel title={t('campaigns.unconfirmed.title')}>
      <Stack gap="md">
        <Text size="sm">
          {t(status === 'moderation' ? 'campaigns.unconfirmed.held' : 'campaigns.unconfirmed.text')}
        </Text>
        <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="md">
          <Figure label={t('campaigns.unconfirmed.recipients')} value={number(total - unreachable)} />
          <Figure
            label={t('campaigns.unconfirmed.leftOut')}
            value={file && !isOpen(file) ? number(file.rejected) : t('common.nothing')}
          >
            {file && file.rejected > 0 && (
              <>
                {t('campaigns.unconfirmed.ofThem', {
                  duplicates: number(file.duplicates),
                  stopped: number(file.stopped),
                })}{' '}
                <Anchor size="xs" underline="always" href={`/api/imports/${file.id}/rejected`} download>
                  <IconDownload size={12} aria-hidden /> {t('campaigns.unconfirmed.download')}
                </Anchor>
              </>
            )}
          </Figure>
          <Figure label={t('campaigns.unconfirmed.unreachable')} value={number(unreachable)}>
            {unreachable > 0 && t('campaigns.unconfirmed.unreachableText')}
          </Figure>
          <Figure label={t('campaigns.unconfirmed.price')} value={money(report.total_price, report.currency)}>
            {t('campaigns.unconfirmed.priceText')}
          </Figure>
        </SimpleGrid>
        {total === unreachable && <Alert color="orange">{t('campaigns.unconfirmed.nobody')}</Alert>}
        {status === 'paused' && maySend && <Decision report={report} />}
      </Stack>
    </Panel>
  );
}

/** Sends it, or throws it away. */
function Decision({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const notify = useNotify();
  const confirm = useConfirm();
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (what: 'resume' | 'stop') => act(report.id, what),
    onSuccess: (_, what) =>
      notify.done(t(what === 'resume' ? 'campaigns.unconfirmed.sent' : 'campaigns.unconfirmed.discarded')),
    onError: notify.error,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      void client.invalidateQueries({ queryKey: ['balance'] });
    },
  });
  async function discard() {
    const sure = await confirm({
      title: t('campaigns.unconfirmed.discardTitle'),
      text: t('campaigns.unconfirmed.discardText'),
      confirm: t('campaigns.unconfirmed.discard'),
      danger: true,
    });
    if (sure) decide.mutate('stop');
  }
  const later = parseMoment(report.start_at).getTime() > Date.now();
  return (
    <Group>
      <Button
        leftSection={<IconSend size={16} aria-hidden />}
        disabled={decide.isPending}
        onClick={() => decide.mutate('resume')}
      >
        {later
          ? t('campaigns.unconfirmed.sendAt', { at: moment(report.start_at) })
          : t('campaigns.unconfirmed.send')}
      </Button>
      <Button
        variant="default"
        c="var(--carillon-danger)"
        leftSection={<IconTrash size={16} aria-hidden />}
        disabled={decide.isPending}
        onClick={() => void discard()}
      >
        {t('campaigns.unconfirmed.discard')}
      </Button>
    </Group>
  );
}
