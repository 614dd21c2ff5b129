// Has the messages that are shown written to a file in the background, and offers it when it is there.
import { Button, Menu } from '@mantine/core';
import { IconDownload, IconFileExport } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { useNotify } from '../components/useNotify.ts';

type Job = {
  id: number;
  status: 'waiting' | 'running' | 'done' | 'failed';
  progress: number;
  error: string | null;
};

const pollMs = 1_000;

/** Which messages, as POST /api/stat/jobs is asked for them. */
export type ExportBody =
  | { type: 'params'; campaign_id: number; status?: string; phone?: string }
  | { type: 'message'; message_id: number[] };

export function ExportButton({ body }: { body: ExportBody }) {
  const { t } = useTranslation();
  const notify = useNotify();
  // A job for each selection: one that is changed and changed back has its file still.
  const [jobs, setJobs] = useState<Record<string, string>>({});
  const selection = JSON.stringify(body);
  const job = jobs[selection] ?? null;
  const start = useMutation({
    mutationFn: (format: 'csv' | 'xlsx') => api.post<{ key: string }>('/api/stat/jobs', { ...body, format }),
    onSuccess: ({ key }) => setJobs((before) => ({ ...before, [selection]: key })),
    onError: notify.error,
  });
  const { data } = useQuery({
    queryKey: ['exports', job],
    queryFn: async ({ signal }) => (await api.get<{ data: Job }>(`/api/stat/jobs/${job}`, { signal })).data,
    enabled: job !== null,
    refetchInterval: ({ state }) =>
      state.data?.status === 'done' || state.data?.status === 'failed' ? false : pollMs,
  });

  if (data?.status === 'done') {
    return (
      <Button
        size="xs"
        component="a"
        href={`/api/stat/jobs/${data.id}/file`}
        download
        leftSection={<IconDownload size={14} aria-hidden />}
      >
        {t('campaigns.export.download')}
      </Button>
    );
  }
  const running = start.isPending || (job !== null && data?.status !== 'failed');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          disabled={running}
          leftSection={<IconFileExport size={14} aria-hidden />}
        >
          {running
            ? t('campaigns.export.running', { percent: data?.progress ?? 0 })
            : t(data?.status === 'failed' ? 'campaigns.export.failed' : 'campaigns.export.start')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => start.mutate('csv')}>{t('campaigns.export.csv')}</Menu.Item>
        <Menu.Item onClick={() => start.mutate('xlsx')}>{t('campaigns.export.xlsx')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
