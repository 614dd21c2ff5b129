// Which messages of a campaign are shown: what the address of its report keeps. Read by the router and by CampaignPage.
import { type MessageStatus, messageStatuses } from '../api/types.ts';
import { defined, oneOf, text } from '../components/listSearch.ts';

export type MessageSearch = {
  status?: MessageStatus;
  /** A number, or what it begins with, as it was typed. */
  phone?: string;
  reference?: string;
};

/** Reads it from what the address says. */
export function messageSearch(given: Record<string, unknown>): MessageSearch {
  return defined({
    status: oneOf(messageStatuses, given.status),
    phone: text(given.phone),
    reference: text(given.reference),
  });
}

/** The server looks for no less: see /docs. */
export const leastDigits = 6;

/** The digits of a number as people type it, without what they put between. */
export function digitsOf(phone: string | undefined): string {
  return (phone ?? '').replace(/\D/g, '').replace(/^0+/, '');
}

/** The search as parameters of /api/messages. */
export function messageFilter(campaignId: number, { status, phone, reference }: MessageSearch) {
  const digits = digitsOf(phone);
  return {
    'filter[campaign_id]': campaignId,
    'filter[status]': status,
    'filter[phone]': digits.length >= leastDigits ? digits.slice(0, 15) : undefined,
    'filter[reference_id]': reference,
  };
}
