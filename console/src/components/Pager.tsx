// The pages of a list that the server cuts: where we are, and the way to the others.
import { ActionIcon, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/useFormat.ts';

type Props = {
  page: { total: number; limit: number; offset: number };
  onOffset: (offset: number) => void;
};

/** For a list beside others: nothing where one page shows all of it. */
export function PagerOfMany(props: Props) {
  return props.page.total > props.page.limit && <Pager {...props} />;
}

export function Pager({ page: { total, limit, offset }, onOffset }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const last = Math.min(offset + limit, total);
  return (
    <Group
      justify="flex-end"
      gap="xs"
      px="sm"
      py={6}
      component="nav"
      aria-label={t('common.pager.label')}
      style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}
    >
      <Text size="sm" c="dimmed" className="figures" aria-live="polite">
        {t('common.pager.range', {
          from: number(Math.min(offset + 1, total)),
          to: number(last),
          total: number(total),
        })}
      </Text>
      <ActionIcon
        variant="default"
        aria-label={t('common.pager.previous')}
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - limit))}
      >
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={t('common.pager.next')}
        disabled={last >= total}
        onClick={() => onOffset(offset + limit)}
      >
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
