// What holds campaigns for a moderator by itself, and the domains that links may lead to.
import { Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { defined } from '../components/listSearch.ts';
import { PageHeader } from '../components/PageHeader.tsx';
import { DomainsPanel } from './DomainsPanel.tsx';
import { RulesPanel } from './RulesPanel.tsx';

const route = getRouteApi('/moderation/rules');

export default function RulesPage() {
  const { t } = useTranslation();
  const { rules = 0, domains = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const go = (list: 'rules' | 'domains') => (offset: number) =>
    void navigate({ search: (old) => defined({ ...old, [list]: offset || undefined }) });
  return (
    <>
      <PageHeader
        title={t('moderation.rules.title')}
        text={t('moderation.rules.text')}
        back={{ to: '/moderation', label: t('moderation.title') }}
      />
      <Stack gap="md">
        <RulesPanel offset={rules} onOffset={go('rules')} />
        <DomainsPanel offset={domains} onOffset={go('domains')} />
      </Stack>
    </>
  );
}
