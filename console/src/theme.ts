// How the console looks: one quiet colour, dense tables, text dark enough to be read. Given to Mantine by main.tsx.
import { type CSSVariablesResolver, createTheme, type MantineColor } from '@mantine/core';
import type { CampaignStatus, MessageStatus } from './api/types.ts';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' }, h3: { fontSize: '1rem' } },
  },
  components: {
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } },
    // What can be chosen is drawn when it is asked for: a page with filters is then half as large.
    Combobox: { defaultProps: { keepMounted: false } },
    Menu: { defaultProps: { returnFocus: true } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Card: { defaultProps: { withBorder: true, padding: 'md' } },
    Paper: { defaultProps: { withBorder: true } },
    Badge: {
      defaultProps: { variant: 'light', radius: 'sm' },
      styles: { root: { minWidth: 'max-content' }, label: { textTransform: 'none' } },
    },
  },
});

/** Mantine's quiet greys are too pale for small text by WCAG; these have a contrast of 4.5 and more. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    // On a row of a table under the pointer, too.
    '--mantine-color-anchor': 'var(--mantine-color-indigo-8)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-green-light-color': '#1b5e2a',
    '--mantine-color-indigo-light-color': 'var(--mantine-color-indigo-9)',
    '--mantine-color-yellow-light-color': '#7a4400',
    '--mantine-color-orange-light-color': '#8a3207',
    '--carillon-canvas': 'var(--mantine-color-gray-0)',
    '--carillon-danger': 'var(--mantine-color-red-9)',
    '--carillon-bubble': 'var(--mantine-color-gray-2)',
  },
  dark: {
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--carillon-canvas': 'var(--mantine-color-dark-8)',
    '--carillon-danger': 'var(--mantine-color-red-4)',
    '--carillon-bubble': 'var(--mantine-color-dark-5)',
  },
});

/** The colour of a campaign's state, everywhere. */
export const campaignColors: Record<CampaignStatus, MantineColor> = {
  creation: 'gray',
  moderation: 'orange',
  scheduled: 'violet',
  sending: 'blue',
  paused: 'yellow',
  done: 'green',
  stopped: 'gray',
  spam: 'red',
};

/** The colour of a message's state, in bars, charts and lists. */
export const messageColors: Record<MessageStatus, MantineColor> = {
  delivered: 'teal.6',
  read: 'teal.8',
  sent: 'blue.5',
  accepted: 'cyan.5',
  sending: 'gray.5',
  scheduled: 'gray.5',
  moderation: 'gray.5',
  undelivered: 'red.6',
  expired: 'orange.6',
  unknown: 'yellow.6',
  failed: 'red.9',
  not_viber_user: 'gray.6',
  not_rcs_user: 'gray.6',
};
