// The connections to the operators, live, and the routes to them.
import { Alert, Badge, Button, Group, Progress, Stack, Text } from '@mantine/core';
import {
  IconAntennaBars5,
  IconFlask,
  IconPencil,
  IconPlus,
  IconPower,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { takeLatest, useEvents } from '../api/events.ts';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { LiveBadge } from '../components/LiveBadge.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { type Format, useFormat } from '../format/useFormat.ts';
import type { Translate } from '../i18n/index.ts';
import { liveKey, liveQuery, type OperatorLive, removeOperator, saveOperator } from './api.ts';
import { OperatorModal } from './OperatorModal.tsx';
import { RoutesPanel } from './RoutesPanel.tsx';
import { SimulatorHint } from './SimulatorHint.tsx';
import { SimulatorPanel } from './SimulatorPanel.tsx';
import { simulatorQuery } from './simulator.ts';
import { TestModal } from './TestModal.tsx';

type Dialog =
  | { kind: 'edit'; id?: number }
  | { kind: 'test'; operator: OperatorLive & { id: number } }
  | null;

export default function OperatorsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [dialog, setDialog] = useState<Dialog>(null);
  const state = useEvents(['operators'], {
    operators: (latest: OperatorLive[]) => takeLatest(client, liveKey, latest),
  });
  const query = useQuery({ ...liveQuery(), refetchInterval: state === 'live' ? false : 5_000 });
  const change = useChange(saveOperator, { touches: ['operators'], done: t('common.saved') });
  const removal = useChange(removeOperator, { touches: ['operators'], done: t('operators.removed') });

  async function remove(id: number, name: string) {
    const sure = await confirm({
      title: t('operators.confirmRemove.title', { name }),
      text: t('operators.confirmRemove.text'),
      confirm: t('lists.remove'),
      danger: true,
    });
    if (sure) removal.mutate(id);
  }

  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({ kind: 'edit' })}>
      {t('operators.add')}
    </Button>
  );
  const menu = (operator: OperatorLive) => {
    const { id, name, enabled } = operator;
    if (id === null) return null;
    return (
      <RowMenu
        name={name}
        actions={[
          {
            label: t('operators.test.action'),
            icon: IconSend,
            onClick: () => setDialog({ kind: 'test', operator: { ...operator, id } }),
          },
          { label: t('lists.edit'), icon: IconPencil, onClick: () => setDialog({ kind: 'edit', id }) },
          {
            label: t(enabled ? 'operators.disable' : 'operators.enable'),
            icon: IconPower,
            onClick: () => change.mutate({ id, enabled: !enabled }),
          },
          {
            label: t('lists.remove'),
            icon: IconTrash,
            danger: true,
            onClick: () => void remove(id, name),
          },
        ]}
      />
    );
  };
  const simulated = query.data?.some(({ simulator, enabled }) => simulator && enabled) ?? false;

  // Another process may run it: then there is nothing to control from here.
  const simulator = useQuery({
    ...simulatorQuery(),
    enabled: simulated,
    refetchInterval: ({ state }) => (state.data ? 2_000 : false),
  });

  return (
    <Stack gap="md">
      <div>
        <PageHeader title={t('operators.title')} badges={<LiveBadge state={state} />} actions={add} />
        <DataTable
          label={t('operators.title')}
          columns={[...columns(t, format), { key: 'menu', header: '', cell: menu, width: 50 }]}
          rows={query.data}
          rowKey={({ name }) => name}
          error={query.error}
          retry={() => void query.refetch()}
          empty={
            <EmptyState
              icon={IconAntennaBars5}
              title={t('operators.empty.title')}
              text={t('operators.empty.text')}
              action={add}
            />
          }
        />
      </div>
      <RoutesPanel operators={query.data ?? []} />
      {simulator.data ? (
        <SimulatorPanel simulator={simulator.data} />
      ) : simulated && simulator.error ? (
        <Alert color="gray" icon={<IconFlask aria-hidden />} title={t('operators.simulator.title')}>
          <SimulatorHint />
        </Alert>
      ) : null}
      {dialog?.kind === 'edit' && (
        <OperatorModal
          {...(dialog.id === undefined ? {} : { id: dialog.id })}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'test' && <TestModal operator={dialog.operator} onClose={() => setDialog(null)} />}
    </Stack>
  );
}

const stateColors = { bound: 'green', partly_bound: 'yellow', unbound: 'red', not_running: 'gray' } as const;

function columns(t: Translate, { number, rounded, shortMoment }: Format): Column<OperatorLive>[] {
  return [
    {
      key: 'name',
      header: t('lists.name'),
      cell: ({ name, simulator, enabled, last_error: error }) => (
        <Stack gap={2}>
          <Group gap={6}>
            <Text size="sm" fw={500}>
              {name}
            </Text>
            {simulator && <Badge color="gray">{t('operators.simulator.badge')}</Badge>}
            {!enabled && <Badge color="gray">{t('operators.disabled')}</Badge>}
          </Group>
          {error && (
            <Text size="xs" c="dimmed" maw={320} style={{ overflowWrap: 'anywhere' }}>
              {`${shortMoment(error.at)}: ${error.message}`}
            </Text>
          )}
        </Stack>
      ),
    },
    {
      key: 'state',
      header: t('operators.column.state'),
      cell: ({ state, rates, sessions }) => (
        <Stack gap={4} align="flex-start">
          <Badge color={stateColors[state]}>{t(`operators.state.${state}`)}</Badge>
          {rates.throttled > 0 && <Badge color="orange">{t('operators.throttled')}</Badge>}
          <Text size="xs" c="dimmed" className="figures">
            {t('operators.sessions', {
              bound: number(sessions.bound),
              configured: number(sessions.configured),
            })}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'window',
      header: t('operators.column.window'),
      from: 'sm',
      width: 150,
      cell: ({ in_flight: inFlight, window }) => (
        <Stack gap={4}>
          <Text size="xs" className="figures">
            {t('operators.window', { used: number(inFlight), size: number(window) })}
          </Text>
          <Progress
            size={6}
            value={window === 0 ? 0 : Math.min(100, (100 * inFlight) / window)}
            aria-label={t('operators.column.window')}
          />
        </Stack>
      ),
    },
    {
      key: 'waiting',
      header: t('operators.column.waiting'),
      numeric: true,
      from: 'lg',
      cell: ({ waiting }) => number(waiting),
    },
    {
      key: 'submitted',
      header: t('operators.column.submitted'),
      numeric: true,
      cell: ({ rates, throttle }) => (
        <>
          {rounded(rates.submitted)}
          {throttle !== null && (
            <Text span size="xs" c="dimmed">
              {` / ${number(throttle)}`}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'refused',
      header: t('operators.column.refused'),
      numeric: true,
      from: 'lg',
      cell: ({ rates }) => rounded(rates.refused),
    },
    {
      key: 'receipts',
      header: t('operators.column.receipts'),
      numeric: true,
      from: 'sm',
      cell: ({ rates }) => rounded(rates.receipts),
    },
    {
      key: 'total',
      header: t('operators.column.total'),
      numeric: true,
      from: 'md',
      cell: ({ totals }) => number(totals.submitted),
    },
  ];
}
