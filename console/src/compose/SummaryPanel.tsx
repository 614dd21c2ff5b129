// What it costs and whom it cannot reach, before it is sent; and the button that sends it.
import { Alert, Button, Divider, Group, List, Stack, Text } from '@mantine/core';
import { IconListCheck, IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { errorText } from '../components/errorText.ts';
import { Panel } from '../components/Panel.tsx';
import { useFormat } from '../format/useFormat.ts';
import { balanceQuery, type Price } from './api.ts';
import type { Draft } from './draft.ts';

type Props = {
  draft: Draft;
  /** How many recipients are known; undefined for files and lists. */
  recipients: number | undefined;
  price: Price | undefined;
  pricing: boolean;
  priceError: unknown;
  /** What keeps it from being sent. */
  missing: string[];
  /** What the server refused, where no field shows it. */
  refused: unknown;
  sending: boolean;
  onSend: () => void;
};

export function SummaryPanel(props: Props) {
  const { draft, recipients, price, pricing, priceError, missing, refused, sending, onSend } = props;
  const { t } = useTranslation();
  const { number, money } = useFormat();
  const { data: balance } = useQuery(balanceQuery);
  const unreachable = price?.unpriced ?? 0;
  return (
    <Panel title={t('compose.summary.title')}>
      <Stack gap="xs">
        {recipients !== undefined && (
          <Line label={t('compose.summary.recipients')} value={number(recipients)} />
        )}
        {draft.recipients === 'file' ? (
          <Text size="sm" c="dimmed">
            {t('compose.summary.fileLater')}
          </Text>
        ) : (
          <Line
            label={t('compose.summary.price')}
            value={
              price?.price !== undefined && price.price !== null
                ? money(price.price, price.currency)
                : t(pricing ? 'compose.summary.pricing' : 'common.nothing')
            }
            strong
          />
        )}
        {balance && (
          <Line label={t('compose.summary.balance')} value={money(balance.balance, balance.currency)} />
        )}
        {unreachable > 0 && (
          <Alert color="orange" role="status">
            {t('compose.summary.unreachable', { count: unreachable, shown: number(unreachable) })}
          </Alert>
        )}
        {priceError !== null && priceError !== undefined && missing.length === 0 && (
          <Text size="sm" c="var(--carillon-danger)">
            {errorText(priceError, t)}
          </Text>
        )}
        <Divider my={4} />
        {missing.length > 0 && (
          <div>
            <Text size="sm" c="dimmed">
              {t('compose.summary.missing')}
            </Text>
            <List size="sm" c="dimmed">
              {missing.map((words) => (
                <List.Item key={words}>{words}</List.Item>
              ))}
            </List>
          </div>
        )}
        {refused !== null && refused !== undefined && (
          <Alert color="red" role="alert" title={t('common.error.title')}>
            {errorText(refused, t)}
          </Alert>
        )}
        <Button
          fullWidth
          size="md"
          leftSection={
            draft.recipients === 'file' ? (
              <IconListCheck size={18} aria-hidden />
            ) : (
              <IconSend size={18} aria-hidden />
            )
          }
          disabled={missing.length > 0}
          loading={sending}
          onClick={onSend}
        >
          {t(
            draft.recipients === 'file'
              ? 'compose.check'
              : draft.when === 'now'
                ? 'compose.send'
                : 'compose.schedule',
          )}
        </Button>
      </Stack>
    </Panel>
  );
}

function Line({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size={strong ? 'lg' : 'sm'} fw={strong ? 600 : 400} className="figures">
        {value}
      </Text>
    </Group>
  );
}
