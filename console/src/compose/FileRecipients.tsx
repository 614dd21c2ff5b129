// A file of recipients: chosen, looked at by the server, its columns given a meaning, bad rows shown.
import { Alert, FileInput, Group, Select, Stack, Table, Text } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { errorText } from '../components/errorText.ts';
import { Loading } from '../components/Loading.tsx';
import { type Preview, previewFile } from './api.ts';
import { type Draft, fileFields } from './draft.ts';
import { readNumbers } from './numbers.ts';

type Props = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  onPreview: (preview: Preview | null) => void;
};

const shownRows = 5;

export function FileRecipients({ draft, change, onPreview }: Props) {
  const { t } = useTranslation();
  const look = useMutation({
    mutationFn: (part: Pick<Draft, 'file' | 'phoneColumn'>) => {
      const form = new FormData();
      fileFields(form, part);
      return previewFile(form);
    },
    onSuccess: (preview, { phoneColumn }) => {
      onPreview(preview);
      if (phoneColumn === null) change({ phoneColumn: preview.phone_column });
    },
  });
  function choose(file: File | null) {
    change({ file, phoneColumn: null });
    onPreview(null);
    look.reset();
    if (file) look.mutate({ file, phoneColumn: null });
  }
  function column(phoneColumn: number) {
    change({ phoneColumn });
    look.mutate({ file: draft.file, phoneColumn });
  }
  const preview = look.data;
  const bad = preview ? badRows(preview, draft.phoneColumn, t('compose.file.noNumber')) : [];
  return (
    <Stack gap="sm">
      <FileInput
        label={t('compose.file.label')}
        description={t('compose.file.help')}
        placeholder={t('compose.file.choose')}
        accept=".csv,.tsv,.txt,.ndjson,.jsonl,.gz,text/csv"
        leftSection={<IconFileSpreadsheet size={16} aria-hidden />}
        value={draft.file}
        onChange={choose}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        error={look.error && errorText(look.error, t)}
      />
      {look.isPending && !preview && <Loading rows={3} />}
      {preview && (
        <>
          <Group align="flex-end">
            <Select
              label={t('compose.file.phoneColumn')}
              data={preview.columns.map((name, i) => ({ value: String(i + 1), label: name || `${i + 1}` }))}
              value={draft.phoneColumn === null ? null : String(draft.phoneColumn)}
              onChange={(value) => value !== null && column(Number(value))}
              error={draft.phoneColumn === null && t('compose.file.noPhone')}
              allowDeselect={false}
            />
          </Group>
          <Table.ScrollContainer minWidth={300} type="native">
            <Table aria-label={t('compose.file.preview')} horizontalSpacing="xs" verticalSpacing={4} fz="xs">
              <Table.Thead>
                <Table.Tr>
                  {preview.columns.map((name, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns may have the same name, and never move
                    <Table.Th key={i} c={i + 1 === draft.phoneColumn ? 'indigo' : 'inherit'}>
                      {name || i + 1}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {preview.rows.slice(0, shownRows).map((row, i) => (
                  <Table.Tr key={preview.lines[i]}>
                    {row.map((cell, j) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
                      <Table.Td key={j}>{cell}</Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {bad.length > 0 && (
            <Alert color="orange" title={t('compose.file.bad', { count: bad.length })}>
              {bad.slice(0, shownRows).map(({ line, reason, raw }) => (
                <Text key={line} size="xs" className="prose">
                  {t('compose.file.badLine', { line, reason, raw: raw.slice(0, 80) })}
                </Text>
              ))}
              <Text size="xs" mt={4}>
                {t('compose.file.badHelp')}
              </Text>
            </Alert>
          )}
        </>
      )}
    </Stack>
  );
}

/** The rows that the server cannot read, and those without a number, in the order of the file. */
function badRows(
  { bad, rows, lines }: Preview,
  phoneColumn: number | null,
  noNumber: string,
): Preview['bad'] {
  if (phoneColumn === null) return bad;
  const known = new Set(bad.map(({ line }) => line));
  const without = rows.flatMap((row, i) => {
    const raw = row[phoneColumn - 1] ?? '';
    const line = lines[i]!;
    return known.has(line) || readNumbers(raw).numbers.length === 1 ? [] : [{ line, reason: noNumber, raw }];
  });
  return [...bad, ...without].sort((a, b) => a.line - b.line);
}
