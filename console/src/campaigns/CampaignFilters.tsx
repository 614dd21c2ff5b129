// Search and filters above the list of campaigns. They live in the address; typing waits for a pause.
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { defined } from '../components/listSearch.ts';
import type { CampaignSearch } from './search.ts';

type Props = { search: CampaignSearch; onChange: (search: CampaignSearch) => void };

export function CampaignFilters({ search, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(search.value ?? '');
  const change = (part: { [K in keyof CampaignSearch]?: CampaignSearch[K] | undefined }) =>
    onChange(defined({ ...search, ...part, offset: undefined }));
  const changeValue = useDebouncedCallback(
    (value: string) => change({ value: value.trim() || undefined }),
    300,
  );
  const filtered = search.value !== undefined || search.from !== undefined || search.to !== undefined;

  return (
    <Group gap="xs" mb="sm" align="flex-end">
      <TextInput
        label={t('common.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        maxLength={255}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          changeValue(value);
        }}
        flex="1 1 180px"
        maw={320}
      />
      <Select
        label={t('campaigns.filter.field')}
        value={search.field ?? 'taskname'}
        onChange={(field) => change({ field: field === 'sender' ? 'sender' : undefined })}
        data={[
          { value: 'taskname', label: t('campaigns.filter.name') },
          { value: 'sender', label: t('campaigns.filter.sender') },
        ]}
        allowDeselect={false}
        w={130}
      />
      <TextInput
        type="date"
        label={t('campaigns.filter.from')}
        value={search.from ?? ''}
        onChange={({ currentTarget: { value } }) => change({ from: value || undefined })}
        w={150}
      />
      <TextInput
        type="date"
        label={t('campaigns.filter.to')}
        value={search.to ?? ''}
        onChange={({ currentTarget: { value } }) => change({ to: value || undefined })}
        w={150}
      />
      {filtered && (
        <Button
          variant="subtle"
          onClick={() => {
            setTyped('');
            change({ value: undefined, from: undefined, to: undefined });
          }}
        >
          {t('campaigns.filter.reset')}
        </Button>
      )}
    </Group>
  );
}
