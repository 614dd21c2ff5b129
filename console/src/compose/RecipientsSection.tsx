// To whom: numbers that are pasted, the rows of a file, or lists of contacts.
import { Alert, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../components/Panel.tsx';
import { ListsSelect } from '../contacts/ListsSelect.tsx';
import { useFormat } from '../format/useFormat.ts';
import type { Preview } from './api.ts';
import type { Draft, RecipientKind } from './draft.ts';
import { FileRecipients } from './FileRecipients.tsx';
import { mostNumbers, type PastedNumbers } from './numbers.ts';

type Props = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  pasted: PastedNumbers;
  onPreview: (preview: Preview | null) => void;
  error: string | undefined;
};

export function RecipientsSection({ draft, change, pasted, onPreview, error }: Props) {
  const { t } = useTranslation();
  const kinds: RecipientKind[] = ['numbers', 'file', 'lists'];
  return (
    <Panel title={t('compose.recipients.title')}>
      <Stack gap="sm">
        <SegmentedControl
          value={draft.recipients}
          onChange={(value) => change({ recipients: value as RecipientKind })}
          data={kinds.map((value) => ({ value, label: t(`compose.recipients.${value}`) }))}
          aria-label={t('compose.recipients.title')}
        />
        {draft.recipients === 'numbers' && <Pasted draft={draft} change={change} pasted={pasted} />}
        {draft.recipients === 'file' && (
          <FileRecipients draft={draft} change={change} onPreview={onPreview} />
        )}
        {draft.recipients === 'lists' && <Lists draft={draft} change={change} />}
        {error !== undefined && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}

function Pasted({ draft, change, pasted }: Pick<Props, 'draft' | 'change' | 'pasted'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { numbers, repeated, wrong, wrongOnes } = pasted;
  const tooMany = numbers.length > mostNumbers;
  return (
    <>
      <Textarea
        label={t('compose.recipients.paste')}
        description={t('compose.recipients.pasteHelp')}
        placeholder={'+34 600 000 100\n+49 151 0000 101'}
        rows={5}
        value={draft.numbers}
        onChange={(event) => change({ numbers: event.currentTarget.value })}
        error={tooMany && t('compose.recipients.tooMany', { most: number(mostNumbers) })}
        styles={{ input: { fontVariantNumeric: 'tabular-nums' } }}
      />
      <Text size="sm" c="dimmed" aria-live="polite">
        {t('compose.recipients.counted', { count: numbers.length, shown: number(numbers.length) })}
        {repeated > 0 &&
          ` · ${t('compose.recipients.repeated', { count: repeated, shown: number(repeated) })}`}
      </Text>
      {wrong > 0 && (
        <Alert color="orange" role="status">
          {t('compose.recipients.wrong', {
            count: wrong,
            shown: number(wrong),
            examples: wrongOnes.join(', '),
          })}
        </Alert>
      )}
    </>
  );
}

function Lists({ draft, change }: Pick<Props, 'draft' | 'change'>) {
  const { t } = useTranslation();
  return (
    <ListsSelect
      label={t('compose.recipients.lists')}
      description={(none) => t(none ? 'compose.recipients.noLists' : 'compose.recipients.listsHelp')}
      value={draft.lists.map(Number)}
      onChange={(chosen) => change({ lists: chosen.map(String) })}
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
    />
  );
}
