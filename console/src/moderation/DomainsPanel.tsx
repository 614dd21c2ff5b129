// The domains that links may lead to without a rule for links holding the campaign.
import { Button, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash, IconWorld } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { pageSize } from '../components/listSearch.ts';
import { PagerOfMany } from '../components/Pager.tsx';
import { Panel } from '../components/Panel.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { addDomain, type Domain, domainsQuery, removeDomain } from './rulesApi.ts';
import { accountIdOf, Whose, WhoseSelect } from './Whose.tsx';

type Props = { offset: number; onOffset: (offset: number) => void };

export function DomainsPanel({ offset, onOffset }: Props) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const query = useQuery(domainsQuery(offset));
  const [adding, setAdding] = useState(false);
  const removal = useChange(removeDomain, { touches: ['moderation'], done: t('moderation.domains.removed') });

  async function remove({ id, domain }: Domain) {
    const sure = await confirm({
      title: t('moderation.domains.confirmTitle', { domain }),
      text: t('moderation.domains.confirmText'),
      confirm: t('lists.remove'),
      danger: true,
    });
    if (sure) removal.mutate(id);
  }
  const add = (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setAdding(true)}
    >
      {t('moderation.domains.add')}
    </Button>
  );
  return (
    <Panel title={t('moderation.domains.title')} actions={add}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('moderation.domains.text')}
      </Text>
      <DataTable
        label={t('moderation.domains.title')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconWorld}
            title={t('moderation.domains.emptyTitle')}
            text={t('moderation.domains.emptyText')}
            action={add}
          />
        }
        footer={
          query.data && (
            <PagerOfMany page={{ ...query.data.meta.page, limit: pageSize }} onOffset={onOffset} />
          )
        }
        columns={[
          { key: 'domain', header: t('moderation.domains.domain'), cell: ({ domain }) => domain },
          {
            key: 'account',
            header: t('moderation.rules.whose'),
            cell: ({ account_id: id }) => <Whose id={id} />,
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (domain) => (
              <RowMenu
                name={domain.domain}
                actions={[
                  {
                    label: t('lists.remove'),
                    icon: IconTrash,
                    danger: true,
                    onClick: () => void remove(domain),
                  },
                ]}
              />
            ),
          },
        ]}
      />
      {adding && <DomainModal onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function DomainModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm<{ domain: string; account_id: string | null }>({
    initialValues: { domain: '', account_id: null },
    validate: { domain: (value) => (value.trim() === '' ? t('lists.required') : null) },
  });
  const change = useChange(addDomain, {
    touches: ['moderation'],
    done: t('moderation.domains.added'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t('moderation.domains.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      submit={t('lists.add')}
      onSubmit={form.onSubmit(({ domain, account_id: account }) =>
        change.mutate({ domain: domain.trim(), account_id: accountIdOf(account) }),
      )}
    >
      <TextInput
        label={t('moderation.domains.domain')}
        description={t('moderation.domains.hint')}
        placeholder="example.com"
        required
        data-autofocus
        {...form.getInputProps('domain')}
      />
      <WhoseSelect {...form.getInputProps('account_id')} />
    </FormModal>
  );
}
