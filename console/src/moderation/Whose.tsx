// Whose a rule or a domain is: everybody's, or one account's, which administrators can go to, and choose.
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountSelect } from '../accounts/AccountSelect.tsx';
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

/** The choice of a form; moderators who are no administrators have none, and choose everybody. */
export function WhoseSelect(input: Omit<ComponentProps<typeof AccountSelect>, 'label' | 'placeholder'>) {
  const { t } = useTranslation();
  if (!useMay('admin')) return null;
  return (
    <AccountSelect
      label={t('moderation.rules.whose')}
      placeholder={t('moderation.rules.everybody')}
      {...input}
    />
  );
}

/** What a form has chosen, as the server wants it: null is everybody. */
export function accountIdOf(chosen: string | null): number | null {
  return chosen === null ? null : Number(chosen);
}
