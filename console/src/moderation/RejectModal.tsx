// Why a campaign is rejected: its author reads it.
import { Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { FormModal } from '../components/FormModal.tsx';
import { useChange } from '../components/useChange.ts';
import { type HeldCampaign, reject } from './api.ts';

export function RejectModal({ held, onClose }: { held: HeldCampaign; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim() === '' ? t('moderation.rejection.required') : null) },
  });
  const rejection = useChange(reject, {
    touches: ['moderation'],
    done: t('moderation.rejected'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t('moderation.rejection.title')}
      opened
      onClose={onClose}
      onSubmit={form.onSubmit(({ reason }) =>
        rejection.mutate({ id: held.campaign_id, reason: reason.trim() }),
      )}
      submit={t('moderation.reject')}
      busy={rejection.isPending}
      danger
    >
      <Text size="sm">{t('moderation.rejection.text', { account: held.account.name })}</Text>
      <Textarea
        label={t('moderation.rejection.reason')}
        placeholder={t('moderation.rejection.example')}
        autosize
        minRows={3}
        maxLength={1000}
        data-autofocus
        required
        {...form.getInputProps('reason')}
      />
    </FormModal>
  );
}
