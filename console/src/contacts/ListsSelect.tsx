// Chooses lists of contacts, by their names.
import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useChoices } from '../components/useChoices.ts';
import { listChoices } from './api.ts';

type Props = Pick<MultiSelectProps, 'error' | 'clearable' | 'clearButtonProps'> & {
  label: string;
  value: number[];
  onChange: (ids: number[]) => void;
  /** Below the label; told whether there is any list to choose. */
  description?: (none: boolean) => string;
};

export function ListsSelect({ value, onChange, description, ...props }: Props) {
  const { t } = useTranslation();
  const { none, ...choices } = useChoices(listChoices, value);
  return (
    <MultiSelect
      {...props}
      {...choices}
      description={description?.(none)}
      searchable
      placeholder={value.length === 0 ? t('contacts.lists.choose') : ''}
      nothingFoundMessage={t('contacts.lists.none')}
      value={value.map(String)}
      onChange={(chosen) => onChange(chosen.map(Number))}
    />
  );
}
