// What can be done with a row of a list, behind one button.
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, type TablerIcon } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

export type RowAction = { label: string; icon: TablerIcon; onClick: () => void; danger?: boolean };

/** `name` says of which row it is, for screen readers. */
export function RowMenu({ name, actions }: { name: string; actions: (RowAction | false)[] }) {
  const { t } = useTranslation();
  // Most are never opened, and there is one in every row.
  const [wanted, setWanted] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  const shown = actions.filter((action) => action !== false);
  if (shown.length === 0) return null;
  const button = {
    variant: 'subtle',
    color: 'gray',
    'aria-label': `${t('common.actions')}: ${name}`,
    children: <IconDots size={16} aria-hidden />,
  };
  if (!wanted) return <ActionIcon {...button} aria-haspopup="menu" onClick={() => setWanted(true)} />;
  // Made open, it does not know by itself what had the focus before.
  return (
    <Menu position="bottom-end" withinPortal defaultOpened onClose={() => target.current?.focus()}>
      <Menu.Target>
        <ActionIcon {...button} ref={target} />
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
