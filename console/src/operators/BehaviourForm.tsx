// What the simulator does with what comes next: chances, delays, limits and quirks.
import {
  Accordion,
  Button,
  Fieldset,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../components/useChange.ts';
import { useFormat } from '../format/useFormat.ts';
import {
  type Behaviour,
  changeOf,
  changeSimulator,
  countQuirks,
  delayNames,
  flagQuirks,
  type Simulator,
  shareNames,
  valuesOf,
  wordQuirks,
} from './simulator.ts';

type Props = {
  behaviour: Behaviour;
  choices: Simulator['choices'];
  /** What is said of the numbers that have a meaning of their own. */
  children: ReactNode;
};

export function BehaviourForm({ behaviour, choices, children }: Props) {
  const { t } = useTranslation();
  const { rounded } = useFormat();
  const form = useForm({ initialValues: valuesOf(behaviour) });
  const { setInitialValues, setValues, resetDirty } = form;
  // What was applied, or what somebody else has changed, begins the form anew.
  useEffect(() => {
    const values = valuesOf(behaviour);
    setInitialValues(values);
    setValues(values);
    resetDirty(values);
  }, [behaviour, setInitialValues, setValues, resetDirty]);
  const change = useChange(changeSimulator, {
    touches: ['operators'],
    done: t('operators.simulator.applied'),
    setErrors: form.setErrors,
  });
  const whole = (name: string, suffix = '') => ({
    ...form.getInputProps(name),
    ...{ min: 0, allowDecimal: false, hideControls: true, suffix },
  });
  const rest = 100 - Object.values(form.values.shares).reduce<number>((sum, n) => sum + Number(n), 0);
  const tooMuch = rest < -1e-9;

  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => change.mutate(changeOf(values, valuesOf(behaviour))))}
    >
      <Stack gap="sm">
        <Fieldset legend={t('operators.simulator.shares')}>
          <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
            {shareNames.map((name) => (
              <NumberInput
                key={name}
                label={t(`operators.simulator.share.${name}`)}
                {...form.getInputProps(`shares.${name}`)}
                min={0}
                max={100}
                decimalScale={3}
                suffix=" %"
              />
            ))}
          </SimpleGrid>
          <Text size="sm" mt="xs" {...(tooMuch ? { c: 'red' } : { c: 'dimmed' })} role="status">
            {tooMuch
              ? t('operators.simulator.tooMuch')
              : t('operators.simulator.rest', { share: rounded(Math.max(0, rest)) })}
          </Text>
        </Fieldset>
        <SimpleGrid cols={{ base: 1, md: 3 }}>
          {delayNames.map((name) => (
            <Fieldset key={name} legend={t(`operators.simulator.${name}`)}>
              <Group grow align="flex-start">
                <NumberInput label={t('operators.simulator.from')} {...whole(`${name}.from`, ' ms')} />
                <NumberInput label={t('operators.simulator.to')} {...whole(`${name}.to`, ' ms')} />
              </Group>
              {behaviour[name].mean !== undefined && (
                <Text size="xs" c="dimmed" mt={4}>
                  {t('operators.simulator.mean', { ms: behaviour[name].mean })}
                </Text>
              )}
            </Fieldset>
          ))}
          <Fieldset legend={t('operators.simulator.limits')}>
            <NumberInput
              label={t('operators.simulator.throughput')}
              placeholder={t('operators.simulator.noLimit')}
              {...whole('throughput')}
            />
          </Fieldset>
        </SimpleGrid>
        <Switch
          label={t('operators.simulator.refuse_binds')}
          {...form.getInputProps('refuse_binds', { type: 'checkbox' })}
        />
        <Accordion variant="contained" multiple>
          <Accordion.Item value="quirks">
            <Accordion.Control>{t('operators.simulator.quirks')}</Accordion.Control>
            <Accordion.Panel>
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
                {wordQuirks.map((name) => (
                  <Select
                    key={name}
                    label={t(`operators.simulator.quirk.${name}`)}
                    placeholder={t('operators.simulator.usual')}
                    clearable
                    clearButtonProps={{ 'aria-label': t('common.clear') }}
                    data={choices[name] ?? []}
                    {...form.getInputProps(`quirks.${name}`)}
                    onChange={(value) => form.setFieldValue(`quirks.${name}`, value ?? '')}
                  />
                ))}
                {countQuirks.map((name) => (
                  <NumberInput
                    key={name}
                    label={t(`operators.simulator.quirk.${name}`)}
                    placeholder={t('operators.simulator.never')}
                    {...whole(`quirks.${name}`)}
                    min={1}
                  />
                ))}
                <NumberInput label={t('operators.simulator.late_ms')} {...whole('late_ms', ' ms')} min={1} />
                {flagQuirks.map((name) => (
                  <Switch
                    key={name}
                    label={t(`operators.simulator.quirk.${name}`)}
                    {...form.getInputProps(`quirks.${name}`, { type: 'checkbox' })}
                  />
                ))}
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
          <Accordion.Item value="numbers">
            <Accordion.Control>{t('operators.simulator.numbers')}</Accordion.Control>
            <Accordion.Panel>{children}</Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Group justify="flex-end" gap="xs">
          <Text size="sm" c="dimmed" flex={1} miw={220}>
            {t('operators.simulator.note')}
          </Text>
          <Button type="submit" loading={change.isPending} disabled={!form.isDirty() || tooMuch}>
            {t('operators.simulator.apply')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
