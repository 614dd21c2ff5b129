// Lists of contacts for a field that chooses among them: a page of them by name, and more by typing.
import type { ComboboxItem, SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { choicesQuery, listQuery } from './api.ts';

type Choices = {
  data: ComboboxItem[];
  onSearchChange: (typed: string) => void;
  filter: NonNullable<SelectProps['filter']>;
  /** Whether the account has no list at all. */
  none: boolean;
};

/** The properties of a Select or MultiSelect, and `none`; `chosen` are ids, also such as are not on the page that is offered. */
export function useListChoices(chosen: readonly number[]): Choices {
  const names = useRef(new Map<number, string>());
  const [typed, setTyped] = useState('');
  // A field that shows what is chosen has it as its text, which nobody typed.
  const asked = chosen.some((id) => names.current.get(id) === typed) ? '' : typed.trim();
  const [name] = useDebouncedValue(asked, 200);
  const offered = useQuery(choicesQuery(name));
  const lists = offered.data?.data ?? [];
  for (const list of lists) names.current.set(list.id, list.name);
  // Only what was never offered is asked for, and not before it is known what is.
  const unknown = offered.isSuccess ? chosen.filter((id) => !names.current.has(id)) : [];
  const found = useQueries({ queries: unknown.map((id) => listQuery(id)) });
  for (const { data } of found) {
    if (data) names.current.set(data.id, data.name);
  }
  const ids = new Set([...lists.map(({ id }) => id), ...chosen.filter((id) => names.current.has(id))]);
  return {
    data: [...ids].map((id) => ({ value: String(id), label: names.current.get(id)! })),
    onSearchChange: setTyped,
    // The server has searched; what was chosen stays though it does not fit what is typed next.
    filter: ({ options }) => options,
    none: offered.isSuccess && name === '' && lists.length === 0,
  };
}
