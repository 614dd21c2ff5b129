// What can be done with a row of a list, behind one button.
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export type RowAction = { label: string; icon: TablerIcon; onClick: () => void; danger?: boolean };

/** `name` says of which row it is, for screen readers. */
export function RowMenu({ name, actions }: { name: string; actions: (RowAction | false)[] }) {
  const { t } = useTranslation();
  const shown = actions.filter((action) => action !== false);
  if (shown.length === 0) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`${t('common.actions')}: ${name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {shown.map(({ label, icon: Icon, onClick, danger }) => (
          <Menu.Item
            key={label}
            onClick={onClick}
            leftSection={<Icon size={16} aria-hidden />}
            {...(danger ? { color: 'red' } : {})}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
