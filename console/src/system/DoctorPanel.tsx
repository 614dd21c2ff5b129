// The doctor: whether everything that is stored agrees with itself. Started here, and what it found so far.
import { Accordion, Badge, Button, Code, Group, List, Text } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState.tsx';
import { Panel } from '../components/Panel.tsx';
import { useChange } from '../components/useChange.ts';
import { useFormat } from '../format/useFormat.ts';
import { type DoctorRun, type System, startDoctor } from './api.ts';

export function DoctorPanel({ doctor: { running, runs } }: { doctor: System['doctor'] }) {
  const { t } = useTranslation();
  const start = useChange(startDoctor, { touches: ['system'], done: t('system.doctor.started') });
  const button = (
    <Button
      size="xs"
      leftSection={<IconStethoscope size={16} aria-hidden />}
      loading={running || start.isPending}
      onClick={() => start.mutate()}
    >
      {t('system.doctor.start')}
    </Button>
  );
  return (
    <Panel title={t('system.doctor.title')} actions={button}>
      <Text size="sm" c="dimmed" mb="sm" role="status">
        {t(running ? 'system.doctor.running' : 'system.doctor.text')}
      </Text>
      {runs.length === 0 ? (
        <EmptyState
          icon={IconStethoscope}
          title={t('system.doctor.emptyTitle')}
          text={t('system.doctor.emptyText')}
        />
      ) : (
        <Accordion variant="contained" chevronPosition="left" order={3}>
          {runs.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </Accordion>
      )}
    </Panel>
  );
}

function Run({ run }: { run: DoctorRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const healthy = run.errors === 0 && run.warnings === 0;
  return (
    <Accordion.Item value={String(run.id)}>
      <Accordion.Control>
        <Group gap="xs">
          <Text size="sm" className="figures">
            {format.moment(run.at)}
          </Text>
          {healthy && <Badge color="green">{t('system.doctor.healthy')}</Badge>}
          {run.errors > 0 && <Badge color="red">{t('system.doctor.errors', { count: run.errors })}</Badge>}
          {run.warnings > 0 && (
            <Badge color="yellow">{t('system.doctor.warnings', { count: run.warnings })}</Badge>
          )}
          <Text size="xs" c="dimmed" className="figures">
            {t('system.doctor.took', { seconds: format.rounded(run.seconds) })}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {run.breaches.length === 0 ? (
          <Text size="sm">{t('system.doctor.nothing')}</Text>
        ) : (
          <List size="sm">
            {run.breaches.map(({ name, severity, breaches, examples }) => (
              <List.Item key={name}>
                <Group gap="xs">
                  <Badge color={severity === 'error' ? 'red' : 'yellow'}>{name}</Badge>
                  {format.number(breaches)}
                </Group>
                {examples.map((example) => (
                  <Code key={example} block mt={4}>
                    {example}
                  </Code>
                ))}
              </List.Item>
            ))}
          </List>
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}
