// A list of a million rows that is scrolled as one: only rows in view exist, and pages are read as they come into view.
import { Box, Group, NumberInput, Skeleton, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { type CSSProperties, type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '../api/client.ts';
import { useFormat } from '../format/useFormat.ts';
import classes from './RowScroller.module.css';
import { useRowScroller } from './useRowScroller.ts';

const rowHeight = 34;
/** Rows of a page that is read. */
export const pageRows = 100;
/** Rows are read once scrolling rests for so long: dragging the bar over a million asks for none on the way. */
const restMs = 120;
/** How long pages out of view are kept. */
const keptMs = 15_000;

export type RowColumn<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** A track of CSS grid, such as `2fr` or `120px`. */
  width: string;
  numeric?: boolean;
  /** Left out on phones. */
  wide?: boolean;
};

/** The query of a page of rows. */
export type RowPage<Row> = {
  queryKey: readonly unknown[];
  queryFn: (context: { signal: AbortSignal }) => Promise<Page<Row>>;
};

type Props<Row> = {
  label: string;
  columns: RowColumn<Row>[];
  /** How many rows there are, as far as is known before the first page is read. */
  total: number;
  /** The query of a page of rows. */
  page: (offset: number, limit: number) => RowPage<Row>;
  /** How often rows in view are read again while they may change, in ms; unless given, they do not. */
  everyMs?: number | false;
  /** How high the list is, in rows. */
  rows?: number;
};

export function RowScroller<Row>({
  label,
  columns,
  total: expected,
  page,
  everyMs = false,
  rows = 12,
}: Props<Row>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const total = useRef(expected);
  const { first, fits, height, goTo } = useRowScroller(box, total.current, rowHeight);
  const from = Math.floor(first);
  const to = Math.min(total.current, Math.ceil(first + fits) + 1);

  const [settled] = useDebouncedValue(Math.floor(from / pageRows), restMs);
  const pages = [settled, settled + 1].filter((index) => index === 0 || index * pageRows < total.current);
  const results = useQueries({
    queries: pages.map((index) => ({
      ...page(index * pageRows, pageRows),
      placeholderData: keepPreviousData,
      staleTime: everyMs === false ? 60_000 : everyMs,
      // Who drags over a million rows does not keep them.
      gcTime: keptMs,
      refetchInterval: everyMs,
    })),
  });
  const byPage = new Map(pages.map((index, i) => [index, results[i]]));
  const known = results.find((result) => result.data !== undefined && !result.isPlaceholderData)?.data;
  if (known) total.current = known.meta.page.total;
  const rowAt = (index: number): Row | undefined => {
    const result = byPage.get(Math.floor(index / pageRows));
    return result?.isPlaceholderData ? undefined : result?.data?.data[index % pageRows];
  };

  const tracks = (all: boolean) =>
    columns
      .filter(({ wide }) => all || !wide)
      .map(({ width }) => width)
      .join(' ');
  const style = { '--tracks': tracks(true), '--tracks-narrow': tracks(false) } as CSSProperties;
  const visible = Math.max(0, to - from);
  return (
    <div style={style}>
      <div role="table" aria-label={label} aria-rowcount={total.current + 1}>
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
            {columns.map(({ key, header, numeric, wide }) => (
              <div key={key} role="columnheader" className={cellClass(numeric, wide)}>
                {header}
              </div>
            ))}
          </div>
        </div>
        <Box
          ref={box}
          data-row-scroller
          role="rowgroup"
          tabIndex={0}
          className={classes.box}
          h={Math.min(rows, Math.max(total.current, 1)) * rowHeight}
        >
          <div style={{ height, position: 'relative' }}>
            <div className={classes.view} style={{ height: Math.min(fits * rowHeight, height) }}>
              <div style={{ transform: `translateY(${(from - first) * rowHeight}px)` }}>
                {Array.from({ length: visible }, (_, i) => from + i).map((index) => {
                  const row = rowAt(index);
                  return (
                    <div key={index} role="row" aria-rowindex={index + 2} className={classes.row}>
                      {columns.map(({ key, cell, numeric, wide }) => (
                        <div key={key} role="cell" className={cellClass(numeric, wide)}>
                          {row === undefined ? <Skeleton h={12} w="60%" /> : cell(row)}
                        </div>
                      ))}
                    </div>
                  );
                })}
              </div>
            </div>
          </div>
        </Box>
      </div>
      <Group justify="flex-end" gap="sm" pt="xs">
        <Text size="sm" c="dimmed" className="figures">
          {t('common.rows.shown', {
            from: number(Math.min(from + 1, total.current)),
            to: number(Math.min(total.current, Math.floor(first + fits))),
            total: number(total.current),
          })}
        </Text>
        {total.current > pageRows && (
          <NumberInput
            size="xs"
            w={130}
            aria-label={t('common.rows.jump')}
            placeholder={t('common.rows.jump')}
            min={1}
            max={total.current}
            allowDecimal={false}
            hideControls
            onChange={(value) => typeof value === 'number' && goTo(value - 1)}
          />
        )}
      </Group>
    </div>
  );
}

function cellClass(numeric: boolean | undefined, wide: boolean | undefined): string {
  return [classes.cell, numeric && classes.numeric, wide && classes.wide].filter(Boolean).join(' ');
}
