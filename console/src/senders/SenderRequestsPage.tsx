// Requests for senders of all accounts, and what a moderator decides.
import { Badge, Button, Group, Modal, Select, Stack, Table, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconSignature } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { defined, oneOf, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { useChange } from '../components/useChange.ts';
import { useCountry } from '../format/useCountry.ts';
import { useFormat } from '../format/useFormat.ts';
import { type AnyRequest, anyRequestsQuery, decide, requestStatuses } from './api.ts';
import { RequestBadge } from './RequestBadge.tsx';

const route = getRouteApi('/sender-requests');

export default function SenderRequestsPage() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const countryName = useCountry();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(anyRequestsQuery(search));
  const [opened, setOpened] = useState<number | null>(null);
  const [rejecting, setRejecting] = useState(false);
  const request = query.data?.data.find(({ id }) => id === opened);
  const decision = useChange(decide, {
    touches: ['senders'],
    done: t('common.saved'),
    onDone: () => setOpened(null),
  });
  return (
    <>
      <PageHeader title={t('senders.requests.title')} text={t('senders.requests.text')} />
      <Group mb="sm">
        <Select
          label={t('senders.column.status')}
          placeholder={t('common.all')}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          data={requestStatuses.map((value) => ({ value, label: t(`senders.requestStatus.${value}`) }))}
          value={search.status ?? null}
          onChange={(status) =>
            void navigate({ search: defined({ status: oneOf(requestStatuses, status) }) })
          }
          w={200}
        />
      </Group>
      <DataTable
        label={t('senders.requests.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconSignature}
            title={t(search.status ? 'lists.filteredTitle' : 'senders.requests.noneTitle')}
            text={t(search.status ? 'lists.filteredText' : 'senders.requests.noneText')}
          />
        }
        footer={
          query.data && (
            <Pager
              page={{ ...query.data.meta.page, limit: pageSize }}
              onOffset={(offset) =>
                void navigate({ search: (old) => defined({ ...old, offset: offset || undefined }) })
              }
            />
          )
        }
        columns={[
          {
            key: 'sender',
            header: t('senders.column.sender'),
            cell: ({ sender, account }) => (
              <>
                <Text size="sm" fw={500}>
                  {sender}
                </Text>
                <Text size="xs" c="dimmed">
                  {account.name}
                </Text>
              </>
            ),
          },
          {
            key: 'status',
            header: t('senders.column.status'),
            cell: ({ status }) => <RequestBadge status={status} />,
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
            from: 'md',
            cell: ({ created_at: at }) => <span className="figures">{moment(at)}</span>,
          },
          {
            key: 'open',
            header: '',
            numeric: true,
            cell: ({ id, sender }) => (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${t('senders.requests.look')}: ${sender}`}
                onClick={() => setOpened(id)}
              >
                {t('senders.requests.look')}
              </Button>
            ),
          },
        ]}
      />
      {request && !rejecting && (
        <Modal
          opened
          onClose={() => setOpened(null)}
          title={t('senders.requests.one', { sender: request.sender })}
          size="lg"
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <Stack>
            <Details request={request} country={countryName(request.country_code)} />
            {isOpen(request) && (
              <Group justify="flex-end" gap="xs">
                <Button variant="light" color="red" onClick={() => setRejecting(true)}>
                  {t('moderation.reject')}
                </Button>
                {request.status !== 'in_progress' && (
                  <Button
                    variant="default"
                    loading={decision.isPending}
                    onClick={() => decision.mutate({ id: request.id, status: 'in_progress' })}
                  >
                    {t('senders.requests.progress')}
                  </Button>
                )}
                <Button
                  loading={decision.isPending}
                  onClick={() => decision.mutate({ id: request.id, status: 'registered' })}
                >
                  {t('senders.requests.register')}
                </Button>
              </Group>
            )}
          </Stack>
        </Modal>
      )}
      {request && rejecting && (
        <Rejection
          request={request}
          onClose={() => setRejecting(false)}
          onDone={() => {
            setRejecting(false);
            setOpened(null);
          }}
        />
      )}
    </>
  );
}

const isOpen = ({ status }: AnyRequest) => status !== 'registered' && status !== 'rejected';

const shown = [
  'name',
  'legal_name',
  'address',
  'tax_number',
  'code_of_company',
  'site_url',
  'description',
  'informing_purpose',
  'comment',
] as const;

function Details({ request, country }: { request: AnyRequest; country: string }) {
  const { t } = useTranslation();
  return (
    <Table aria-label={t('senders.requests.one', { sender: request.sender })}>
      <Table.Tbody>
        <Table.Tr>
          <Table.Th w={180}>{t('senders.requests.account')}</Table.Th>
          <Table.Td>
            {request.account.name} <Badge color="gray">{t(`senders.kind.${request.kind}`)}</Badge>
          </Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Th>{t('senders.column.status')}</Table.Th>
          <Table.Td>
            <RequestBadge status={request.status} />
            {request.rejection_reason && (
              <Text size="sm" className="prose">
                {request.rejection_reason}
              </Text>
            )}
          </Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Th>{t('senders.column.country')}</Table.Th>
          <Table.Td>{country}</Table.Td>
        </Table.Tr>
        {shown.map((name) =>
          request[name] ? (
            <Table.Tr key={name}>
              <Table.Th>{t(`senders.field.${name}`)}</Table.Th>
              <Table.Td className="prose">{request[name]}</Table.Td>
            </Table.Tr>
          ) : null,
        )}
      </Table.Tbody>
    </Table>
  );
}

type RejectionProps = { request: AnyRequest; onClose: () => void; onDone: () => void };

function Rejection({ request, onClose, onDone }: RejectionProps) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim() === '' ? t('moderation.rejection.required') : null) },
  });
  const change = useChange(decide, {
    touches: ['senders'],
    done: t('common.saved'),
    onDone,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t('senders.requests.rejectTitle', { sender: request.sender })}
      opened
      onClose={onClose}
      danger
      submit={t('moderation.reject')}
      busy={change.isPending}
      onSubmit={form.onSubmit(({ reason }) =>
        change.mutate({ id: request.id, status: 'rejected', reason: reason.trim() }),
      )}
    >
      <Textarea
        label={t('moderation.rejection.reason')}
        description={t('senders.requests.reasonHint')}
        autosize
        minRows={3}
        maxLength={1000}
        required
        data-autofocus
        {...form.getInputProps('reason')}
      />
    </FormModal>
  );
}
