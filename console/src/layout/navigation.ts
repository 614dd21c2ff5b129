// What the menu shows, in groups, and to whom. A page that belongs into the menu adds a line here.
import {
  IconPencilPlus,
  IconScale,
  IconSend,
  IconShieldLock,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import type { LinkProps } from '@tanstack/react-router';
import type { Permission } from '../api/types.ts';
import type { TextKey } from '../i18n/index.ts';

export type NavigationItem = {
  to: NonNullable<LinkProps['to']>;
  label: TextKey;
  icon: TablerIcon;
  /** Who sees it; everybody where absent. */
  permission?: Permission;
  /** Current only at exactly this address, as others below it have lines of their own. */
  exact?: boolean;
};

export const navigation: { label: TextKey; items: NavigationItem[] }[] = [
  {
    label: 'nav.group.send',
    items: [
      { to: '/campaigns', label: 'nav.campaigns', icon: IconSend, exact: true },
      { to: '/campaigns/new', label: 'nav.newCampaign', icon: IconPencilPlus, permission: 'send' },
      { to: '/campaigns/comparison', label: 'nav.comparison', icon: IconScale },
    ],
  },
  {
    label: 'nav.group.account',
    items: [{ to: '/profile', label: 'nav.profile', icon: IconShieldLock }],
  },
  {
    label: 'nav.group.administration',
    items: [{ to: '/users', label: 'nav.users', icon: IconUsers, permission: 'admin' }],
  },
];
