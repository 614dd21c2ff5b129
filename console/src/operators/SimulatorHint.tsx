// What the last three digits of a number make the simulator do, as docs/smpp.md says.
import { Group, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const endings = ['001', '002', '003', '004', '008', '018', '030', '031', '033', 'other'] as const;

export function SimulatorHint() {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm" mb={4}>
        {t('operators.simulator.text')}
      </Text>
      <List size="sm" listStyleType="none" withPadding={false}>
        {endings.map((ending) => (
          <List.Item key={ending}>
            <Group gap="xs" wrap="nowrap" align="baseline">
              <Text span fw={600} size="sm" className="figures" miw={48}>
                {ending === 'other' ? '…' : ending}
              </Text>
              {t(`operators.simulator.ending.${ending}`)}
            </Group>
          </List.Item>
        ))}
      </List>
    </>
  );
}
