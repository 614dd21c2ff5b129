// One account: its limits, its money, and every booking.
import { Badge, Button, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../components/ErrorState.tsx';
import { Figure } from '../components/Figure.tsx';
import { Loading } from '../components/Loading.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { useFormat } from '../format/useFormat.ts';
import { StatementPanel } from '../money/StatementPanel.tsx';
import { type Account, accountQuery, tariffsQuery } from './api.ts';
import { BookingModal } from './BookingModal.tsx';
import { SettingsModal } from './SettingsModal.tsx';

const route = getRouteApi('/accounts/$id');

export default function AccountPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(accountQuery(id));
  if (data) return <Contents account={data} />;
  return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Loading />;
}

function Contents({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { money, number, moment } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [dialog, setDialog] = useState<'settings' | 'top-up' | 'adjustment' | null>(null);
  const close = () => setDialog(null);
  const { data: tariffs } = useQuery(tariffsQuery());
  const tariff = tariffs?.find(({ id }) => id === account.tariff_id);
  const small = (text: string) => <Text size="sm">{text}</Text>;
  const limit = (value: number | null) => (value === null ? small(t('accounts.noLimit')) : number(value));
  return (
    <>
      <PageHeader
        title={account.name}
        back={{ to: '/accounts', label: t('accounts.title') }}
        badges={account.role === 'admin' && <Badge color="gray">{t('accounts.role.admin')}</Badge>}
        text={`${t('accounts.number', { id: account.id })} · ${moment(account.created_at)}`}
        actions={
          <>
            <Button variant="default" onClick={() => setDialog('settings')}>
              {t('accounts.settings')}
            </Button>
            <Button variant="default" onClick={() => setDialog('adjustment')}>
              {t('accounts.adjust')}
            </Button>
            <Button onClick={() => setDialog('top-up')}>{t('accounts.topUp')}</Button>
          </>
        }
      />
      <Stack gap="md">
        <Paper p="md">
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            <Figure label={t('accounts.field.balance')} value={money(account.balance, account.currency)} />
            <Figure label={t('accounts.field.credit')} value={money(account.credit, account.currency)} />
            <Figure
              label={t('accounts.field.messages_per_second')}
              value={limit(account.messages_per_second)}
            />
            <Figure label={t('accounts.field.messages_per_day')} value={limit(account.messages_per_day)} />
            <Figure label={t('accounts.field.tariff')} value={small(tariff?.name ?? t('common.nothing'))} />
            <Figure
              label={t('accounts.field.moderation')}
              value={small(t(`accounts.moderation.${account.moderation}`))}
            />
            <Figure
              label={t('accounts.field.sender_policy')}
              value={small(t(`accounts.senderPolicy.${account.sender_policy}`))}
            />
            <Figure
              label={t('accounts.field.default_sender')}
              value={small(account.default_sender ?? t('common.none'))}
            />
          </SimpleGrid>
        </Paper>
        <StatementPanel
          currency={account.currency}
          accountId={account.id}
          search={search}
          onSearch={(changed) => void navigate({ search: changed, replace: true })}
        />
      </Stack>
      {dialog === 'settings' && <SettingsModal account={account} onClose={close} />}
      {(dialog === 'top-up' || dialog === 'adjustment') && (
        <BookingModal kind={dialog} account={account} onClose={close} />
      )}
    </>
  );
}
