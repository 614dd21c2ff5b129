// Whose a rule or a domain is: everybody's, or one account's, which administrators can go to.
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../session/session.ts';

export function Whose({ id }: { id: number | null }) {
  const { t } = useTranslation();
  const isAdministrator = useMay('admin');
  if (id === null) return t('moderation.rules.everybody');
  const name = t('moderation.rules.account', { id });
  if (!isAdministrator) return name;
  return (
    <Anchor fz="sm" renderRoot={(props) => <Link to="/accounts/$id" params={{ id }} {...props} />}>
      {name}
    </Anchor>
  );
}
