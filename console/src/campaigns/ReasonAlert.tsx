// Why a campaign is where it is, where that needs a word: held for review, rejected, or stopped.
import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Report } from '../api/types.ts';

export function ReasonAlert({ report: { status, reason } }: { report: Report }) {
  const { t } = useTranslation();
  if (status === 'moderation') {
    return (
      <Alert color="orange" icon={<IconEye aria-hidden />} title={t('campaigns.report.heldTitle')}>
        {t('campaigns.report.heldText')}
      </Alert>
    );
  }
  if (reason === undefined) return null;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={t(status === 'spam' ? 'campaigns.report.rejected' : 'campaigns.report.stopped')}
    >
      <span className="prose">{reason}</span>
    </Alert>
  );
}
