// What a field chooses among, where the server knows more than can be offered at once: a page by name, and more by typing.
import type { ComboboxItem, SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type QueryKey, type UseQueryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';

type Named = { id: number; name: string };

/** Where it comes from: those whose name has these letters in it (all, for none), and one by its id. */
type Source<
  Many extends { data: Named[] },
  One extends Named,
  ManyKey extends QueryKey,
  OneKey extends QueryKey,
> = {
  byName: (name: string) => UseQueryOptions<Many, Error, Many, ManyKey>;
  byId: (id: number) => UseQueryOptions<One, Error, One, OneKey>;
};

type Choices = {
  data: ComboboxItem[];
  onSearchChange: (typed: string) => void;
  filter: NonNullable<SelectProps['filter']>;
  /** Whether there is nothing at all to choose. */
  none: boolean;
};

/** The properties of a Select or MultiSelect, and `none`; `chosen` are ids, also such as are not on the page that is offered. */
export function useChoices<
  Many extends { data: Named[] },
  One extends Named,
  ManyKey extends QueryKey,
  OneKey extends QueryKey,
>({ byName, byId }: Source<Many, One, ManyKey, OneKey>, chosen: readonly number[]): Choices {
  const names = useRef(new Map<number, string>());
  const [typed, setTyped] = useState('');
  // A field that shows what is chosen has it as its text, which nobody typed.
  const asked = chosen.some((id) => names.current.get(id) === typed) ? '' : typed.trim();
  const [name] = useDebouncedValue(asked, 200);
  const offered = useQuery(byName(name));
  const page = offered.data?.data ?? [];
  for (const each of page) names.current.set(each.id, each.name);
  // Only what was never offered is asked for, and not before it is known what is.
  const unknown = offered.isSuccess ? chosen.filter((id) => !names.current.has(id)) : [];
  const found = useQueries({ queries: unknown.map((id) => byId(id)) });
  for (const { data } of found) {
    if (data) names.current.set(data.id, data.name);
  }
  const ids = new Set([...page.map(({ id }) => id), ...chosen.filter((id) => names.current.has(id))]);
  return {
    data: [...ids].map((id) => ({ value: String(id), label: names.current.get(id)! })),
    onSearchChange: setTyped,
    // The server has searched; what was chosen stays though it does not fit what is typed next.
    filter: ({ options }) => options,
    none: offered.isSuccess && name === '' && page.length === 0,
  };
}
