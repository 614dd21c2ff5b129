// How the installation is: what waits, how fast it goes, who sends it, the database, and the doctor.
import { Badge, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconServer } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { takeLatest, useEvents } from '../api/events.ts';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorState } from '../components/ErrorState.tsx';
import { Figure } from '../components/Figure.tsx';
import { LiveBadge } from '../components/LiveBadge.tsx';
import { Loading } from '../components/Loading.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { Panel } from '../components/Panel.tsx';
import { useFormat } from '../format/useFormat.ts';
import { type Dispatcher, queueStates, type System, systemKey, systemQuery } from './api.ts';
import { DoctorPanel } from './DoctorPanel.tsx';

export default function SystemPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const state = useEvents(['system'], {
    system: (latest: System) => takeLatest(client, systemKey, latest),
  });
  const { data, error, refetch } = useQuery({
    ...systemQuery(),
    refetchInterval: state === 'live' ? false : 5_000,
  });
  return (
    <>
      <PageHeader
        title={t('system.title')}
        badges={<LiveBadge state={state} />}
        {...(data ? { text: t('system.version', { version: data.version }) } : {})}
      />
      {data ? (
        <Contents system={data} />
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Contents({ system: { queue, rates, database, dispatchers, doctor } }: { system: System }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Stack gap="md">
      <Paper p="md">
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
          <Figure label={t('system.waiting')} value={format.number(queue.messages)}>
            {queue.late_seconds > 0 && t('system.late', { seconds: format.rounded(queue.late_seconds) })}
          </Figure>
          <Figure label={t('system.submitted')} value={format.rounded(rates.submitted)} />
          <Figure label={t('system.receipts')} value={format.rounded(rates.receipts)}>
            {queue.orphan_receipts > 0 &&
              t('system.orphans', {
                count: queue.orphan_receipts,
                formatted: format.number(queue.orphan_receipts),
              })}
          </Figure>
          <Figure
            label={t('system.dispatchers')}
            value={format.number(dispatchers.filter(({ alive }) => alive).length)}
          />
          <Figure label={t('system.database')} value={format.bytes(database.size_bytes)} />
          <Figure label={t('system.connections')} value={format.number(database.connections)}>
            {t('system.ofConnections', { max: format.number(database.max_connections) })}
          </Figure>
        </SimpleGrid>
      </Paper>
      <Panel title={t('system.campaigns')}>
        <SimpleGrid cols={{ base: 2, sm: 5 }}>
          {queueStates.map((status) => (
            <Figure
              key={status}
              label={t(status === 'stopping' ? 'system.stopping' : `common.status.${status}`)}
              value={format.number(queue.campaigns[status])}
            />
          ))}
        </SimpleGrid>
      </Panel>
      <Panel title={t('system.dispatchers')}>
        <Dispatchers dispatchers={dispatchers} />
      </Panel>
      <DoctorPanel doctor={doctor} />
    </Stack>
  );
}

function Dispatchers({ dispatchers }: { dispatchers: Dispatcher[] }) {
  const { t } = useTranslation();
  const { number, rounded, moment } = useFormat();
  return (
    <DataTable
      label={t('system.dispatchers')}
      rows={dispatchers}
      rowKey={({ id }) => id}
      empty={
        <EmptyState
          icon={IconServer}
          title={t('system.noDispatchers.title')}
          text={t('system.noDispatchers.text')}
        />
      }
      columns={[
        {
          key: 'host',
          header: t('system.dispatcher.host'),
          cell: ({ host, pid }) => (
            <>
              {host}
              <Text size="xs" c="dimmed" className="figures">
                {t('system.dispatcher.pid', { pid })}
              </Text>
            </>
          ),
        },
        {
          key: 'state',
          header: t('system.dispatcher.state'),
          cell: ({ alive, stopping }) => (
            <Badge color={!alive ? 'red' : stopping ? 'yellow' : 'green'}>
              {t(
                !alive
                  ? 'system.dispatcher.silent'
                  : stopping
                    ? 'system.dispatcher.stopping'
                    : 'system.dispatcher.alive',
              )}
            </Badge>
          ),
        },
        {
          key: 'started',
          header: t('system.dispatcher.started'),
          from: 'sm',
          cell: ({ started_at: at }) => <span className="figures">{moment(at)}</span>,
        },
        {
          key: 'lanes',
          header: t('system.dispatcher.lanes'),
          numeric: true,
          from: 'md',
          cell: ({ lanes }) => number(lanes),
        },
        {
          key: 'leases',
          header: t('system.dispatcher.leases'),
          numeric: true,
          from: 'md',
          cell: ({ leases }) => number(leases),
        },
        {
          key: 'ahead',
          header: t('system.dispatcher.readAhead'),
          numeric: true,
          from: 'lg',
          cell: ({ read_ahead: ahead }) => number(ahead),
        },
        {
          key: 'retries',
          header: t('system.dispatcher.retries'),
          numeric: true,
          from: 'lg',
          cell: ({ retries }) => number(retries),
        },
        {
          key: 'lag',
          header: t('system.dispatcher.lag'),
          numeric: true,
          cell: ({ loop_lag_ms: lag }) => `${rounded(lag)} ms`,
        },
      ]}
    />
  );
}
