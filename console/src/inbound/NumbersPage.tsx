// The short codes, numbers and senders that belong to accounts, and what came to those that belong to nobody.
import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconInbox, IconMailbox, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountSelect } from '../accounts/AccountSelect.tsx';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { defined, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager, PagerOfMany } from '../components/Pager.tsx';
import { Panel } from '../components/Panel.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useFormat } from '../format/useFormat.ts';
import { addNumber, numbersQuery, type OwnNumber, removeNumber, unassignedQuery } from './numbersApi.ts';

const route = getRouteApi('/inbound/numbers');

/** What is being given to an account: '' where nothing is written yet. */
type Giving = string | null;

export default function NumbersPage() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(numbersQuery(offset));
  const confirm = useConfirm();
  const [giving, setGiving] = useState<Giving>(null);
  const removal = useChange(removeNumber, { touches: ['inbound'], done: t('inbound.numbers.removed') });

  async function remove({ id, address, account }: OwnNumber) {
    const sure = await confirm({
      title: t('inbound.numbers.confirmTitle', { address, account: account.name }),
      text: t('inbound.numbers.confirmText'),
      confirm: t('lists.remove'),
      danger: true,
    });
    if (sure) removal.mutate(id);
  }
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setGiving('')}>
      {t('inbound.numbers.add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('inbound.numbers.title')} text={t('inbound.numbers.text')} actions={add} />
      <Stack gap="md">
        <DataTable
          label={t('inbound.numbers.title')}
          rows={query.data?.data}
          rowKey={({ id }) => id}
          error={query.error}
          retry={() => void query.refetch()}
          empty={
            <EmptyState
              icon={IconMailbox}
              title={t('inbound.numbers.emptyTitle')}
              text={t('inbound.numbers.emptyText')}
              action={add}
            />
          }
          footer={
            query.data && (
              <Pager
                page={{ ...query.data.meta.page, limit: pageSize }}
                onOffset={(wanted) => void navigate({ search: defined({ offset: wanted || undefined }) })}
              />
            )
          }
          columns={[
            {
              key: 'address',
              header: t('inbound.filter.phone'),
              cell: ({ address }) => <span className="figures">{address}</span>,
            },
            {
              key: 'account',
              header: t('inbound.numbers.account'),
              cell: ({ account: { id, name } }) => (
                <Anchor
                  fz="sm"
                  style={{ overflowWrap: 'anywhere' }}
                  renderRoot={(props) => <Link to="/accounts/$id" params={{ id }} {...props} />}
                >
                  {name}
                </Anchor>
              ),
            },
            {
              key: 'since',
              header: t('inbound.numbers.since'),
              from: 'sm',
              cell: ({ created_at: at }) => <span className="figures">{moment(at)}</span>,
            },
            {
              key: 'menu',
              header: '',
              width: 50,
              cell: (number) => (
                <RowMenu
                  name={number.address}
                  actions={[
                    {
                      label: t('lists.remove'),
                      icon: IconTrash,
                      danger: true,
                      onClick: () => void remove(number),
                    },
                  ]}
                />
              ),
            },
          ]}
        />
        <Unassigned onGive={setGiving} />
      </Stack>
      {giving !== null && <NumberModal address={giving} onClose={() => setGiving(null)} />}
    </>
  );
}

/** Messages to numbers of nobody, each with the way to give its number to an account. */
function Unassigned({ onGive }: { onGive: (address: string) => void }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const [offset, setOffset] = useState(0);
  const query = useQuery(unassignedQuery(offset));
  return (
    <Panel title={t('inbound.unassigned.title')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('inbound.unassigned.text')}
      </Text>
      <DataTable
        label={t('inbound.unassigned.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconInbox}
            title={t('inbound.unassigned.emptyTitle')}
            text={t('inbound.unassigned.emptyText')}
          />
        }
        footer={
          query.data && (
            <PagerOfMany page={{ ...query.data.meta.page, limit: pageSize }} onOffset={setOffset} />
          )
        }
        columns={[
          {
            key: 'phone',
            header: t('inbound.column.from'),
            cell: ({ phone, source }) => (
              <span className="figures">{phone === null ? source : `+${phone}`}</span>
            ),
          },
          {
            key: 'text',
            header: t('inbound.column.text'),
            cell: ({ text }) => (
              <Text size="sm" className="prose" lineClamp={3} maw={480}>
                {text}
              </Text>
            ),
          },
          {
            key: 'to',
            header: t('inbound.column.to'),
            cell: ({ destination }) => <span className="figures">{destination}</span>,
          },
          {
            key: 'operator',
            header: t('inbound.unassigned.operator'),
            from: 'md',
            cell: ({ operator }) => operator ?? t('common.nothing'),
          },
          {
            key: 'at',
            header: t('inbound.column.at'),
            from: 'sm',
            cell: ({ received_at: at }) => <span className="figures">{moment(at)}</span>,
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: ({ destination }) => (
              <RowMenu
                name={destination}
                actions={[
                  {
                    label: t('inbound.unassigned.give', { address: destination }),
                    icon: IconMailbox,
                    onClick: () => onGive(destination),
                  },
                ]}
              />
            ),
          },
        ]}
      />
    </Panel>
  );
}

function NumberModal({ address, onClose }: { address: string; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm<{ address: string; account_id: string | null }>({
    initialValues: { address, account_id: null },
    validate: {
      address: (value) => (value.trim() === '' ? t('lists.required') : null),
      account_id: (value) => (value === null ? t('lists.required') : null),
    },
  });
  const change = useChange(addNumber, {
    touches: ['inbound'],
    done: t('inbound.numbers.added'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t('inbound.numbers.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      submit={t('lists.add')}
      onSubmit={form.onSubmit((values) =>
        change.mutate({ address: values.address.trim(), account_id: Number(values.account_id) }),
      )}
    >
      <TextInput
        label={t('inbound.numbers.address')}
        description={t('inbound.numbers.hint')}
        maxLength={21}
        required
        data-autofocus
        {...form.getInputProps('address')}
      />
      <AccountSelect label={t('inbound.numbers.account')} required {...form.getInputProps('account_id')} />
    </FormModal>
  );
}
