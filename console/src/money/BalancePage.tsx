// What there is to spend, what was spent over time, and every booking.
import { Button, Paper, SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../components/ErrorState.tsx';
import { Figure } from '../components/Figure.tsx';
import { Loading } from '../components/Loading.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { useFormat } from '../format/useFormat.ts';
import { useMay } from '../session/session.ts';
import { balanceQuery, type Span } from './api.ts';
import { SpendingChart } from './SpendingChart.tsx';
import { StatementPanel } from './StatementPanel.tsx';

const route = getRouteApi('/balance');

export default function BalancePage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const balance = useQuery({ ...balanceQuery(), refetchInterval: 10_000 });
  const [by, setBy] = useState<Span>('day');
  const mayTopUp = useMay('admin');
  return (
    <>
      <PageHeader
        title={t('money.title')}
        actions={
          mayTopUp && (
            <Button
              variant="default"
              leftSection={<IconUsers size={16} aria-hidden />}
              renderRoot={(props) => <Link to="/accounts" {...props} />}
            >
              {t('money.topUpAccounts')}
            </Button>
          )
        }
      />
      <Stack gap="md">
        <Paper p="md">
          {balance.data ? (
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
              <Figure
                label={t('money.balance')}
                value={format.money(balance.data.balance, balance.data.currency)}
              >
                {mayTopUp ? undefined : t('money.howToTopUp')}
              </Figure>
              <Figure
                label={t('money.credit')}
                value={format.money(balance.data.credit, balance.data.currency)}
              >
                {t('money.creditHint')}
              </Figure>
            </SimpleGrid>
          ) : balance.error ? (
            <ErrorState error={balance.error} retry={() => void balance.refetch()} />
          ) : (
            <Loading rows={2} />
          )}
        </Paper>
        <Stack gap="xs">
          <SegmentedControl
            value={by}
            onChange={(value) => setBy(value as Span)}
            aria-label={t('money.period')}
            data={[
              { value: 'day', label: t('money.days') },
              { value: 'month', label: t('money.months') },
            ]}
            style={{ alignSelf: 'flex-start' }}
          />
          <SpendingChart by={by} />
        </Stack>
        {balance.data && (
          <StatementPanel
            currency={balance.data.currency}
            search={search}
            onSearch={(changed) => void navigate({ search: changed, replace: true })}
          />
        )}
      </Stack>
    </>
  );
}
