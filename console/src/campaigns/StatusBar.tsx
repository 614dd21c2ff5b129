// All messages of a campaign in one bar, by their states.
import { Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { messageStatuses, type Statistics } from '../api/types.ts';
import { useFormat } from '../format/useFormat.ts';
import { messageColors } from '../theme.ts';

export function StatusBar({ statistics, total }: { statistics: Statistics; total: number }) {
  const { t } = useTranslation();
  const { share } = useFormat();
  const present = messageStatuses.filter((status) => statistics[status] > 0);
  const words = present.map(
    (status) => `${t(`common.message.${status}`)} ${share(statistics[status], total)}`,
  );
  return (
    <div role="img" aria-label={words.join(', ')}>
      <Progress.Root size={18} aria-hidden>
        {present.map((status) => (
          <Progress.Section
            key={status}
            value={(100 * statistics[status]) / total}
            color={messageColors[status]}
            title={`${t(`common.message.${status}`)}: ${share(statistics[status], total)}`}
          />
        ))}
      </Progress.Root>
    </div>
  );
}
