// Two days between which a list is shown, in the user's zone.
import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fromLocal, toMoment } from '../format/moment.ts';

export type Days = { from?: string; to?: string };

type Props = {
  days: Days;
  onChange: (days: { from?: string | undefined; to?: string | undefined }) => void;
};

export function DayRange({ days, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        type="date"
        label={t('lists.from')}
        value={days.from ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ from: value || undefined, to: days.to })}
        w={150}
      />
      <TextInput
        type="date"
        label={t('lists.to')}
        value={days.to ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ from: days.from, to: value || undefined })}
        w={150}
      />
    </>
  );
}

/** The filters of the server for these days of a zone. */
export function dayFilters({ from, to }: Days, zone: string) {
  return {
    'filter[from]': from && toMoment(fromLocal(`${from} 00:00:00`, zone)),
    'filter[to]': to && toMoment(fromLocal(`${to} 23:59:59`, zone)),
  };
}

/** A day of an address, or undefined. */
export function day(value: unknown): string | undefined {
  return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? String(value) : undefined;
}
