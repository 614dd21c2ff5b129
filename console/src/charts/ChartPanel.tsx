// A chart in a panel, with the table behind it a button away. The library is loaded with the first page that has one.
import { Box, Button, Center, Skeleton, Text } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../components/Panel.tsx';
import { type ChartProps, chartHeight, type Point } from './chart.ts';

// Asked for when the page that has one is, not when its figures have come.
const drawing = import('./Drawing.tsx');
const Drawing = lazy(() => drawing);

type Props = ChartProps & {
  title: string;
  /** Undefined while it is being read. */
  data: Point[] | undefined;
  empty: string;
  failure?: ReactNode;
  /** Draws the same figures as a table, when it is asked for. */
  table: () => ReactNode;
};

export function ChartPanel({ title, data, empty, failure, table, ...chart }: Props) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const placeholder = <Skeleton h={chartHeight} />;
  function content() {
    if (data === undefined) return failure ?? placeholder;
    if (data.length === 0) {
      return (
        <Center h={chartHeight}>
          <Text size="sm" c="dimmed">
            {empty}
          </Text>
        </Center>
      );
    }
    if (asTable) {
      return (
        <Box mah={chartHeight} style={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label={title}>
          {table()}
        </Box>
      );
    }
    return (
      <Suspense fallback={placeholder}>
        <div role="img" aria-label={title}>
          <Drawing data={data} {...chart} />
        </div>
      </Suspense>
    );
  }
  return (
    <Panel
      title={title}
      actions={
        data !== undefined &&
        data.length > 0 && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => setAsTable(!asTable)}
            leftSection={
              asTable ? <IconChartBar size={14} aria-hidden /> : <IconTable size={14} aria-hidden />
            }
          >
            {t(asTable ? 'common.showChart' : 'common.showTable')}
          </Button>
        )
      }
    >
      {content()}
    </Panel>
  );
}
