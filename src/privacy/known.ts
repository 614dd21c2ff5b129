// Everything that is known of one number, as one JSON document that is written piece by piece: a number may have many
// messages. Called by the routes and the command line.

import { contactsOfPhone } from '../contacts/index.ts';
import type { Db } from '../db/index.ts';
import { formatMaybe, formatMoment } from '../http/index.ts';
import {
  billing,
  messagesOfPhone,
  moneyStates,
  publishedStatus,
  reasonText,
  receiptStatuses,
  statusName,
} from '../messages/index.ts';
import { amount, formatAmount, zero } from '../money/index.ts';
import { inboundOf, orphansOf, rejectionsOf } from './places.ts';

/** Messages that one statement reads. */
const messagesPerPage = 1000;

/**
 * The document, in pieces of text. Of one account, or (null) of all: then with receipts of unknown messages, which are
 * nobody's.
 */
export async function* knownOf(db: Db, phone: number, accountId: number | null): AsyncGenerator<string> {
  const sql = db.pool;
  const { contacts, stops } = await contactsOfPhone(sql, phone, accountId ?? undefined);
  const head = {
    phone,
    account_id: accountId,
    created_at: formatMoment(new Date()),
    contacts: contacts.map((contact) => ({
      account_id: contact.accountId,
      id: contact.contactId,
      created_at: formatMoment(contact.createdAt),
      fields: contact.fields,
      groups: contact.groups,
    })),
    stop_list: stops.map(({ accountId, createdAt, ...stop }) => ({
      account_id: accountId,
      created_at: formatMoment(createdAt),
      ...stop,
    })),
    inbound: (await inboundOf(sql, phone, accountId)).map(({ accountId, receivedAt, ...message }) => ({
      account_id: accountId,
      ...message,
      received_at: formatMoment(receivedAt),
    })),
    import_rejections: (await rejectionsOf(sql, phone, accountId)).map(
      ({ importId, accountId, ...rejection }) => ({
        import_id: importId,
        account_id: accountId,
        ...rejection,
      }),
    ),
    ...(accountId === null
      ? {
          orphan_receipts: (await orphansOf(sql, phone)).map(({ at, ...orphan }) => ({
            ...orphan,
            at: formatMoment(at),
          })),
        }
      : {}),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`;
  const ids = await messagesOfPhone(sql, phone, accountId);
  for (let at = 0; at < ids.length; at += messagesPerPage) {
    const messages = await messagesOf(db, ids.slice(at, at + messagesPerPage), phone);
    if (messages.length > 0)
      yield `${at === 0 ? '' : ','}${messages.map((m) => JSON.stringify(m)).join(',')}`;
  }
  yield ']}\n';
}

type Row = {
  id: number;
  account_id: number;
  campaign_id: number;
  campaign: string;
  campaign_status: string;
  begun: boolean;
  sender: string;
  text: string;
  reference_id: string | null;
  status: number;
  parts: number;
  price: string;
  on_delivery: boolean;
  currency: string;
  created_at: Date;
  sent_at: Date | null;
  done_at: Date | null;
  error: number | null;
};

async function messagesOf(db: Db, ids: readonly number[], phone: number) {
  const { rows } = await db.pool.query<Row>(
    `select m.id, c.account_id, m.campaign_id, c.name as campaign, c.status as campaign_status,
       c.actual_start_at is not null as begun, coalesce(m.sender, c.sender) as sender,
       coalesce(m.text, c.text) as text, m.reference_id, m.status, m.parts, m.price_e7::text as price, m.on_delivery,
       c.currency, c.created_at, m.sent_at, m.done_at, m.error
     from unnest($1::bigint[]) as i (id)
     cross join lateral (select * from message where id = i.id offset 0) as m
     join campaign c on c.id = m.campaign_id
     where m.phone = $2 order by m.id`,
    [ids, phone],
  );
  return rows.map((row) => {
    const free = moneyStates[billing(row.on_delivery)][statusName(row.status)] === 'free';
    return {
      ...{ id: row.id, account_id: row.account_id, campaign_id: row.campaign_id, campaign: row.campaign },
      ...{ reference_id: row.reference_id, sender: row.sender, text: row.text, parts: row.parts },
      status: publishedStatus(row.status, { status: row.campaign_status, begun: row.begun }),
      error: reasonText(row.error),
      amount: { value: formatAmount(free ? zero : amount(row.price)), currency: row.currency },
      created_at: formatMoment(row.created_at),
      sent_at: formatMaybe(row.sent_at),
      delivered_at: receiptStatuses.includes(row.status) ? formatMaybe(row.done_at) : null,
    };
  });
}
