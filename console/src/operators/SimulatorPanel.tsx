// The built-in simulator: how it fares, and what an administrator tells it to do.
import { Badge, Button, Group, SimpleGrid } from '@mantine/core';
import { IconArrowBackUp, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Figure } from '../components/Figure.tsx';
import { Panel } from '../components/Panel.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useNotify } from '../components/useNotify.ts';
import { useFormat } from '../format/useFormat.ts';
import { BehaviourForm } from './BehaviourForm.tsx';
import { SimulatorHint } from './SimulatorHint.tsx';
import { cutSimulator, resetSimulator, type Simulator } from './simulator.ts';

export function SimulatorPanel({ simulator }: { simulator: Simulator }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const confirm = useConfirm();
  const notify = useNotify();
  const { behaviour, stats, normal } = simulator;
  const reset = useChange(resetSimulator, {
    touches: ['operators'],
    done: t('operators.simulator.resetDone'),
  });
  const cut = useChange(cutSimulator, {
    touches: ['operators'],
    onDone: (count) => notify.done(t('operators.simulator.cutDone', { count })),
  });

  async function askToCut() {
    const sure = await confirm({
      title: t('operators.simulator.cutTitle'),
      text: t('operators.simulator.cutText'),
      confirm: t('operators.simulator.cut'),
      danger: true,
    });
    if (sure) cut.mutate();
  }

  const actions = (
    <Group gap="xs">
      {!normal && <Badge color="orange">{t('operators.simulator.changed')}</Badge>}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconArrowBackUp size={14} aria-hidden />}
        disabled={normal}
        loading={reset.isPending}
        onClick={() => reset.mutate()}
      >
        {t('operators.simulator.reset')}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlugConnectedX size={14} aria-hidden />}
        loading={cut.isPending}
        onClick={() => void askToCut()}
      >
        {t('operators.simulator.cut')}
      </Button>
    </Group>
  );

  return (
    <Panel title={t('operators.simulator.title')} actions={actions}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} mb="md">
        <Figure label={t('operators.simulator.figure.sessions')} value={number(stats.sessions)}>
          {t('operators.simulator.figure.bindsRefused', { n: number(stats.binds_refused) })}
        </Figure>
        <Figure label={t('operators.simulator.figure.submits')} value={number(stats.submits)}>
          {t('operators.simulator.figure.refused', {
            refused: number(stats.refused),
            throttled: number(stats.throttled),
          })}
        </Figure>
        <Figure label={t('operators.simulator.figure.receipts')} value={number(stats.receipts_sent)} />
        <Figure
          label={t('operators.simulator.figure.waiting')}
          value={number(stats.scheduled + stats.receipts_waiting)}
        >
          {t('operators.simulator.figure.forSession', { n: number(stats.receipts_waiting) })}
        </Figure>
      </SimpleGrid>
      <BehaviourForm behaviour={behaviour} choices={simulator.choices}>
        <SimulatorHint />
      </BehaviourForm>
    </Panel>
  );
}
