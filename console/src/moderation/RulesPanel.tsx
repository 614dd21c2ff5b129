// The rules that hold campaigns: words, patterns, links, sizes, senders.
import { Badge, Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconListCheck, IconPencil, IconPlus, IconPower, IconTrash } from '@tabler/icons-react';
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
import { useFormat } from '../format/useFormat.ts';
import {
  addRule,
  changeRule,
  type Rule,
  type RuleKind,
  removeRule,
  ruleKinds,
  rulesQuery,
  valued,
} from './rulesApi.ts';
import { accountIdOf, Whose, WhoseSelect } from './Whose.tsx';

type Props = { offset: number; onOffset: (offset: number) => void };

export function RulesPanel({ offset, onOffset }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const confirm = useConfirm();
  const query = useQuery(rulesQuery(offset));
  const [dialog, setDialog] = useState<'new' | Rule | null>(null);
  const touches = ['moderation'];
  const change = useChange(changeRule, { touches, done: t('common.saved') });
  const removal = useChange(removeRule, { touches, done: t('moderation.rules.removed') });
  const shownValue = ({ kind, value }: Rule) =>
    kind === 'recipients' ? number(Number(value)) : valued.includes(kind) ? value : t('common.nothing');

  async function remove(rule: Rule) {
    const sure = await confirm({
      title: t('moderation.rules.confirmTitle'),
      text: t('moderation.rules.confirmText'),
      confirm: t('lists.remove'),
      danger: true,
    });
    if (sure) removal.mutate(rule.id);
  }
  const add = (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setDialog('new')}
    >
      {t('moderation.rules.add')}
    </Button>
  );
  return (
    <Panel title={t('moderation.rules.list')} actions={add}>
      <DataTable
        label={t('moderation.rules.list')}
        rows={query.data?.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconListCheck}
            title={t('moderation.rules.emptyTitle')}
            text={t('moderation.rules.emptyText')}
            action={add}
          />
        }
        footer={
          query.data && (
            <PagerOfMany page={{ ...query.data.meta.page, limit: pageSize }} onOffset={onOffset} />
          )
        }
        columns={[
          {
            key: 'kind',
            header: t('moderation.rules.holds'),
            cell: ({ kind, enabled }) => (
              <>
                {t(`moderation.rules.kind.${kind}`)}{' '}
                {!enabled && <Badge color="gray">{t('moderation.rules.off')}</Badge>}
              </>
            ),
          },
          {
            key: 'value',
            header: t('moderation.rules.value'),
            cell: (rule) => (
              <span className={rule.kind === 'recipients' ? 'figures' : 'prose'}>{shownValue(rule)}</span>
            ),
          },
          {
            key: 'account',
            header: t('moderation.rules.whose'),
            from: 'sm',
            cell: ({ account_id: id }) => <Whose id={id} />,
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (rule) => (
              <RowMenu
                name={`${t(`moderation.rules.kind.${rule.kind}`)} ${shownValue(rule)}`}
                actions={[
                  ...(valued.includes(rule.kind)
                    ? [{ label: t('lists.edit'), icon: IconPencil, onClick: () => setDialog(rule) }]
                    : []),
                  {
                    label: t(rule.enabled ? 'moderation.rules.turnOff' : 'moderation.rules.turnOn'),
                    icon: IconPower,
                    onClick: () => change.mutate({ id: rule.id, enabled: !rule.enabled }),
                  },
                  {
                    label: t('lists.remove'),
                    icon: IconTrash,
                    danger: true,
                    onClick: () => void remove(rule),
                  },
                ]}
              />
            ),
          },
        ]}
      />
      {dialog && (
        <RuleModal {...(dialog === 'new' ? {} : { rule: dialog })} onClose={() => setDialog(null)} />
      )}
    </Panel>
  );
}

type Values = { kind: RuleKind; value: string; account_id: string | null };

/** A new rule, or the value of one. */
function RuleModal({ rule, onClose }: { rule?: Rule; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm<Values>({
    initialValues: { kind: rule?.kind ?? 'word', value: rule?.value ?? '', account_id: null },
    validate: {
      value: (value, { kind }) => (valued.includes(kind) && value.trim() === '' ? t('lists.required') : null),
    },
  });
  const { kind } = form.values;
  const save = ({ value, account_id: account }: Values) => {
    const given = valued.includes(kind) ? value : '';
    if (rule) return changeRule({ id: rule.id, value: given });
    return addRule({ kind, value: given, account_id: accountIdOf(account) });
  };
  const change = useChange(save, {
    touches: ['moderation'],
    done: rule ? t('common.saved') : t('moderation.rules.added'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={rule ? t(`moderation.rules.kind.${rule.kind}`) : t('moderation.rules.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      {...(rule ? {} : { submit: t('lists.add') })}
      onSubmit={form.onSubmit((values) => change.mutate(values))}
    >
      {!rule && (
        <Select
          label={t('moderation.rules.holds')}
          allowDeselect={false}
          data={ruleKinds.map((each) => ({ value: each, label: t(`moderation.rules.kind.${each}`) }))}
          {...form.getInputProps('kind')}
        />
      )}
      {valued.includes(kind) && (
        <TextInput
          label={t('moderation.rules.value')}
          description={t(`moderation.rules.hint.${kind as 'word' | 'pattern' | 'recipients'}`)}
          maxLength={1000}
          required
          data-autofocus
          {...form.getInputProps('value')}
        />
      )}
      {!rule && <WhoseSelect {...form.getInputProps('account_id')} />}
    </FormModal>
  );
}
