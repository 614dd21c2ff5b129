// An account by its name, for administrators: a few are offered, and more by typing.
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from './api.ts';

type Props = {
  /** The id as a string; null: none. */
  value?: string | null;
  onChange?: (value: string | null) => void;
  label: string;
  /** What stands there where none is chosen. */
  placeholder?: string;
  error?: React.ReactNode;
  required?: boolean;
};

export function AccountSelect({ required = false, ...props }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [name] = useDebouncedValue(typed.trim(), 200);
  const { data } = useQuery(accountsQuery(name === '' ? {} : { name }));
  return (
    <Select
      {...props}
      searchable
      required={required}
      clearable={!required}
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      nothingFoundMessage={t('lists.filteredTitle')}
      onSearchChange={setTyped}
      // The server has searched; what was chosen stays though it does not fit what is typed next.
      filter={({ options }) => options}
      data={(data?.data ?? []).map((account) => ({ value: String(account.id), label: account.name }))}
    />
  );
}
