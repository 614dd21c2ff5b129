// Messages of a campaign over time: a chart, and the table behind it.
import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ChartPanel } from '../charts/ChartPanel.tsx';
import { ErrorState } from '../components/ErrorState.tsx';
import { useFormat } from '../format/useFormat.ts';
import { timelineQuery } from './api.ts';
import { followMs } from './follow.ts';

export function TimelinePanel({ id, settled }: { id: number; settled: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery({
    ...timelineQuery(id),
    refetchInterval: ({ state }) => followMs(state.data, settled),
  });
  const title = t('campaigns.timeline.title');
  const series = [
    { name: 'sent', label: t('campaigns.timeline.sent'), color: 'blue.5' },
    { name: 'delivered', label: t('campaigns.timeline.delivered'), color: 'teal.6' },
    { name: 'failed', label: t('campaigns.timeline.failed'), color: 'red.6' },
  ];
  const at = (moment: string) => {
    if (data?.by === 'day') return format.day(moment);
    return data?.by === 'hour' ? format.shortMoment(moment) : format.shortTime(moment);
  };
  return (
    <ChartPanel
      title={title}
      kind="bar"
      data={data?.points.map((point) => ({ ...point, label: at(point.at) }))}
      x="label"
      series={series}
      empty={t('campaigns.timeline.empty')}
      failure={error ? <ErrorState error={error} retry={() => void refetch()} /> : undefined}
      table={() => (
        <Table horizontalSpacing="sm" verticalSpacing={4} stickyHeader aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('campaigns.timeline.time')}</Table.Th>
              {series.map(({ name, label }) => (
                <Table.Th key={name} ta="right">
                  {label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data?.points.map((point) => (
              <Table.Tr key={point.at}>
                <Table.Td className="figures">{format.moment(point.at)}</Table.Td>
                <Table.Td ta="right">{format.number(point.sent)}</Table.Td>
                <Table.Td ta="right">{format.number(point.delivered)}</Table.Td>
                <Table.Td ta="right">{format.number(point.failed)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    />
  );
}
