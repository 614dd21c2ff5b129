// The words that put a number on the stop list, and those that take it off.
import { Button, TagsInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../components/ErrorState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { useChange } from '../components/useChange.ts';
import { setWords, type Words, wordsQuery } from './api.ts';

export function WordsModal({ onClose }: { onClose: () => void }) {
  const { data, error } = useQuery(wordsQuery());
  if (error) return <ErrorState error={error} />;
  return data ? <WordsForm words={data} onClose={onClose} /> : null;
}

function WordsForm({ words, onClose }: { words: Words; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { stop: words.stop, start: words.start } });
  const change = useChange(setWords, {
    touches: ['inbound'],
    done: t('common.saved'),
    onDone: onClose,
    // Words are named by their place in the list.
    setErrors: (errors) =>
      form.setErrors(
        Object.fromEntries(Object.entries(errors).map(([path, text]) => [path.split('.')[0], text])),
      ),
  });
  return (
    <FormModal
      title={t('inbound.words.title')}
      opened
      onClose={onClose}
      size="lg"
      busy={change.isPending}
      onSubmit={form.onSubmit((values) => change.mutate(values))}
    >
      <Text size="sm" c="dimmed">
        {t('inbound.words.text')}
      </Text>
      <TagsInput
        label={t('inbound.words.stop')}
        description={t('inbound.words.stopHint')}
        placeholder={t('inbound.words.add')}
        data-autofocus
        {...form.getInputProps('stop')}
      />
      <TagsInput
        label={t('inbound.words.start')}
        description={t('inbound.words.startHint')}
        placeholder={t('inbound.words.add')}
        {...form.getInputProps('start')}
      />
      {!words.default && (
        <Button variant="subtle" onClick={() => change.mutate({})}>
          {t('inbound.words.defaults')}
        </Button>
      )}
    </FormModal>
  );
}
