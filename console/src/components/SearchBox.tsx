// A field that searches while one types, a moment after the last key.
import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  label?: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  /** What is missing of what is typed. */
  hint?: string | undefined;
  inputMode?: 'tel';
};

export function SearchBox({ label, value, onChange, hint, inputMode }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value ?? '');
  const sent = useRef(value);
  const change = useDebouncedCallback((text: string) => {
    sent.current = text.trim() || undefined;
    onChange(sent.current);
  }, 300);
  useEffect(() => {
    // Changed by others: a link, or a button that resets the filters.
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value ?? '');
  }, [value]);
  return (
    <TextInput
      label={label ?? t('common.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      maxLength={100}
      error={hint}
      {...(inputMode === undefined ? {} : { inputMode })}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped(text);
        change(text);
      }}
      flex="1 1 160px"
      maw={320}
    />
  );
}
