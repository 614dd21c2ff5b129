// What is noted about contacts: names, towns, birthdays. Texts of campaigns say {name} for them.
import { Badge, Button, Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconListDetails, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../components/DataTable.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { PageHeader } from '../components/PageHeader.tsx';
import { RowMenu } from '../components/RowMenu.tsx';
import { useChange } from '../components/useChange.ts';
import { useConfirm } from '../components/useConfirm.tsx';
import { useMay } from '../session/session.ts';
import { deleteField, type Field, type FieldType, fieldsQuery, fieldTypes, saveField } from './api.ts';

export default function FieldsPage() {
  const { t } = useTranslation();
  const query = useQuery(fieldsQuery());
  const confirm = useConfirm();
  const maySend = useMay('send');
  const [dialog, setDialog] = useState<{ field?: Field } | null>(null);
  const deletion = useChange(deleteField, { touches: ['contacts'], done: t('contacts.fields.deleted') });
  async function remove({ id, name }: Field) {
    const sure = await confirm({
      title: t('contacts.fields.confirmTitle', { name }),
      text: t('contacts.fields.confirmText'),
      confirm: t('lists.delete'),
      danger: true,
    });
    if (sure) deletion.mutate(id);
  }
  const add = maySend && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog({})}>
      {t('contacts.fields.add')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('contacts.fields.title')}
        text={t('contacts.fields.text', { example: '{City}' })}
        back={{ to: '/contacts', label: t('contacts.title') }}
        actions={add}
      />
      <DataTable
        label={t('contacts.fields.title')}
        rows={query.data}
        rowKey={({ id }) => id}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <EmptyState
            icon={IconListDetails}
            title={t('contacts.fields.emptyTitle')}
            text={t('contacts.fields.emptyText')}
            action={add}
          />
        }
        columns={[
          {
            key: 'name',
            header: t('lists.name'),
            cell: ({ name, is_visible: visible }) => (
              <>
                {name}{' '}
                {!visible && (
                  <Badge color="gray" ml={6}>
                    {t('contacts.fields.hidden')}
                  </Badge>
                )}
              </>
            ),
          },
          {
            key: 'type',
            header: t('contacts.fields.type'),
            cell: ({ type }) => t(`contacts.fieldType.${type}`),
          },
          {
            key: 'description',
            header: t('contacts.fields.description'),
            from: 'sm',
            cell: ({ description }) => description,
          },
          {
            key: 'menu',
            header: '',
            width: 50,
            cell: (field) =>
              maySend && (
                <RowMenu
                  name={field.name}
                  actions={[
                    { label: t('lists.edit'), icon: IconPencil, onClick: () => setDialog({ field }) },
                    {
                      label: t('lists.delete'),
                      icon: IconTrash,
                      danger: true,
                      onClick: () => void remove(field),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
      {dialog && <FieldModal {...dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

function FieldModal({ field, onClose }: { field?: Field; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: {
      name: field?.name ?? '',
      type: field?.type ?? ('text' as FieldType),
      description: field?.description ?? '',
      is_visible: field?.is_visible ?? true,
    },
    validate: { name: (value) => (value.trim() === '' ? t('lists.required') : null) },
  });
  const change = useChange(saveField, {
    touches: ['contacts'],
    done: t('common.saved'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  return (
    <FormModal
      title={t(field ? 'contacts.fields.edit' : 'contacts.fields.add')}
      opened
      onClose={onClose}
      busy={change.isPending}
      onSubmit={form.onSubmit(({ description, type, ...values }) =>
        change.mutate({
          ...values,
          ...(field ? { id: field.id } : { type }),
          ...(description.trim() === '' ? {} : { description }),
        }),
      )}
    >
      <TextInput
        label={t('lists.name')}
        maxLength={30}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select
        label={t('contacts.fields.type')}
        description={t('contacts.fields.typeHint')}
        disabled={field !== undefined}
        allowDeselect={false}
        data={fieldTypes.map((type) => ({ value: type, label: t(`contacts.fieldType.${type}`) }))}
        {...form.getInputProps('type')}
      />
      <TextInput
        label={t('contacts.fields.description')}
        maxLength={255}
        {...form.getInputProps('description')}
      />
      <Switch
        label={t('contacts.fields.visible')}
        {...form.getInputProps('is_visible', { type: 'checkbox' })}
      />
    </FormModal>
  );
}
