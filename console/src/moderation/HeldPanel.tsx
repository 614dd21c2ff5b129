// One held campaign with all that a decision needs: text, why it is held, whom it reaches, and what its author did
// before.
import {
  Alert,
  Badge,
  Button,
  Divider,
  Group,
  List,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Figure } from '../components/Figure.tsx';
import { useFormat } from '../format/useFormat.ts';
import type { HeldCampaign } from './api.ts';

type Props = { held: HeldCampaign; busy: boolean; onApprove: () => void; onReject: () => void };

export function HeldPanel({ held, busy, onApprove, onReject }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { account, history, decision } = held;
  return (
    <Paper p="md" component="section" aria-label={t('moderation.one', { id: held.campaign_id })}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start">
          <div>
            <Group gap="xs">
              <Title order={2}>{account.name}</Title>
              {held.test && <Badge color="gray">{t('common.test')}</Badge>}
              {decision && (
                <Badge color={decision === 'approved' ? 'green' : 'red'}>
                  {t(`moderation.state.${decision}`)}
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed">
              {t('moderation.one', { id: held.campaign_id })}
              {held.author && ` · ${t(`campaigns.author.${held.author.type}`, { name: held.author.name })}`}
            </Text>
          </div>
          {decision === null && (
            <Group gap="xs">
              <Button
                color="teal.9"
                leftSection={<IconCheck size={16} aria-hidden />}
                loading={busy}
                onClick={onApprove}
              >
                {t('moderation.approve')}
              </Button>
              <Button
                color="red"
                variant="light"
                leftSection={<IconX size={16} aria-hidden />}
                disabled={busy}
                onClick={onReject}
              >
                {t('moderation.reject')}
              </Button>
            </Group>
          )}
        </Group>

        {decision !== null && (
          <Text size="sm">
            {t('moderation.decided', {
              who: held.decided_by?.name ?? t('moderation.commandLine'),
              at: held.decided_at ? format.moment(held.decided_at) : '',
            })}
            {held.reason && (
              <Text span size="sm" className="prose" display="block">
                {held.reason}
              </Text>
            )}
          </Text>
        )}

        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={t('moderation.why')}>
          <List size="sm">
            {held.reasons.map((reason) => (
              <List.Item key={reason} className="prose">
                {reason}
              </List.Item>
            ))}
          </List>
        </Alert>

        <div>
          <Title order={3} mb={4}>
            {t('moderation.text')}
          </Title>
          <Paper p="sm" bg="var(--carillon-canvas)">
            <Text size="sm" className="prose">
              {held.text}
            </Text>
          </Paper>
        </div>

        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <Figure label={t('moderation.sender')} value={held.sender} />
          <Figure label={t('moderation.size')} value={format.number(held.recipients)} />
          <Figure
            label={t('moderation.start')}
            value={<Text size="sm">{format.moment(held.start_at)}</Text>}
          />
          <Figure
            label={t('moderation.heldAt')}
            value={<Text size="sm">{format.moment(held.held_at)}</Text>}
          />
        </SimpleGrid>

        <div>
          <Title order={3} mb={4}>
            {t('moderation.sample')}
          </Title>
          {held.sample_texts.length > 0 ? (
            <Stack gap="xs">
              {held.sample_texts.map((text, index) => (
                <div key={held.sample[index]}>
                  <Text size="xs" c="dimmed" className="figures">
                    +{held.sample[index]}
                  </Text>
                  <Text size="sm" className="prose">
                    {text}
                  </Text>
                </div>
              ))}
            </Stack>
          ) : (
            <Group gap="xs">
              {held.sample.map((phone) => (
                <Badge key={phone} color="gray" className="figures">
                  +{phone}
                </Badge>
              ))}
            </Group>
          )}
        </div>

        <Divider />
        <div>
          <Title order={3} mb="xs">
            {history.of === 'user' && held.author
              ? t('moderation.history.ofUser', { name: held.author.name })
              : t('moderation.history.ofAccount', { name: account.name })}
          </Title>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            {(['campaigns', 'held', 'approved', 'rejected'] as const).map((each) => (
              <Figure
                key={each}
                label={t(`moderation.history.${each}`)}
                value={format.number(history[each])}
              />
            ))}
          </SimpleGrid>
        </div>
      </Stack>
    </Paper>
  );
}
