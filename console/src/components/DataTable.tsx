// A list in a table: pages and order come from the server. Shows loading, error and empty states in its place. Columns for
// which the screen is too narrow stand below their row, where one opens it.
import { ActionIcon, Group, Paper, Table, UnstyledButton, useMatches } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowsSort,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
} from '@tabler/icons-react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from './ErrorState.tsx';
import { Loading } from './Loading.tsx';

export type Sort = { by: string; way: 'asc' | 'desc' };

/** Rows that a large screen shows without scrolling. */
const inView = 16;

/** Widths of screens, by their rank. */
const widths = { xs: 1, sm: 2, md: 3, lg: 4 } as const;

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, in figures of one width. */
  numeric?: boolean;
  /** By this word of the server's `sort`. */
  sort?: string;
  /** The narrowest screen on which it is a column. */
  from?: keyof typeof widths;
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
  const width = useMatches<number>({ base: 0, ...widths }, { getInitialValueInEffect: false });
  if (error && rows === undefined) return <ErrorState error={error} {...(retry ? { retry } : {})} />;
  if (rows === undefined) return <Loading />;
  if (rows.length === 0) return <Paper>{empty}</Paper>;
  const fits = ({ from }: Column<Row>) => from === undefined || widths[from] <= width;
  const shown = columns.filter(fits);
  const below = columns.filter((column) => !fits(column));
  const isNarrow = below.length > 0;
  return (
    <Paper style={{ overflow: 'hidden' }}>
      <Table.ScrollContainer minWidth={0} type="native">
        <Table aria-label={label} {...(isNarrow ? { horizontalSpacing: 6 } : {})}>
          <thead>
            <tr {...line}>
              {isNarrow && <th className={heading} style={{ width: 34 }} />}
              {shown.map((column) => (
                <th
                  key={column.key}
                  className={heading}
                  aria-sort={ariaSort(column, sort)}
                  style={{
                    width: column.width,
                    ...(column.numeric ? { textAlign: 'right' } : {}),
                    ...(isNarrow ? {} : { whiteSpace: 'nowrap' }),
                  }}
                >
                  {column.sort && onSort ? (
                    <SortButton column={column} sort={sort} onSort={onSort} />
                  ) : (
                    column.header
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className={Table.Tbody.classes.tbody}>
            <DataRows rows={rows} rowKey={rowKey} columns={shown} below={below} />
          </tbody>
        </Table>
      </Table.ScrollContainer>
      {footer}
    </Paper>
  );
}

// As Mantine's parts of a table, without what each of them costs: a page has hundreds.
const heading = Table.Th.classes.th;
const cell = Table.Td.classes.td;
const line = { className: Table.Tr.classes.tr, 'data-with-row-border': true, 'data-hover': true };

type RowsProps<Row> = Pick<Props<Row>, 'rowKey'> & {
  rows: Row[];
  columns: Column<Row>[];
  below: Column<Row>[];
};

/** Those that are in view first; the others between whatever else there is to do. */
function DataRows<Row>({ rows, rowKey, columns, below }: RowsProps<Row>) {
  const drawn = useDeferredValue(rows.length, inView);
  return rows
    .slice(0, Math.max(drawn, inView))
    .map((row) => <DataRow key={rowKey(row)} row={row} columns={columns} below={below} />);
}

type RowProps<Row> = { row: Row; columns: Column<Row>[]; below: Column<Row>[] };

function DataRow<Row>({ row, columns, below }: RowProps<Row>) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <tr {...line}>
        {below.length > 0 && (
          <td className={cell} style={{ paddingRight: 0 }}>
            <DetailsButton opened={opened} onClick={() => setOpened(!opened)} />
          </td>
        )}
        {columns.map((column) => (
          <td key={column.key} className={column.numeric ? `${cell} figures numeric` : cell}>
            {column.cell(row)}
          </td>
        ))}
      </tr>
      {opened && below.length > 0 && (
        <tr {...line}>
          <td className={cell} colSpan={columns.length + 1}>
            <dl className="below">
              {below.map((column) => (
                <div key={column.key}>
                  <dt>{column.header}</dt>
                  <dd>{column.cell(row)}</dd>
                </div>
              ))}
            </dl>
          </td>
        </tr>
      )}
    </>
  );
}

function DetailsButton({ opened, onClick }: { opened: boolean; onClick: () => void }) {
  const { t } = useTranslation();
  const Icon = opened ? IconChevronDown : IconChevronRight;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t('common.details')}
      aria-expanded={opened}
      onClick={onClick}
    >
      <Icon size={16} aria-hidden />
    </ActionIcon>
  );
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
