// Senders and requests in the words of the API. Called by the routes.

import { formatMaybe, formatMoment } from '../http/index.ts';
import type { SenderRequest } from './requests.ts';
import type { Sender } from './senders.ts';

/** SenderSchema. */
export function senderResource<Id extends number | null>(sender: Omit<Sender, 'id'> & { id: Id }) {
  return {
    id: sender.id,
    status: sender.status,
    country: sender.country,
    sender: sender.sender,
    created_at: formatMoment(sender.createdAt),
    is_default: sender.isDefault,
  };
}

/** SenderRequestSchema; what a request does not tell is absent, except what may be null. */
export function requestResource(request: SenderRequest) {
  const {
    code_of_company = '',
    informing_purpose = '',
    description = '',
    comment,
    ...others
  } = request.fields;
  return {
    id: request.id,
    sender: request.sender,
    status: request.status,
    type: request.type,
    created_at: formatMoment(request.createdAt),
    registered_at: formatMaybe(request.registeredAt),
    status_changed_at: formatMaybe(request.statusChangedAt),
    country_code: request.countryCode,
    ...others,
    code_of_company,
    informing_purpose,
    description,
    comment: comment ?? null,
    rejection_reason: request.reason,
  };
}

/** The same for administrators. */
export function anyRequestResource(request: SenderRequest) {
  const { accountId: id, accountName: name, kind } = request;
  return { ...requestResource(request), account: { id, name }, kind };
}

export function anySenderResource(sender: Sender) {
  const { accountId: id, accountName: name } = sender;
  return { ...senderResource(sender), account: { id, name } };
}
