// The first rows of a file, with what becomes of each column above it.
import { Box, Select, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Field } from '../contacts/api.ts';
import type { Preview } from './api.ts';
import { type Choice, mayBeField, mayBePhone } from './mapping.ts';

const shownRows = 8;

type Props = {
  kind: 'contacts' | 'stoplist';
  seen: Preview;
  fields: readonly Field[];
  choices: Record<number, Choice>;
  onChoose: (column: number, choice: Choice) => void;
};

export function MappingTable({ kind, seen, fields, choices, onChoose }: Props) {
  const { t } = useTranslation();
  const options = (name: string) => [
    { value: 'skip', label: t('imports.choice.skip') },
    { value: 'phone', label: t('imports.choice.phone') },
    ...(kind === 'contacts'
      ? [
          ...(mayBeField(name) && seen.header
            ? [{ value: 'new', label: t('imports.choice.new', { name }) }]
            : []),
          ...fields.map((field) => ({ value: String(field.id), label: field.name })),
        ]
      : []),
  ];
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('imports.new.columns')}>
      <Table aria-label={t('imports.new.columns')} withColumnBorders>
        <Table.Thead>
          <Table.Tr>
            {seen.columns.map((name, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have nothing else
              <Table.Th key={place} miw={170} style={{ verticalAlign: 'bottom' }}>
                <Select
                  label={
                    seen.header
                      ? name || t('imports.column.number', { number: place + 1 })
                      : t('imports.column.number', { number: place + 1 })
                  }
                  size="xs"
                  allowDeselect={false}
                  data={options(name)}
                  value={choices[place + 1] ?? 'skip'}
                  onChange={(choice) => onChoose(place + 1, choice ?? 'skip')}
                />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {seen.rows.slice(0, shownRows).map((row, index) => (
            <Table.Tr key={seen.lines[index]}>
              {row.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have nothing else
                <Table.Td key={place} opacity={choices[place + 1] === 'skip' ? 0.75 : 1}>
                  <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
                    {cell}
                  </Text>
                  {choices[place + 1] === 'phone' && !mayBePhone(cell) && (
                    <Text size="xs" c="var(--mantine-color-red-light-color)" fw={600}>
                      {t('imports.bad.phone')}
                    </Text>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
