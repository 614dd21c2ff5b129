// The pages for addresses that lead nowhere and for pages that broke. Given to the router.
import { Button } from '@mantine/core';
import { IconError404 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState.tsx';
import { ErrorState } from './ErrorState.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={IconError404}
      title={t('common.error.notFoundTitle')}
      text={t('common.error.notFound')}
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/campaigns" {...props} />}>
          {t('nav.campaigns')}
        </Button>
      }
    />
  );
}

export function PageError({ error }: { error: unknown }) {
  return <ErrorState error={error} retry={() => location.reload()} />;
}
