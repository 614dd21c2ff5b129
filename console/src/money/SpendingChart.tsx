// What was spent by day or month: a chart, and the table behind it.
import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ChartPanel } from '../charts/ChartPanel.tsx';
import { ErrorState } from '../components/ErrorState.tsx';
import { once } from '../format/once.ts';
import { useFormat } from '../format/useFormat.ts';
import { type Span, spendingQuery } from './api.ts';

// Days and months of the ledger are UTC's: shown in another zone they would be others.
const namesOf = once(
  (locale: string, by: Span) =>
    new Intl.DateTimeFormat(locale, {
      timeZone: 'UTC',
      ...(by === 'day' ? { day: 'numeric', month: 'short' } : { month: 'short', year: 'numeric' }),
    }),
);

export function SpendingChart({ by }: { by: Span }) {
  const { t } = useTranslation();
  const { number, money, locale } = useFormat();
  const { data, error, refetch } = useQuery(spendingQuery(by));
  const names = namesOf(locale, by);
  const name = (at: string) => names.format(new Date(`${at.replace(' ', 'T')}Z`));
  const title = t('money.spending.title');
  const currency = data?.meta.currency ?? '';
  return (
    <ChartPanel
      title={title}
      kind="bar"
      x="label"
      data={data?.data.map(({ at, charged }) => ({ label: name(at), charged: Number(charged) }))}
      series={[{ name: 'charged', label: t('money.spending.charged', { currency }), color: 'indigo.5' }]}
      empty={t('money.spending.empty')}
      failure={error ? <ErrorState error={error} retry={() => void refetch()} /> : undefined}
      table={() => (
        <Table horizontalSpacing="sm" verticalSpacing={4} stickyHeader aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t(by === 'day' ? 'money.spending.day' : 'money.spending.month')}</Table.Th>
              <Table.Th ta="right">{t('money.spending.spent')}</Table.Th>
              <Table.Th ta="right">{t('money.spending.messages')}</Table.Th>
              <Table.Th ta="right">{t('money.spending.refunded')}</Table.Th>
              <Table.Th ta="right">{t('money.spending.toppedUp')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data?.data.map((row) => (
              <Table.Tr key={row.at}>
                <Table.Td className="figures">{name(row.at)}</Table.Td>
                <Table.Td ta="right">{money(row.charged, currency)}</Table.Td>
                <Table.Td ta="right">{number(row.messages)}</Table.Td>
                <Table.Td ta="right">{money(row.refunded, currency)}</Table.Td>
                <Table.Td ta="right">{money(row.topped_up, currency)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    />
  );
}
