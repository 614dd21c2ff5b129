// A new contact, or one that is changed.
import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { FormModal } from '../components/FormModal.tsx';
import { useChange } from '../components/useChange.ts';
import { type Contact, type Field, saveContact } from './api.ts';
import { ListsSelect } from './ListsSelect.tsx';

type Props = { fields: readonly Field[]; contact?: Contact; onClose: () => void };

export function ContactModal({ fields, contact, onClose }: Props) {
  const { t } = useTranslation();
  const had = Object.assign({}, ...(contact?.fields ?? [])) as Record<string, string>;
  const form = useForm<{ phone: string; groups: number[]; values: Record<string, string> }>({
    initialValues: {
      phone: contact ? String(contact.phone) : '',
      groups: contact?.groups.map(({ id }) => id) ?? [],
      values: Object.fromEntries(fields.map(({ id }) => [`f${id}`, had[id] ?? ''])),
    },
    validate: {
      phone: (value) => (digits(value).length < 9 ? t('contacts.wrongPhone') : null),
    },
  });
  const change = useChange(saveContact, {
    touches: ['contacts'],
    done: t('common.saved'),
    onDone: onClose,
    setErrors: form.setErrors,
    // The server names wrong values by their place.
    names: Object.fromEntries(
      fields.flatMap(({ id }, place) => [
        [`fields.${place}`, `values.f${id}`],
        [`fields.${place}.value`, `values.f${id}`],
      ]),
    ),
  });
  return (
    <FormModal
      title={t(contact ? 'contacts.edit' : 'contacts.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      onSubmit={form.onSubmit(({ phone, groups, values }) =>
        change.mutate({
          ...(contact ? { id: contact.id } : {}),
          phone: Number(digits(phone)),
          fields: fields.map(({ id }) => ({ id, value: values[`f${id}`]!.trim() || null })),
          groups: groups.map((id) => ({ id })),
        }),
      )}
    >
      <TextInput
        label={t('contacts.phone')}
        description={t('contacts.phoneHint')}
        inputMode="tel"
        required
        data-autofocus
        {...form.getInputProps('phone')}
      />
      {fields.map((field) => (
        <TextInput
          key={field.id}
          label={field.name}
          description={field.description}
          // Moments have a time as well, which a date input would lose.
          type={field.type === 'date' && (had[field.id]?.length ?? 10) === 10 ? 'date' : 'text'}
          inputMode={field.type === 'number' ? 'decimal' : undefined}
          maxLength={255}
          {...form.getInputProps(`values.f${field.id}`)}
        />
      ))}
      <ListsSelect
        label={t('contacts.lists.title')}
        value={form.values.groups}
        onChange={(groups) => form.setFieldValue('groups', groups)}
        error={form.errors.groups}
      />
    </FormModal>
  );
}

/** A number as it was typed, without what stands between its digits. */
function digits(phone: string): string {
  return phone.replace(/\D/g, '');
}
