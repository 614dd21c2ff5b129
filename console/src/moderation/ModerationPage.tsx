// The queue of held campaigns: the list at the left, the one that is looked at beside it; on phones below. Worked
// through with the keyboard: j and k, a, r, and ? for help.
import { Badge, Button, Grid, Paper, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconKeyboard, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorState } from '../components/ErrorState.tsx';
import { Loading } from '../components/Loading.tsx';
import { pageSize } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Pager } from '../components/Pager.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useFormat } from '../format/useFormat.ts';
import { approve, type HeldCampaign, queueQuery } from './api.ts';
import { HeldPanel } from './HeldPanel.tsx';
import { RejectModal } from './RejectModal.tsx';
import { ShortcutsModal } from './ShortcutsModal.tsx';
import { queueStates } from './search.ts';

const route = getRouteApi('/moderation');

export default function ModerationPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(queueQuery(search));
  const confirm = useConfirm();
  const [place, setPlace] = useState(0);
  const [dialog, setDialog] = useState<'reject' | 'help' | 'asking' | null>(null);
  const approval = useChange(approve, { touches: ['moderation'], done: t('moderation.approved') });

  const state = search.state ?? 'open';
  const held = query.data?.data ?? [];
  // Decided ones leave the list: the next one takes their place.
  const at = Math.min(place, Math.max(0, held.length - 1));
  const current = held[at];
  const decidable = current !== undefined && current.decision === null;

  async function askToApprove() {
    if (!current || !decidable || approval.isPending) return;
    setDialog('asking');
    const sure = await confirm({
      title: t('moderation.confirm.title'),
      text: t('moderation.confirm.text', { sender: current.sender, count: current.recipients }),
      confirm: t('moderation.approve'),
    });
    setDialog(null);
    if (sure) approval.mutate(current.campaign_id);
  }
  function go(step: number) {
    const next = Math.min(Math.max(0, at + step), Math.max(0, held.length - 1));
    setPlace(next);
    document.getElementById(`held-${next}`)?.scrollIntoView({ block: 'nearest' });
  }
  const unlessBusy = (action: () => void) => () => {
    if (dialog === null) action();
  };
  useHotkeys([
    ['j', unlessBusy(() => go(1))],
    ['k', unlessBusy(() => go(-1))],
    ['a', unlessBusy(() => void askToApprove())],
    ['r', unlessBusy(() => decidable && setDialog('reject'))],
    ['shift+?', unlessBusy(() => setDialog('help'))],
    ['?', unlessBusy(() => setDialog('help'))],
  ]);

  return (
    <>
      <PageHeader
        title={t('moderation.title')}
        badges={state === 'open' && query.data && <Badge color="orange">{query.data.meta.page.total}</Badge>}
        actions={
          <Button
            variant="default"
            leftSection={<IconKeyboard size={16} aria-hidden />}
            onClick={() => setDialog('help')}
            visibleFrom="sm"
          >
            {t('moderation.shortcuts.title')}
          </Button>
        }
      />
      <SegmentedControl
        mb="sm"
        value={state}
        aria-label={t('moderation.show')}
        onChange={(wanted) => {
          setPlace(0);
          void navigate({ search: wanted === 'open' ? {} : { state: wanted as 'approved' } });
        }}
        data={queueStates.map((each) => ({ value: each, label: t(`moderation.state.${each}`) }))}
      />
      {query.error && !query.data ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Loading />
      ) : current === undefined ? (
        <Paper>
          <EmptyState
            icon={IconShieldCheck}
            title={t(`moderation.empty.${state}`)}
            text={t(state === 'open' ? 'moderation.empty.openText' : 'moderation.empty.decidedText')}
          />
        </Paper>
      ) : (
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Paper component="nav" aria-label={t('moderation.list')} style={{ overflow: 'hidden' }}>
              <Stack gap={0} mah={{ base: 220, md: 640 }} style={{ overflowY: 'auto' }}>
                {held.map((each, index) => (
                  <QueueItem
                    key={each.campaign_id}
                    held={each}
                    id={`held-${index}`}
                    current={index === at}
                    onClick={() => setPlace(index)}
                  />
                ))}
              </Stack>
              {query.data.meta.page.total > pageSize && (
                <Pager
                  page={{ ...query.data.meta.page, limit: pageSize }}
                  onOffset={(offset) => {
                    setPlace(0);
                    void navigate({
                      search: ({ offset: _, ...old }) => (offset === 0 ? old : { ...old, offset }),
                    });
                  }}
                />
              )}
            </Paper>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 8 }}>
            <HeldPanel
              held={current}
              busy={approval.isPending}
              onApprove={() => void askToApprove()}
              onReject={() => setDialog('reject')}
            />
          </Grid.Col>
        </Grid>
      )}
      {current && dialog === 'reject' && <RejectModal held={current} onClose={() => setDialog(null)} />}
      <ShortcutsModal opened={dialog === 'help'} onClose={() => setDialog(null)} />
    </>
  );
}

type ItemProps = { held: HeldCampaign; id: string; current: boolean; onClick: () => void };

function QueueItem({ held, id, current, onClick }: ItemProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <UnstyledButton
      id={id}
      onClick={onClick}
      aria-current={current ? 'true' : undefined}
      p="sm"
      bg={current ? 'var(--mantine-primary-color-light)' : 'transparent'}
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Text size="sm" fw={600} truncate>
        {held.account.name}
      </Text>
      <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {held.text}
      </Text>
      <Text size="xs" c={current ? 'inherit' : 'dimmed'} className="figures">
        {t('moderation.recipients', { count: held.recipients, formatted: format.number(held.recipients) })}
        {' · '}
        {format.moment(held.held_at)}
      </Text>
    </UnstyledButton>
  );
}
