// The report of one campaign, as it is at this moment: the server sends every change.
import { Badge, Grid, Group, Paper, SimpleGrid, Stack } from '@mantine/core';
import { usePrefetchQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { takeLatest, useEvents } from '../api/events.ts';
import type { Report } from '../api/types.ts';
import { ErrorState } from '../components/ErrorState.tsx';
import { Figure } from '../components/Figure.tsx';
import { NotFound } from '../components/failures.tsx';
import { LiveBadge } from '../components/LiveBadge.tsx';
import { Loading } from '../components/Loading.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { CampaignBadge } from '../components/StatusBadge.tsx';
import { useFormat } from '../format/useFormat.ts';
import { authorQuery, breakdownQuery, reportQuery, timelineQuery } from './api.ts';
import { BreakdownPanel } from './BreakdownPanel.tsx';
import { CampaignActions } from './CampaignActions.tsx';
import { CampaignMessages } from './CampaignMessages.tsx';
import { ConfirmPanel } from './ConfirmPanel.tsx';
import { ReasonAlert } from './ReasonAlert.tsx';
import { StatusBar } from './StatusBar.tsx';
import { StatusTable } from './StatusTable.tsx';
import { isOver, waitingOf } from './statistics.ts';
import { TimelinePanel } from './TimelinePanel.tsx';

const route = getRouteApi('/campaigns/$id');
/** How often the report is asked for while no stream brings it. */
const pollMs = 5_000;

export default function CampaignPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const options = reportQuery(id);
  // What is below is read beside the report and drawn after it, so that the counts are there first.
  usePrefetchQuery(authorQuery(id));
  usePrefetchQuery(timelineQuery(id));
  usePrefetchQuery(breakdownQuery(id));
  const state = useEvents([`campaign:${id}`], {
    campaign: (report: Report) => takeLatest(client, options.queryKey, report),
  });
  const {
    data: report,
    error,
    refetch,
  } = useQuery({
    ...options,
    refetchInterval: state === 'live' ? false : pollMs,
  });
  const below = useDeferredValue(report !== undefined);

  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (!report)
    return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Loading rows={10} />;
  const settled = isOver(report);
  return (
    <Stack gap="md">
      <PageHeader
        title={report.name}
        back={{ to: '/campaigns', label: t('campaigns.title') }}
        badges={
          <>
            <CampaignBadge status={report.status} />
            {report.test && <Badge color="gray">{t('common.test')}</Badge>}
            {!settled && <LiveBadge state={state} />}
          </>
        }
        text={<Summary report={report} />}
        // Whoever has to confirm it does so below.
        actions={
          !(report.unconfirmed && report.status === 'paused') && (
            <CampaignActions id={id} status={report.status} />
          )
        }
      />
      <ReasonAlert report={report} />
      {report.unconfirmed && <ConfirmPanel report={report} />}
      <Paper p="md">
        <StatusBar statistics={report.statistics} total={report.total_messages} />
        <Figures report={report} />
      </Paper>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <StatusTable id={id} statistics={report.statistics} total={report.total_messages} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <TimelinePanel id={id} settled={settled} />
        </Grid.Col>
      </Grid>
      {below && (
        <>
          <BreakdownPanel id={id} settled={settled} />
          <CampaignMessages
            report={report}
            settled={settled}
            search={search}
            // Nothing moves: one looks at the list already.
            onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
          />
        </>
      )}
    </Stack>
  );
}

function Summary({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { data: author } = useQuery(authorQuery(report.id));
  const parts = [
    `${t('campaigns.column.id')} ${report.id}`,
    t('campaigns.report.from', { sender: report.sender }),
    report.actual_start_at
      ? t('campaigns.report.began', { at: moment(report.actual_start_at) })
      : t('campaigns.report.begins', { at: moment(report.start_at) }),
    report.finished_at && t('campaigns.report.ended', { at: moment(report.finished_at) }),
    author && t(`campaigns.author.${author.type}`, { name: author.name }),
  ];
  return (
    <Group gap="xs" component="span">
      {parts.filter(Boolean).join(' · ')}
    </Group>
  );
}

function Figures({ report }: { report: Report }) {
  const { t } = useTranslation();
  const { number, share, money } = useFormat();
  const { statistics, total_messages: total } = report;
  const waiting = waitingOf(statistics);
  const left = total - waiting;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} mt="md" spacing="md">
      <Figure label={t('campaigns.report.messages')} value={number(total)}>
        {t('campaigns.report.phones', { phones: number(report.total_phones) })}
      </Figure>
      <Figure label={t('campaigns.report.left')} value={number(left)}>
        {share(left, total)}
      </Figure>
      <Figure label={t('common.message.delivered')} value={number(statistics.delivered)}>
        {t('campaigns.report.ofLeft', { share: share(statistics.delivered, left) })}
      </Figure>
      <Figure label={t('campaigns.report.price')} value={money(report.total_price, report.currency)}>
        {t(waiting > 0 ? 'campaigns.report.priceSoFar' : 'campaigns.report.priceExact')}
      </Figure>
    </SimpleGrid>
  );
}
