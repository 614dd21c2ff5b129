// The things that more than one page reads, as docs/reference/console-api.md and /docs describe them. What one feature
// alone reads stands in its own folder.
import type { Amount } from './json.ts';

export type Role = 'customer' | 'moderator' | 'administrator';
export type Permission = 'send' | 'read' | 'moderate' | 'admin';

export type User = {
  id: number;
  email: string;
  name: string;
  role: Role;
  account_id: number;
  account_name: string;
  locale: string | null;
  time_zone: string | null;
  totp_enabled: boolean;
  recovery_codes_left: number;
  must_change_password: boolean;
  disabled_at: string | null;
  created_at: string;
  last_login_at: string | null;
};

export type Session = {
  user: User;
  account: { id: number; name: string; role: 'customer' | 'admin'; currency: string };
  permissions: Permission[];
  csrf_token: string;
  session_id: number;
  expires_at: string;
};

export const campaignStatuses = [
  'creation',
  'moderation',
  'scheduled',
  'sending',
  'paused',
  'done',
  'stopped',
  'spam',
] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

/** The states of a message, in the order in which the report shows them. */
export const messageStatuses = [
  'delivered',
  'read',
  'sent',
  'accepted',
  'sending',
  'scheduled',
  'moderation',
  'undelivered',
  'expired',
  'unknown',
  'failed',
  'not_viber_user',
  'not_rcs_user',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export type Statistics = Record<MessageStatus, number>;

/** Who made a campaign. */
export type Author = { type: 'user' | 'key'; id: number; name: string };

/** A campaign of lists. Events carry all statistics and the number of messages. */
export type Campaign = {
  id: number;
  name: string;
  sender: string;
  status: CampaignStatus;
  message_type: string;
  start_at: string;
  real_start_at: string | null;
  finished_at: string | null;
  created_at: string;
  statistics: Partial<Statistics> & { delivered: number; sent: number };
  total_messages?: number;
  calculated_price: Amount | null;
  currency: string;
  reason?: string;
  test?: true;
  /** Its author has to confirm it. */
  unconfirmed?: true;
};

/** The exact report of a campaign. */
export type Report = {
  id: number;
  name: string;
  sender: string;
  status: CampaignStatus;
  start_at: string;
  actual_start_at: string | null;
  finished_at: string | null;
  created_at: string;
  statistics: Statistics;
  total_messages: number;
  total_phones: number;
  total_price: Amount;
  currency: string;
  reason?: string;
  test?: true;
  /** Its author has to confirm it. */
  unconfirmed?: true;
};
