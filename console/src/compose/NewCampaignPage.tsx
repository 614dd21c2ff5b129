// A new campaign in one page: to whom, what, from whom and when; what it costs stands beside it all the time.
import { Grid, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api } from '../api/client.ts';
import type { Campaign } from '../api/types.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { Panel } from '../components/Panel.tsx';
import { useConfirm } from '../components/useConfirm.tsx';
import { useNotify } from '../components/useNotify.ts';
import { useFormat } from '../format/useFormat.ts';
import { fieldsQuery, measureQuery, type Preview, priceQuery } from './api.ts';
import { type Draft, emptyDraft, fillIn, pricing, sending } from './draft.ts';
import { mostNumbers, readNumbers } from './numbers.ts';
import { PhonePreview } from './PhonePreview.tsx';
import { RecipientsSection } from './RecipientsSection.tsx';
import { errorsOf, onceKey } from './refusal.ts';
import { SendingSection } from './SendingSection.tsx';
import { SummaryPanel } from './SummaryPanel.tsx';
import { TestMessage } from './TestMessage.tsx';
import { TextSection } from './TextSection.tsx';

/** How long typing rests before the server is asked. */
const measureMs = 250;
const priceMs = 500;

export default function NewCampaignPage() {
  const { t } = useTranslation();
  const { number, zone, money } = useFormat();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const notify = useNotify();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [preview, setPreview] = useState<Preview | null>(null);
  // The same campaign is sent once, however often the button or the connection repeats it.
  const [once, setOnce] = useState(onceKey);

  const pasted = useMemo(() => readNumbers(draft.numbers), [draft.numbers]);
  const [text] = useDebouncedValue(draft.text, measureMs);
  const { data: measure } = useQuery(measureQuery(text));
  const spelled = draft.transliterate && draft.text !== '' ? measure?.transliterated : null;
  const sentText = spelled?.text ?? draft.text;
  const fields = useQuery({ ...fieldsQuery, enabled: draft.recipients === 'lists' }).data;

  const missing = missingOf();
  const priceable = missing.length === 0 && draft.recipients !== 'file';
  const body = useMemo(
    () => (priceable ? pricing(draft, pasted, sentText) : null),
    [priceable, draft, pasted, sentText],
  );
  const [priced] = useDebouncedValue(body, priceMs);
  const price = useQuery(priceQuery(priced));

  const send = useMutation({
    mutationFn: () => {
      const { path, body } = sending(draft, pasted, zone);
      return api.post<{ data: Campaign }>(path, body, { headers: { 'idempotency-key': once } });
    },
    onSuccess: ({ data }) => {
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      void client.invalidateQueries({ queryKey: ['balance'] });
      notify.done(t(draft.recipients === 'file' ? 'compose.uploaded' : 'compose.sent'));
      void navigate({ to: '/campaigns/$id', params: { id: data.id } });
    },
  });
  const errors = errorsOf(send.error);

  function change(part: Partial<Draft>) {
    setDraft((old) => ({ ...old, ...part }));
    setOnce(onceKey());
    if (send.isError) send.reset();
  }

  function missingOf(): string[] {
    const none = {
      numbers: pasted.numbers.length === 0 || pasted.numbers.length > mostNumbers,
      file: draft.file === null || draft.phoneColumn === null,
      lists: draft.lists.length === 0,
    }[draft.recipients];
    return [
      none && t('compose.missing.recipients'),
      draft.text === '' && t('compose.missing.text'),
      draft.sender.trim() === '' && t('compose.missing.sender'),
      draft.when === 'later' && draft.at === '' && t('compose.missing.at'),
    ].filter((words) => words !== false);
  }

  async function ask() {
    const cost = price.data?.price;
    const sure = await confirm({
      title: t('compose.confirm.title'),
      text: [
        draft.recipients === 'numbers'
          ? t('compose.confirm.numbers', {
              count: pasted.numbers.length,
              shown: number(pasted.numbers.length),
            })
          : t('compose.confirm.lists'),
        cost !== undefined && cost !== null
          ? t('compose.confirm.price', { price: money(cost, price.data!.currency) })
          : '',
        t('compose.confirm.final'),
      ]
        .filter(Boolean)
        .join(' '),
      confirm: t(draft.when === 'now' ? 'compose.send' : 'compose.schedule'),
    });
    if (sure) send.mutate();
  }

  const columns = preview?.header ? preview.columns : [];
  const placeholders =
    draft.recipients === 'file'
      ? columns.filter((name, i) => name !== '' && i + 1 !== draft.phoneColumn)
      : draft.recipients === 'lists'
        ? (fields ?? []).map(({ name }) => name)
        : [];
  const example = new Map(columns.map((name, i) => [name.trim().toLowerCase(), preview?.rows[0]?.[i] ?? '']));
  const shownText = draft.recipients === 'numbers' ? sentText : fillIn(sentText, example);
  const hasText = draft.text !== '' && draft.sender.trim() !== '';

  return (
    <>
      <PageHeader title={t('compose.title')} back={{ to: '/campaigns', label: t('campaigns.title') }} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
          <Stack gap="md">
            <RecipientsSection
              draft={draft}
              change={change}
              pasted={pasted}
              onPreview={setPreview}
              error={errors.recipients}
            />
            <TextSection
              draft={draft}
              change={change}
              measure={measure}
              placeholders={placeholders}
              error={errors.text}
            />
            <SendingSection draft={draft} change={change} errors={errors} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
          <Stack gap="md" pos="sticky" top={68}>
            <Panel title={t('compose.preview.title')}>
              <Stack>
                <PhonePreview
                  sender={draft.sender.trim()}
                  text={shownText}
                  segments={draft.text === '' ? undefined : (spelled ?? measure)?.segments}
                />
                <TestMessage draft={draft} text={shownText} ready={hasText} />
              </Stack>
            </Panel>
            <SummaryPanel
              draft={draft}
              recipients={draft.recipients === 'numbers' ? pasted.numbers.length : undefined}
              price={priceable ? price.data : undefined}
              pricing={priceable && price.isFetching}
              priceError={price.error}
              missing={missing}
              refused={send.error instanceof ApiError && errors.shown ? null : send.error}
              sending={send.isPending}
              // A file is sent only when its price is known and confirmed, on the next page.
              onSend={() => (draft.recipients === 'file' ? send.mutate() : void ask())}
            />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}
