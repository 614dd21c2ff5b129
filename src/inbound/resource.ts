// Inbound messages and numbers in the words of the API. Pure; called by the routes.

import { formatMoment } from '../http/index.ts';
import type { InboundNumber, InboundRow } from './store.ts';

/** A message as its account sees it. */
export function inboundResource(row: InboundRow) {
  const { id, phone, source, destination, text, encoding, dataCoding, parts, complete, action } = row;
  return {
    ...{ id, phone, source, destination, text, encoding, data_coding: dataCoding, parts, complete },
    ...{ action, received_at: formatMoment(row.receivedAt) },
  };
}

/** A message as administrators see it. */
export function anyInboundResource(row: InboundRow) {
  const { accountId, accountName, operatorName } = row;
  const account = accountId === null ? null : { id: accountId, name: accountName! };
  return { ...inboundResource(row), account, operator: operatorName };
}

/** A number of ours. */
export function numberResource({ id, address, accountId, accountName, createdAt }: InboundNumber) {
  return { id, address, account: { id: accountId, name: accountName }, created_at: formatMoment(createdAt) };
}
