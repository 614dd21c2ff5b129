// The names that messages may come from, and the requests for more.
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconSignature } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { Panel } from '../components/Panel.tsx';
import { useCountry } from '../format/useCountry.ts';
import { useFormat } from '../format/useFormat.ts';
import { useMay } from '../session/session.ts';
import { requestsQuery, sendersQuery } from './api.ts';
import { RequestBadge } from './RequestBadge.tsx';
import { RequestModal } from './RequestModal.tsx';

const route = getRouteApi('/senders');
const colors = { active: 'green', blocked: 'red', registering: 'yellow' } as const;

export default function SendersPage() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const countryName = useCountry();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const senders = useQuery(sendersQuery());
  const requests = useQuery(requestsQuery(search));
  const maySend = useMay('send');
  const [asking, setAsking] = useState(false);
  const ask = maySend && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAsking(true)}>
      {t('senders.ask')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('senders.title')} text={t('senders.text')} actions={ask} />
      <Stack gap="md">
        <DataTable
          label={t('senders.title')}
          rows={senders.data}
          rowKey={({ id, sender, country }) => `${id} ${sender} ${country}`}
          error={senders.error}
          retry={() => void senders.refetch()}
          empty={
            <EmptyState
              icon={IconSignature}
              title={t('senders.empty.title')}
              text={t('senders.empty.text')}
              action={ask}
            />
          }
          columns={[
            {
              key: 'sender',
              header: t('senders.column.sender'),
              cell: ({ sender, is_default: isDefault }) => (
                <Group gap={6}>
                  <Text size="sm" fw={500}>
                    {sender}
                  </Text>
                  {isDefault && <Badge>{t('contacts.lists.default')}</Badge>}
                </Group>
              ),
            },
            {
              key: 'status',
              header: t('senders.column.status'),
              cell: ({ status }) => <Badge color={colors[status]}>{t(`senders.status.${status}`)}</Badge>,
            },
            {
              key: 'country',
              header: t('senders.column.country'),
              cell: ({ country }) => (country === null ? t('senders.everyCountry') : countryName(country)),
            },
            {
              key: 'created',
              header: t('lists.created'),
              from: 'sm',
              cell: ({ created_at: at }) => <span className="figures">{moment(at)}</span>,
            },
          ]}
        />
        <Panel title={t('senders.requests.title')}>
          <DataTable
            label={t('senders.requests.title')}
            rows={requests.data?.data}
            rowKey={({ id }) => id}
            error={requests.error}
            retry={() => void requests.refetch()}
            empty={
              <EmptyState
                icon={IconSignature}
                title={t('senders.requests.emptyTitle')}
                text={t('senders.requests.emptyText')}
              />
            }
            footer={
              requests.data && (
                <Pager
                  page={{ ...requests.data.meta.page, limit: pageSize }}
                  onOffset={(offset) => void navigate({ search: offset === 0 ? {} : { offset } })}
                />
              )
            }
            columns={[
              { key: 'sender', header: t('senders.column.sender'), cell: ({ sender }) => sender },
              {
                key: 'status',
                header: t('senders.column.status'),
                cell: ({ status, rejection_reason: reason }) => (
                  <>
                    <RequestBadge status={status} />
                    {reason && (
                      <Text size="xs" className="prose" maw={320}>
                        {reason}
                      </Text>
                    )}
                  </>
                ),
              },
              {
                key: 'country',
                header: t('senders.column.country'),
                from: 'sm',
                cell: ({ country_code: country }) => countryName(country),
              },
              {
                key: 'created',
                header: t('senders.column.asked'),
                from: 'sm',
                cell: ({ created_at: at }) => <span className="figures">{moment(at)}</span>,
              },
            ]}
          />
        </Panel>
      </Stack>
      {asking && <RequestModal onClose={() => setAsking(false)} />}
    </>
  );
}
