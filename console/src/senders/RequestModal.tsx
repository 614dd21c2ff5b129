// A request for a sender, for a company or a person.
import { SegmentedControl, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormModal } from '../components/FormModal.tsx';
import { useChange } from '../components/useChange.ts';
import { fileRequest } from './api.ts';

/** The limits are the One-API's. */
const company = { legal_name: 100, address: 200, tax_number: 30 } as const;
const person = { name: 100 } as const;
const texts = { description: 1000, informing_purpose: 1000 } as const;
const optional = ['site_url', 'comment'];

const fresh = {
  sender: '',
  country_code: '',
  name: '',
  legal_name: '',
  address: '',
  tax_number: '',
  code_of_company: '',
  site_url: '',
  description: '',
  informing_purpose: '',
  comment: '',
};
type Name = keyof typeof fresh;

export function RequestModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'legal' | 'natural'>('legal');
  const own: Partial<Record<Name, number>> = kind === 'legal' ? company : person;
  const absent = Object.keys(kind === 'legal' ? person : company);
  const form = useForm({
    initialValues: fresh,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(
            ([name, value]) => !absent.includes(name) && !optional.includes(name) && value.trim() === '',
          )
          .map(([name]) => [name, t('lists.required')]),
      ),
  });
  const change = useChange(fileRequest, {
    touches: ['senders'],
    done: t('senders.requests.filed'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  const input = (name: Name, maxLength: number) => ({
    label: t(`senders.field.${name}`),
    required: !optional.includes(name),
    maxLength,
    ...form.getInputProps(name),
  });
  return (
    <FormModal
      title={t('senders.ask')}
      opened
      onClose={onClose}
      size="lg"
      submit={t('senders.requests.file')}
      busy={change.isPending}
      onSubmit={form.onSubmit((values) => {
        const body = Object.fromEntries(
          Object.entries(values).filter(([name, value]) => !absent.includes(name) && value.trim() !== ''),
        );
        change.mutate({
          kind,
          body: { ...body, country_code: values.country_code.trim().toUpperCase() },
        });
      })}
    >
      <SegmentedControl
        value={kind}
        onChange={(value) => setKind(value as 'legal')}
        aria-label={t('senders.requests.kind')}
        data={[
          { value: 'legal', label: t('senders.kind.legal') },
          { value: 'natural', label: t('senders.kind.natural') },
        ]}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...input('sender', 15)} description={t('senders.hint.sender')} data-autofocus />
        <TextInput {...input('country_code', 2)} description={t('senders.hint.country_code')} />
        {Object.entries(own).map(([name, length]) => (
          <TextInput key={name} {...input(name as Name, length)} />
        ))}
        <TextInput {...input('code_of_company', 30)} />
        <TextInput {...input('site_url', 150)} placeholder="https://" />
      </SimpleGrid>
      {Object.entries(texts).map(([name, length]) => (
        <Textarea
          key={name}
          {...input(name as Name, length)}
          description={t(`senders.hint.${name as 'description'}`)}
          autosize
          minRows={2}
        />
      ))}
      <Textarea {...input('comment', 1000)} autosize minRows={1} />
    </FormModal>
  );
}
