// A new operator, or the settings of one: what everybody needs first, the rest behind "More settings".
import { Accordion, NumberInput, PasswordInput, Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../components/ErrorState.tsx';
import { FormModal } from '../components/FormModal.tsx';
import { Loading } from '../components/Loading.tsx';
import { useChange } from '../components/useChange.ts';
import { bindModes, idFormats, type OperatorSettings, operatorQuery, saveOperator } from './api.ts';

type Props = { id?: number; onClose: () => void };

export function OperatorModal({ id, onClose }: Props) {
  const query = useQuery({ ...operatorQuery(id ?? 0), enabled: id !== undefined, gcTime: 0 });
  if (id === undefined) return <SettingsForm settings={fresh} onClose={onClose} />;
  if (query.error) return <ErrorState error={query.error} />;
  return query.data ? <SettingsForm id={id} settings={query.data} onClose={onClose} /> : <Loading rows={1} />;
}

/** What the server takes unless told otherwise. */
const fresh: OperatorSettings = {
  name: '',
  simulator: false,
  enabled: true,
  host: '',
  port: 2775,
  receiver_host: null,
  receiver_port: null,
  tls: false,
  system_id: '',
  system_type: '',
  bind_mode: 'transceiver',
  sessions: 1,
  window_size: 1000,
  in_flight_limit: 2000,
  throttle: null,
  response_timeout_ms: 30_000,
  enquire_link_ms: 30_000,
  message_id_format: 'auto',
};

const advanced = [
  'receiver_host',
  'receiver_port',
  'in_flight_limit',
  'response_timeout_ms',
  'enquire_link_ms',
  'message_id_format',
  'system_type',
];

function SettingsForm({ id, settings, onClose }: Props & { settings: OperatorSettings }) {
  const { t } = useTranslation();
  const given = (value: string) => (value.trim() === '' ? t('lists.required') : null);
  const form = useForm<Record<keyof OperatorSettings | 'password', string | number | boolean | null>>({
    initialValues: { ...emptied(settings), password: '' },
    validate: {
      name: (value) => (/^[A-Za-z0-9_.-]{1,40}$/.test(String(value)) ? null : t('operators.wrongName')),
      host: (value) => given(String(value)),
      system_id: (value) => given(String(value)),
    },
  });
  const change = useChange(saveOperator, {
    touches: ['operators'],
    done: t(id === undefined ? 'operators.added' : 'common.saved'),
    onDone: onClose,
    setErrors: form.setErrors,
  });
  const words = (field: keyof OperatorSettings) => ({
    label: t(`operators.field.${field}`),
    ...form.getInputProps(field),
  });
  const whole = (field: keyof OperatorSettings) => ({ ...words(field), allowDecimal: false, min: 1 });
  const unfolded = advanced.some((field) => form.errors[field] !== undefined);

  function send(values: typeof form.values) {
    const { simulator, enabled, password, ...rest } = values;
    const body = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => {
        // What was emptied is nothing: null, which only these fields may be.
        const optional = ['receiver_host', 'receiver_port', 'throttle'].includes(name);
        return [name, optional && value === '' ? null : value];
      }),
    );
    change.mutate({
      ...body,
      ...(id === undefined ? { simulator: simulator as boolean } : { id, enabled: enabled as boolean }),
      ...(id === undefined || password !== '' ? { password: String(password) } : {}),
    });
  }

  return (
    <FormModal
      title={id === undefined ? t('operators.add') : t('operators.editTitle', { name: settings.name })}
      opened
      onClose={onClose}
      onSubmit={form.onSubmit(send)}
      busy={change.isPending}
      size="lg"
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...words('name')} description={t('operators.hint.name')} data-autofocus required />
        <Select
          {...words('bind_mode')}
          description={t('operators.hint.bind_mode')}
          allowDeselect={false}
          data={bindModes.map((mode) => ({ value: mode, label: t(`operators.bindMode.${mode}`) }))}
        />
        <TextInput {...words('host')} required />
        <NumberInput {...whole('port')} max={65_535} hideControls thousandSeparator="" />
        <TextInput {...words('system_id')} autoComplete="off" required />
        <PasswordInput
          label={t('operators.field.password')}
          autoComplete="new-password"
          maxLength={64}
          {...(id === undefined ? {} : { placeholder: t('operators.hint.password') })}
          {...form.getInputProps('password')}
        />
        <NumberInput {...whole('sessions')} max={64} />
        <NumberInput {...whole('window_size')} description={t('operators.hint.window_size')} />
        <NumberInput {...whole('throttle')} description={t('operators.hint.throttle')} />
      </SimpleGrid>
      <Switch label={t('operators.field.tls')} {...form.getInputProps('tls', { type: 'checkbox' })} />
      {id === undefined ? (
        <Switch
          label={t('operators.field.simulator')}
          {...form.getInputProps('simulator', { type: 'checkbox' })}
        />
      ) : (
        <Switch
          label={t('operators.field.enabled')}
          {...form.getInputProps('enabled', { type: 'checkbox' })}
        />
      )}
      <Accordion variant="contained" {...(unfolded ? { value: 'more' } : {})}>
        <Accordion.Item value="more">
          <Accordion.Control>{t('operators.moreSettings')}</Accordion.Control>
          <Accordion.Panel>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput {...words('receiver_host')} description={t('operators.hint.receiver')} />
              <NumberInput {...whole('receiver_port')} max={65_535} hideControls thousandSeparator="" />
              <NumberInput {...whole('in_flight_limit')} description={t('operators.hint.in_flight_limit')} />
              <TextInput {...words('system_type')} maxLength={12} />
              <NumberInput {...whole('response_timeout_ms')} suffix=" ms" step={1000} />
              <NumberInput {...whole('enquire_link_ms')} suffix=" ms" step={1000} />
              <Select
                {...words('message_id_format')}
                allowDeselect={false}
                data={idFormats.map((each) => ({ value: each, label: t(`operators.idFormat.${each}`) }))}
              />
            </SimpleGrid>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </FormModal>
  );
}

/** What a form can hold: '' for null. */
function emptied({
  ...settings
}: OperatorSettings): Record<keyof OperatorSettings, string | number | boolean> {
  const known = Object.keys(fresh) as (keyof OperatorSettings)[];
  return Object.fromEntries(known.map((name) => [name, settings[name] ?? ''])) as never;
}
