// An account by its name, for administrators.
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useChoices } from '../components/useChoices.ts';
import { accountChoices } from './api.ts';

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

export function AccountSelect({ value = null, required = false, ...props }: Props) {
  const { t } = useTranslation();
  const { none: _, ...choices } = useChoices(accountChoices, value === null ? [] : [Number(value)]);
  return (
    <Select
      {...props}
      {...choices}
      value={value}
      searchable
      required={required}
      clearable={!required}
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      nothingFoundMessage={t('lists.filteredTitle')}
    />
  );
}
