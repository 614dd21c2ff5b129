// Chooses lists of contacts, by their names.
import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { choicesQuery } from './api.ts';

type Props = {
  label: string;
  value: number[];
  onChange: (ids: number[]) => void;
  error?: ReactNode;
  /** Of lists that are chosen already, in case there are more than are offered. */
  known?: readonly { id: number; name: string }[];
};

export function ListsSelect({ label, value, onChange, error, known = [] }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(choicesQuery());
  const all = new Map([...known, ...(data?.data ?? [])].map(({ id, name }) => [id, name]));
  return (
    <MultiSelect
      label={label}
      searchable
      placeholder={value.length === 0 ? t('contacts.lists.choose') : ''}
      nothingFoundMessage={t('contacts.lists.none')}
      data={[...all].map(([id, name]) => ({ value: String(id), label: name }))}
      value={value.map(String)}
      onChange={(chosen) => onChange(chosen.map(Number))}
      error={error}
    />
  );
}
