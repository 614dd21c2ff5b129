// Numbers that want no more messages.
import { Badge, Button, Checkbox, Group, Select, Stack, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconFileImport, IconHandStop, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { defined, oneOf, pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { SearchBox } from '../components/SearchBox.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useFormat } from '../format/useFormat.ts';
import { useMay } from '../session/session.ts';
import { allowNumbers, type Channel, channels, type StopEntry, stopListQuery, stopNumbers } from './api.ts';
import type { StopSearch } from './search.ts';

const route = getRouteApi('/stop-list');
const channelNames = { sms: 'SMS', viber: 'Viber', rcs: 'RCS', whatsapp: 'WhatsApp' } as const;

export default function StopListPage() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(stopListQuery(search));
  const confirm = useConfirm();
  const maySend = useMay('send');
  const [adding, setAdding] = useState(false);
  const removal = useChange(allowNumbers, { touches: ['contacts'], done: t('contacts.stop.removed') });
  const change = (part: { [K in keyof StopSearch]?: StopSearch[K] | undefined }) =>
    void navigate({ search: (old) => defined({ ...old, offset: undefined, ...part }), replace: true });
  const filtered = search.phone !== undefined || search.channel !== undefined;
  async function remove({ id, phone }: StopEntry) {
    const sure = await confirm({
      title: t('contacts.stop.confirmTitle', { phone }),
      text: t('contacts.stop.confirmText'),
      confirm: t('contacts.stop.remove'),
    });
    if (sure) removal.mutate({ ids: [id], types: [...channels] });
  }
  const add = maySend && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t('contacts.stop.add')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('contacts.stop.title')}
        text={t('contacts.stop.text')}
        actions={
          <>
            {maySend && (
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} aria-hidden />}
                renderRoot={(props) => <Link to="/imports/new" search={{ kind: 'stoplist' }} {...props} />}
              >
                {t('contacts.import')}
              </Button>
            )}
            {add}
          </>
        }
      />
      <Group gap="xs" mb="sm" align="flex-end">
        <SearchBox
          label={t('contacts.stop.search')}
          value={search.phone}
          onChange={(phone) => change({ phone: phone?.replace(/\D/g, '') || undefined })}
        />
        <Select
          label={t('contacts.stop.channel')}
          placeholder={t('common.all')}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          data={channels.map((value) => ({ value, label: channelNames[value] }))}
          value={search.channel ?? null}
          onChange={(channel) => change({ channel: oneOf(channels, channel) })}
          w={150}
        />
      </Group>
      <DataTable
        label={t('contacts.stop.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          filtered ? (
            <EmptyState title={t('lists.filteredTitle')} text={t('lists.filteredText')} />
          ) : (
            <EmptyState
              icon={IconHandStop}
              title={t('contacts.stop.emptyTitle')}
              text={t('contacts.stop.emptyText')}
              action={add}
            />
          )
        }
        footer={
          query.data && (
            <Pager
              page={{ ...query.data.meta.page, limit: pageSize }}
              onOffset={(offset) => change({ offset: offset || undefined })}
            />
          )
        }
        columns={[
          {
            key: 'phone',
            header: t('contacts.phone'),
            cell: ({ phone }) => <span className="figures">{`+${phone}`}</span>,
          },
          {
            key: 'channels',
            header: t('contacts.stop.channel'),
            cell: (entry) => (
              <Group gap={4}>
                {channels
                  .filter((channel) => entry[`${channel}_stoplist`])
                  .map((channel) => (
                    <Badge key={channel} color="gray">
                      {channelNames[channel]}
                    </Badge>
                  ))}
              </Group>
            ),
          },
          {
            key: 'created',
            header: t('contacts.stop.since'),
            from: 'sm',
            cell: ({ created_at: at }) => <span className="figures">{moment(at)}</span>,
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (entry) =>
              maySend && (
                <RowMenu
                  name={String(entry.phone)}
                  actions={[
                    {
                      label: t('contacts.stop.remove'),
                      icon: IconTrash,
                      onClick: () => void remove(entry),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
      {adding && <StopModal onClose={() => setAdding(false)} />}
    </>
  );
}

function StopModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm<{ phones: string; types: Channel[] }>({
    initialValues: { phones: '', types: ['sms'] },
    validate: {
      phones: (value) => (numbersOf(value).length === 0 ? t('contacts.wrongPhone') : null),
      types: (value) => (value.length === 0 ? t('lists.required') : null),
    },
  });
  const change = useChange(stopNumbers, {
    touches: ['contacts'],
    done: t('contacts.stop.added'),
    onDone: onClose,
    // Wrong numbers are named by their place among many: all are about the one field.
    setErrors: (errors) => form.setErrors({ phones: Object.values(errors).join(' ') }),
  });
  return (
    <FormModal
      title={t('contacts.stop.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      submit={t('lists.add')}
      onSubmit={form.onSubmit(({ phones, types }) => change.mutate({ phones: numbersOf(phones), types }))}
    >
      <Textarea
        label={t('contacts.stop.numbers')}
        description={t('contacts.stop.numbersHint')}
        autosize
        minRows={3}
        maxRows={10}
        required
        data-autofocus
        {...form.getInputProps('phones')}
      />
      <Checkbox.Group label={t('contacts.stop.channel')} {...form.getInputProps('types')}>
        <Stack gap="xs" mt={4}>
          {channels.map((channel) => (
            <Checkbox key={channel} value={channel} label={channelNames[channel]} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormModal>
  );
}

/** The numbers of a text, one a line or between commas. */
function numbersOf(text: string): number[] {
  const all = text.split(/[\n,;]/).map((each) => Number(each.replace(/\D/g, '')));
  return [...new Set(all.filter((phone) => phone > 0))];
}
