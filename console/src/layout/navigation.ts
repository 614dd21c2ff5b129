// What the menu shows, in groups, and to whom. A page that belongs into the menu adds a line here.
import {
  IconAddressBook,
  IconAntennaBars5,
  IconBuilding,
  IconCoins,
  IconFileImport,
  IconHandStop,
  IconHistory,
  IconInbox,
  IconListCheck,
  IconMailbox,
  IconPencilPlus,
  IconRubberStamp,
  IconScale,
  IconSend,
  IconServer,
  IconShieldCheck,
  IconShieldLock,
  IconSignature,
  IconUsers,
  IconUsersGroup,
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
    label: 'nav.group.contacts',
    items: [
      { to: '/contacts', label: 'contacts.title', icon: IconAddressBook },
      { to: '/lists', label: 'contacts.lists.title', icon: IconUsersGroup },
      { to: '/stop-list', label: 'contacts.stop.title', icon: IconHandStop },
      { to: '/imports', label: 'imports.title', icon: IconFileImport },
      { to: '/inbound', label: 'inbound.title', icon: IconInbox, exact: true },
    ],
  },
  {
    label: 'nav.group.account',
    items: [
      { to: '/balance', label: 'money.title', icon: IconCoins },
      { to: '/senders', label: 'senders.title', icon: IconSignature },
      { to: '/profile', label: 'nav.profile', icon: IconShieldLock },
    ],
  },
  {
    label: 'nav.group.administration',
    items: [
      {
        to: '/moderation',
        label: 'moderation.title',
        icon: IconShieldCheck,
        permission: 'moderate',
        exact: true,
      },
      {
        to: '/moderation/rules',
        label: 'moderation.rules.title',
        icon: IconListCheck,
        permission: 'moderate',
      },
      {
        to: '/sender-requests',
        label: 'senders.requests.title',
        icon: IconRubberStamp,
        permission: 'moderate',
      },
      { to: '/accounts', label: 'accounts.title', icon: IconBuilding, permission: 'admin' },
      { to: '/users', label: 'nav.users', icon: IconUsers, permission: 'admin' },
      { to: '/inbound/numbers', label: 'inbound.numbers.title', icon: IconMailbox, permission: 'admin' },
      { to: '/operators', label: 'operators.title', icon: IconAntennaBars5, permission: 'admin' },
      { to: '/system', label: 'system.title', icon: IconServer, permission: 'admin' },
      { to: '/audit', label: 'audit.title', icon: IconHistory, permission: 'admin' },
    ],
  },
];
