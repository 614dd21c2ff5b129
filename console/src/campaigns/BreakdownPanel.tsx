// What became of a campaign's messages by country and operator, and the errors.
import { Progress, SegmentedControl, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../components/ErrorState.tsx';
import { Loading } from '../components/Loading.tsx';
import { Panel } from '../components/Panel.tsx';
import { useCountry } from '../format/useCountry.ts';
import { useFormat } from '../format/useFormat.ts';
import { type Breakdown, breakdownQuery, type Outcomes } from './api.ts';
import { followMs } from './follow.ts';

type By = 'countries' | 'operators' | 'errors';

export function BreakdownPanel({ id, settled }: { id: number; settled: boolean }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<By>('countries');
  const { data, error, refetch } = useQuery({
    ...breakdownQuery(id),
    refetchInterval: ({ state }) => followMs(state.data, settled),
  });
  return (
    <Panel
      title={t('campaigns.breakdown.title')}
      actions={
        <SegmentedControl
          size="xs"
          value={by}
          onChange={(value) => setBy(value as By)}
          aria-label={t('campaigns.breakdown.by')}
          data={(['countries', 'operators', 'errors'] as const).map((value) => ({
            value,
            label: t(`campaigns.breakdown.${value}`),
          }))}
        />
      }
    >
      {data && <Rows data={data} by={by} />}
      {!data && (error ? <ErrorState error={error} retry={() => void refetch()} /> : <Loading rows={3} />)}
    </Panel>
  );
}

function Rows({ data, by }: { data: Breakdown; by: By }) {
  const { t } = useTranslation();
  const country = useCountry();
  if (by === 'errors') return <Errors errors={data.errors} />;
  const rows =
    by === 'countries'
      ? data.countries.map((row) => ({ ...row, name: country(row.country) }))
      : data.operators.map((row) => ({ ...row, name: row.operator ?? t('campaigns.breakdown.noOperator') }));
  if (rows.length === 0) return <Nothing />;
  return <OutcomeTable rows={rows} label={t(`campaigns.breakdown.${by}`)} />;
}

function OutcomeTable({ rows, label }: { rows: ({ name: string } & Outcomes)[]; label: string }) {
  const { t } = useTranslation();
  const { number, share } = useFormat();
  const figures = ['waiting', 'sent', 'undelivered', 'expired', 'unknown', 'failed'] as const;
  return (
    // On a phone it is wider than the screen: the keyboard scrolls what it can come to.
    <Table.ScrollContainer minWidth={0} type="native" tabIndex={0} role="region" aria-label={label}>
      <Table aria-label={label} horizontalSpacing="xs" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('campaigns.breakdown.name')}</Table.Th>
            <Table.Th ta="right">{t('campaigns.report.messages')}</Table.Th>
            <Table.Th ta="right">{t('common.message.delivered')}</Table.Th>
            <Table.Th ta="right">{t('campaigns.report.share')}</Table.Th>
            {figures.map((figure) => (
              <Table.Th key={figure} ta="right" visibleFrom="md">
                {figure === 'waiting' ? t('campaigns.breakdown.waiting') : t(`common.message.${figure}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Td>{row.name}</Table.Td>
              <Table.Td ta="right" className="figures">
                {number(row.total)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {number(row.delivered)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {share(row.delivered, row.total)}
              </Table.Td>
              {figures.map((figure) => (
                <Table.Td key={figure} ta="right" className="figures" visibleFrom="md">
                  {number(row[figure])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Errors({ errors }: { errors: Breakdown['errors'] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (errors.length === 0) return <Nothing />;
  const most = errors[0]!.count;
  return (
    <Table aria-label={t('campaigns.breakdown.errors')} horizontalSpacing="xs" verticalSpacing={5}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('campaigns.breakdown.reason')}</Table.Th>
          <Table.Th visibleFrom="sm" w="35%" />
          <Table.Th ta="right">{t('campaigns.report.messages')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {errors.map(({ code, reason, count }) => (
          <Table.Tr key={code}>
            <Table.Td>{reason}</Table.Td>
            <Table.Td visibleFrom="sm" aria-hidden>
              <Progress value={(100 * count) / most} color="red.6" size="sm" />
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {number(count)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <Text size="sm" c="dimmed">
      {t('campaigns.breakdown.nothing')}
    </Text>
  );
}
