// The search for contacts: conditions on fields, all of which must hold.
import { ActionIcon, Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChoices } from '../components/useChoices.ts';
import { type Field, listChoices } from './api.ts';
import { type Condition, maxConditions, type Operator } from './search.ts';

type Kind = 'digits' | 'text' | 'number' | 'date' | 'list';

/** What each kind of field can be asked. */
const asked: Record<Kind, readonly Operator[]> = {
  digits: ['like', '=', '>', '>=', '<', '<='],
  text: ['like', '='],
  number: ['=', '>', '>=', '<', '<='],
  date: ['=', '>', '>=', '<', '<='],
  list: ['='],
};
const words = {
  '=': 'equal',
  like: 'like',
  '>': 'more',
  '>=': 'atLeast',
  '<': 'less',
  '<=': 'atMost',
} as const satisfies Record<Operator, string>;
/** Days are not less or more: they come before and after. */
const dateWords = {
  '=': 'onDay',
  like: 'like',
  '>': 'after',
  '>=': 'from',
  '<': 'before',
  '<=': 'until',
} as const satisfies Record<Operator, string>;

const fresh: Condition = { field: 'phone', operator: 'like', value: '' };

type Props = { fields: readonly Field[]; where: Condition[]; onChange: (where: Condition[]) => void };

export function Conditions({ fields, where, onChange }: Props) {
  const { t } = useTranslation();
  const [rows, setRows] = useState<Condition[]>(where.length > 0 ? where : [fresh]);
  const set = (index: number, part: Partial<Condition>) =>
    setRows((old) => old.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const search = (given: Condition[]) => onChange(given.filter(({ value }) => value.trim() !== ''));

  const kinds = new Map<string, Kind>([
    ['phone', 'digits'],
    ...fields.map(({ id, type }) => [String(id), type] as const),
    ['group_id', 'list'],
    ['created_at', 'date'],
  ]);
  const options = [
    { value: 'phone', label: t('contacts.phone') },
    ...fields.map(({ id, name }) => ({ value: String(id), label: name })),
    { value: 'group_id', label: t('contacts.lists.one') },
    { value: 'created_at', label: t('lists.created') },
  ];

  return (
    <form
      aria-label={t('contacts.search.label')}
      onSubmit={(event) => {
        event.preventDefault();
        search(rows);
      }}
    >
      <Stack gap={6} mb="sm">
        {rows.map((row, index) => {
          const kind = kinds.get(row.field) ?? 'text';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have nothing else
            <Group key={index} gap="xs" align="flex-end">
              <Select
                aria-label={t('contacts.search.field')}
                data={options}
                value={row.field}
                allowDeselect={false}
                w={{ base: '100%', xs: 160 }}
                onChange={(field) => {
                  const now = asked[kinds.get(field ?? '') ?? 'text'];
                  set(index, { field: field ?? 'phone', operator: now[0]!, value: '' });
                }}
              />
              <Select
                aria-label={t('contacts.search.operator')}
                data={asked[kind].map((operator) => ({
                  value: operator,
                  label: t(`contacts.operator.${(kind === 'date' ? dateWords : words)[operator]}`),
                }))}
                value={row.operator}
                allowDeselect={false}
                w={130}
                onChange={(operator) => set(index, { operator: operator as Operator })}
              />
              {kind === 'list' ? (
                <ListSelect value={row.value} onChange={(value) => set(index, { value })} />
              ) : (
                <TextInput
                  aria-label={t('contacts.search.value')}
                  type={kind === 'date' ? 'date' : 'text'}
                  inputMode={kind === 'digits' ? 'numeric' : undefined}
                  value={row.value}
                  maxLength={255}
                  flex="1 1 120px"
                  maw={260}
                  onChange={({ currentTarget: { value } }) => set(index, { value })}
                />
              )}
              {rows.length > 1 && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t('contacts.search.remove')}
                  onClick={() => setRows((old) => old.filter((_, at) => at !== index))}
                >
                  <IconX size={16} aria-hidden />
                </ActionIcon>
              )}
              {index === rows.length - 1 && (
                <>
                  <Button type="submit" leftSection={<IconSearch size={16} aria-hidden />}>
                    {t('common.search')}
                  </Button>
                  {rows.length < maxConditions && (
                    <Button
                      variant="subtle"
                      leftSection={<IconPlus size={16} aria-hidden />}
                      onClick={() => setRows((old) => [...old, fresh])}
                    >
                      {t('contacts.search.add')}
                    </Button>
                  )}
                  {where.length > 0 && (
                    <Button variant="subtle" onClick={() => onChange([])}>
                      {t('lists.reset')}
                    </Button>
                  )}
                </>
              )}
            </Group>
          );
        })}
      </Stack>
    </form>
  );
}

function ListSelect({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const { none: _, ...choices } = useChoices(listChoices, value === '' ? [] : [Number(value)]);
  return (
    <Select
      aria-label={t('contacts.search.value')}
      searchable
      placeholder={t('contacts.lists.choose')}
      {...choices}
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
      flex="1 1 120px"
      maw={260}
    />
  );
}
