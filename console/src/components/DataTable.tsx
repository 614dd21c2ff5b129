// A list in a table: pages and order come from the server. Shows loading, error and empty states in its place.
import { Group, Paper, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from './ErrorState.tsx';
import { Loading } from './Loading.tsx';

export type Sort = { by: string; way: 'asc' | 'desc' };

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, in figures of one width. */
  numeric?: boolean;
  /** By this word of the server's `sort`. */
  sort?: string;
  /** The narrowest screen that shows it; narrower ones leave it out. */
  from?: 'xs' | 'sm' | 'md' | 'lg';
  width?: number | string;
};

type Props<Row> = {
  /** What the table is of, for screen readers. */
  label: string;
  columns: Column<Row>[];
  rows: Row[] | undefined;
  rowKey: (row: Row) => string | number;
  error?: unknown;
  retry?: () => void;
  /** In place of a table without rows. */
  empty: ReactNode;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Below the table: its pages. */
  footer?: ReactNode;
};

export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, error, retry, empty, sort, onSort, footer } = props;
  if (error && rows === undefined) return <ErrorState error={error} {...(retry ? { retry } : {})} />;
  if (rows === undefined) return <Loading />;
  if (rows.length === 0) return <Paper>{empty}</Paper>;
  return (
    <Paper style={{ overflow: 'hidden' }}>
      <Table.ScrollContainer minWidth={0} type="native">
        <Table highlightOnHover aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th
                  key={column.key}
                  ta={column.numeric ? 'right' : undefined}
                  w={column.width}
                  {...visible(column)}
                  aria-sort={ariaSort(column, sort)}
                  style={{ whiteSpace: 'nowrap' }}
                >
                  {column.sort && onSort ? (
                    <SortButton column={column} sort={sort} onSort={onSort} />
                  ) : (
                    column.header
                  )}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={rowKey(row)}>
                {columns.map((column) => (
                  <Table.Td
                    key={column.key}
                    ta={column.numeric ? 'right' : undefined}
                    className={column.numeric ? 'figures' : undefined}
                    {...visible(column)}
                  >
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {footer}
    </Paper>
  );
}

function visible<Row>({ from }: Column<Row>) {
  return from === undefined ? {} : { visibleFrom: from };
}

function ariaSort<Row>(column: Column<Row>, sort: Sort | undefined) {
  if (column.sort === undefined || sort?.by !== column.sort) return undefined;
  return sort.way === 'asc' ? 'ascending' : 'descending';
}

type SortButtonProps<Row> = { column: Column<Row>; sort: Sort | undefined; onSort: (sort: Sort) => void };

function SortButton<Row>({ column, sort, onSort }: SortButtonProps<Row>) {
  const { t } = useTranslation();
  const current = sort?.by === column.sort ? sort : undefined;
  const Icon = current === undefined ? IconArrowsSort : current.way === 'asc' ? IconArrowUp : IconArrowDown;
  return (
    <UnstyledButton
      fz="inherit"
      fw="inherit"
      title={t('common.sort.by', { column: column.header })}
      onClick={() => onSort({ by: column.sort!, way: current?.way === 'asc' ? 'desc' : 'asc' })}
    >
      <Group gap={4} wrap="nowrap" justify={column.numeric ? 'flex-end' : 'flex-start'}>
        {column.header}
        <Icon size={14} aria-hidden style={{ opacity: current ? 1 : 0.4 }} />
      </Group>
    </UnstyledButton>
  );
}
