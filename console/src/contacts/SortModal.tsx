// Puts contacts into lists, or takes them out.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormModal } from '../components/FormModal.tsx';
import { useChange } from '../components/useChange.ts';
import { sortContacts } from './api.ts';
import { ListsSelect } from './ListsSelect.tsx';

type Props = {
  way: 'attach' | 'detach';
  contacts: number[];
  onClose: () => void;
  onDone: () => void;
};

export function SortModal({ way, contacts, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [groups, setGroups] = useState<number[]>([]);
  const [error, setError] = useState<string | null>(null);
  const change = useChange(sortContacts, {
    touches: ['contacts'],
    done: t('common.saved'),
    onDone: () => {
      onDone();
      onClose();
    },
  });
  return (
    <FormModal
      title={t(`contacts.${way}Title`, { count: contacts.length })}
      opened
      onClose={onClose}
      busy={change.isPending}
      submit={t(`contacts.${way}`)}
      onSubmit={() =>
        groups.length === 0 ? setError(t('lists.required')) : change.mutate({ way, contacts, groups })
      }
    >
      <ListsSelect label={t('contacts.lists.title')} value={groups} onChange={setGroups} error={error} />
    </FormModal>
  );
}
