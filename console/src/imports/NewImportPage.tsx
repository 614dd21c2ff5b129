// A file becomes contacts or entries of the stop list: chosen, looked at, its columns named, and sent.
import { Alert, Button, FileInput, Group, Paper, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { IconFileTypeCsv, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../components/ErrorState.tsx';
import { Loading } from '../components/Loading.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { useChange } from '../components/useChange.ts';
import { fieldsQuery } from '../contacts/api.ts';
import { ListsSelect } from '../contacts/ListsSelect.tsx';
import { type Preview, preview, startImport } from './api.ts';
import { BadRows } from './BadRows.tsx';
import { MappingTable } from './MappingTable.tsx';
import { firstChoices, mappingOf } from './mapping.ts';

const route = getRouteApi('/imports/new');

export default function NewImportPage() {
  const { t } = useTranslation();
  const { kind = 'contacts' } = route.useSearch();
  const navigate = route.useNavigate();
  const [file, setFile] = useState<File | null>(null);
  /** Whether the first row names the columns; null: the server finds out. */
  const [header, setHeader] = useState<boolean | null>(null);
  const seen = useQuery({
    queryKey: ['imports', 'preview', file?.name, file?.size, file?.lastModified, header],
    queryFn: () => preview(file!, header),
    enabled: file !== null,
    retry: false,
    gcTime: 0,
  });
  return (
    <>
      <PageHeader
        title={t('imports.new.title')}
        back={{ to: '/imports', label: t('imports.title') }}
        text={t('imports.new.text')}
      />
      <Stack gap="md">
        <Paper p="md">
          <Group align="flex-end" gap="md">
            <Stack gap={4}>
              <Text size="sm" fw={500}>
                {t('imports.new.into')}
              </Text>
              <SegmentedControl
                value={kind}
                aria-label={t('imports.new.into')}
                onChange={(value) =>
                  void navigate({ search: value === 'stoplist' ? { kind: 'stoplist' } : {}, replace: true })
                }
                data={[
                  { value: 'contacts', label: t('imports.kind.contacts') },
                  { value: 'stoplist', label: t('imports.kind.stoplist') },
                ]}
              />
            </Stack>
            <FileInput
              label={t('imports.new.file')}
              placeholder={t('imports.new.choose')}
              leftSection={<IconFileTypeCsv size={18} aria-hidden />}
              accept=".csv,.tsv,.txt,.ndjson,.jsonl,.gz,text/csv"
              value={file}
              onChange={(chosen) => {
                setHeader(null);
                setFile(chosen);
              }}
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              flex="1 1 240px"
              maw={420}
            />
          </Group>
        </Paper>
        {file && seen.error && <ErrorState error={seen.error} retry={() => void seen.refetch()} />}
        {file && seen.isFetching && <Loading rows={4} />}
        {file && !seen.isFetching && seen.data && (
          <Columns
            key={`${kind} ${seen.dataUpdatedAt}`}
            kind={kind}
            file={file}
            seen={seen.data}
            onHeader={setHeader}
          />
        )}
      </Stack>
    </>
  );
}

type ColumnsProps = {
  kind: 'contacts' | 'stoplist';
  file: File;
  seen: Preview;
  onHeader: (header: boolean) => void;
};

function Columns({ kind, file, seen, onHeader }: ColumnsProps) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const fields = useQuery({ ...fieldsQuery(), enabled: kind === 'contacts' });
  const [chosen, setChosen] = useState<Record<number, string>>({});
  const [groups, setGroups] = useState<number[]>([]);
  const [wrong, setWrong] = useState<string[]>([]);
  const sending = useChange(startImport, {
    touches: ['imports', 'contacts'],
    done: t('imports.new.started'),
    onDone: () => void navigate({ to: '/imports' }),
    setErrors: (errors) => setWrong(Object.values(errors)),
  });
  if (kind === 'contacts' && fields.data === undefined) return <Loading rows={4} />;
  const known = fields.data ?? [];
  const choices = { ...firstChoices(seen, known, kind), ...chosen };
  const { mapping, problem } = mappingOf(seen, choices);
  const createFields = Object.values(choices).includes('new');

  return (
    <>
      <Paper p="md">
        <Stack gap="sm">
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {t('imports.new.read', { format: seen.format.toUpperCase(), encoding: seen.encoding })}
            </Text>
            <Switch
              label={t('imports.new.header')}
              checked={seen.header}
              disabled={seen.format !== 'csv'}
              onChange={({ currentTarget: { checked } }) => onHeader(checked)}
            />
          </Group>
          <MappingTable
            kind={kind}
            seen={seen}
            fields={known}
            choices={choices}
            onChoose={(column, choice) => {
              setWrong([]);
              setChosen((old) => ({ ...old, [column]: choice }));
            }}
          />
        </Stack>
      </Paper>
      {seen.bad.length > 0 && <BadRows bad={seen.bad} />}
      {kind === 'contacts' && (
        <Paper p="md">
          <ListsSelect label={t('imports.new.lists')} value={groups} onChange={setGroups} />
        </Paper>
      )}
      {(problem !== null || wrong.length > 0) && (
        <Alert color="orange" icon={<IconInfoCircle aria-hidden />} role="alert">
          {problem === null ? wrong.join(' ') : t(`imports.problem.${problem}`)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button
          disabled={problem !== null}
          loading={sending.isPending}
          onClick={() => sending.mutate({ kind, file, header: seen.header, mapping, createFields, groups })}
        >
          {t('imports.new.start')}
        </Button>
      </Group>
    </>
  );
}
