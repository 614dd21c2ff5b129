// What is said: the text, what it becomes as short messages, and the characters that make it dearer.
import { Alert, Badge, Button, Group, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../components/Panel.tsx';
import { useFormat } from '../format/useFormat.ts';
import type { Measure } from './api.ts';
import type { Draft } from './draft.ts';
import { MarkedText } from './MarkedText.tsx';

type Props = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  measure: Measure | undefined;
  /** Names that may stand in braces. */
  placeholders: string[];
  error: string | undefined;
};

export function TextSection({ draft, change, measure, placeholders, error }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const area = useRef<HTMLTextAreaElement>(null);
  function insert(name: string) {
    const { selectionStart: start = draft.text.length, selectionEnd: end = start } = area.current ?? {};
    change({ text: `${draft.text.slice(0, start)}{${name}}${draft.text.slice(end)}` });
    area.current?.focus();
  }
  const shown = draft.text === '' ? undefined : measure;
  const spelled = draft.transliterate ? shown?.transliterated : null;
  const sent = spelled ?? shown;
  const tooLong = shown?.too_long && !spelled;
  return (
    <Panel title={t('compose.text.title')}>
      <Stack gap="sm">
        <Textarea
          ref={area}
          label={t('compose.text.label')}
          rows={5}
          value={draft.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
          error={error ?? (tooLong && t('compose.text.tooLong'))}
        />
        {placeholders.length > 0 && (
          <Group gap={6}>
            <Text size="sm" c="dimmed">
              {t('compose.text.insert')}
            </Text>
            {placeholders.map((name) => (
              <Button key={name} size="compact-xs" variant="default" onClick={() => insert(name)}>
                {`{${name}}`}
              </Button>
            ))}
          </Group>
        )}
        <Group gap="xs" aria-live="polite" mih={22}>
          {shown && sent && (
            <>
              <Badge color={sent.encoding === 'gsm7' ? 'green' : 'orange'}>
                {t(`compose.text.${sent.encoding}`)}
              </Badge>
              <Text size="sm" c="dimmed" className="figures" style={{ whiteSpace: 'normal' }}>
                {[
                  t('compose.text.characters', { count: shown.characters, shown: number(shown.characters) }),
                  t('compose.text.segments', { count: sent.segments, shown: number(sent.segments) }),
                  !spelled &&
                    t('compose.text.left', { count: shown.units_left, shown: number(shown.units_left) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </>
          )}
        </Group>
        {shown && shown.forcing_total > 0 && !spelled && (
          <Alert color="orange" title={t('compose.text.forcingTitle', { count: shown.forcing_total })}>
            <Text size="sm" mb="xs">
              {t('compose.text.forcingText', {
                characters: [...new Set(shown.forcing.map(({ character, code }) => `${character} (${code})`))]
                  .slice(0, 8)
                  .join(', '),
              })}
            </Text>
            <MarkedText text={draft.text} marks={shown.forcing} />
          </Alert>
        )}
        <Switch
          label={t('compose.text.transliterate')}
          description={t('compose.text.transliterateHelp')}
          checked={draft.transliterate}
          onChange={(event) => change({ transliterate: event.currentTarget.checked })}
        />
        {shown?.transliterated && (
          <Text size="sm" c="dimmed" className="prose">
            {t('compose.text.spelled', {
              text: shown.transliterated.text,
              count: shown.transliterated.segments,
              shown: number(shown.transliterated.segments),
            })}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
