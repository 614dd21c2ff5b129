// Which numbers go to which operator, in the order in which it is tried.
import { Button, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconRoute, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { Panel } from '../components/Panel.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useFormat } from '../format/useFormat.ts';
import { addRoute, type OperatorLive, type Route, removeRoute, routesQuery } from './api.ts';

export function RoutesPanel({ operators }: { operators: readonly OperatorLive[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const confirm = useConfirm();
  const query = useQuery(routesQuery());
  const [adding, setAdding] = useState(false);
  const removal = useChange(removeRoute, { touches: ['operators'], done: t('operators.routes.removed') });
  const prefixOf = ({ prefix }: Route) => (prefix === '' ? t('operators.routes.all') : `+${prefix}`);

  async function remove(route: Route) {
    const sure = await confirm({
      title: t('operators.routes.confirmTitle'),
      text: t('operators.routes.confirmText', { prefix: prefixOf(route), operator: route.operator }),
      confirm: t('lists.remove'),
      danger: true,
    });
    if (sure) removal.mutate(route.id);
  }
  const add = (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      disabled={operators.length === 0}
      onClick={() => setAdding(true)}
    >
      {t('operators.routes.add')}
    </Button>
  );

  return (
    <Panel title={t('operators.routes.title')} actions={add}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('operators.routes.text')}
      </Text>
      <DataTable
        label={t('operators.routes.title')}
        rows={query.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconRoute}
            title={t('operators.routes.emptyTitle')}
            text={t('operators.routes.emptyText')}
            action={add}
          />
        }
        columns={[
          { key: 'prefix', header: t('operators.routes.prefix'), cell: prefixOf },
          { key: 'operator', header: t('operators.routes.operator'), cell: ({ operator }) => operator },
          {
            key: 'priority',
            header: t('operators.routes.priority'),
            numeric: true,
            from: 'sm',
            cell: ({ priority }) => number(priority),
          },
          {
            key: 'weight',
            header: t('operators.routes.weight'),
            numeric: true,
            from: 'sm',
            cell: ({ weight }) => number(weight),
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (route) => (
              <RowMenu
                name={`${prefixOf(route)} ${route.operator}`}
                actions={[
                  {
                    label: t('lists.remove'),
                    icon: IconTrash,
                    danger: true,
                    onClick: () => void remove(route),
                  },
                ]}
              />
            ),
          },
        ]}
      />
      {adding && <RouteModal operators={operators} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function RouteModal({ operators, onClose }: { operators: readonly OperatorLive[]; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { prefix: '', operator: operators[0]?.name ?? '', priority: 0, weight: 100 },
    transformValues: (values) => ({ ...values, prefix: values.prefix.replace(/\D/g, '') }),
  });
  const change = useChange(addRoute, {
    touches: ['operators'],
    done: t('operators.routes.added'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t('operators.routes.add')}
      opened
      onClose={onClose}
      onSubmit={form.onSubmit((values) => change.mutate(values))}
      busy={change.isPending}
      submit={t('lists.add')}
    >
      <TextInput
        label={t('operators.routes.prefix')}
        description={t('operators.routes.prefixHint')}
        placeholder="34"
        inputMode="numeric"
        data-autofocus
        {...form.getInputProps('prefix')}
      />
      <Select
        label={t('operators.routes.operator')}
        data={operators.map(({ name }) => name)}
        allowDeselect={false}
        {...form.getInputProps('operator')}
      />
      <NumberInput
        label={t('operators.routes.priority')}
        description={t('operators.routes.priorityHint')}
        min={0}
        max={32_767}
        allowDecimal={false}
        {...form.getInputProps('priority')}
      />
      <NumberInput
        label={t('operators.routes.weight')}
        description={t('operators.routes.weightHint')}
        min={1}
        allowDecimal={false}
        {...form.getInputProps('weight')}
      />
    </FormModal>
  );
}
