// Contacts, fields, groups and stop list entries as the One-API shows them. Called by the routes.

import { formatMoment, metaOf, type Page } from '../http/index.ts';
import type { ContactRow } from './contacts.ts';
import type { Criterion } from './criteria.ts';
import type { Field } from './fields.ts';
import type { Group } from './groups.ts';
import { limits } from './limits.ts';
import type { StopRow } from './stop-search.ts';

export function fieldResource({ id, name, type, description, isVisible }: Field) {
  return { id, name, type, ...(description === null ? {} : { description }), is_visible: isVisible };
}

type GroupRow = Omit<Group, 'stopped'> & { stopped?: number };

export function groupResource({ id, name, description, isDefault, items, createdAt, stopped }: GroupRow) {
  return {
    ...{ id, name, description, default: isDefault, created_at: formatMoment(createdAt), items },
    ...(stopped === undefined ? {} : { stop_list_count: stopped }),
  };
}

export function foundGroupResource({ id, name, description, isDefault, items, createdAt }: GroupRow) {
  return { id, name, description, is_default: isDefault, items, created_at: formatMoment(createdAt) };
}

/** `fields` are the account's: values of others are those of deleted fields. */
export function contactResource(
  { id, phone, values, createdAt, groups }: ContactRow,
  fields: readonly Field[],
) {
  return {
    id,
    phone,
    fields: fields.flatMap((field) => {
      const value = values[field.id];
      return value === undefined ? [] : [{ [field.id]: value }];
    }),
    created_at: formatMoment(createdAt),
    groups: groups.slice(0, limits.groupsOfContact).map(groupResource),
    hlr_status: 'unknown',
    hlr_last_check: null,
  };
}

export function stopResource({ id, phone, createdAt, sms, viber, rcs, whatsapp }: StopRow) {
  return {
    ...{ id, phone, created_at: formatMoment(createdAt), sms_stoplist: sms, viber_stoplist: viber },
    ...{ rcs_stoplist: rcs, whatsapp_stoplist: whatsapp },
  };
}

/** What a search says about itself. */
export function searchMeta(page: Page, total: number, criteria: readonly Criterion[], exact = true) {
  const shown = criteria.map(({ field, operator, value }) => ({ field, operator, value }));
  const meta = metaOf(page, total);
  return {
    page: exact ? meta.page : { ...meta.page, estimated: true },
    search: { ...shown[0], ...(shown.length > 1 ? { search_fields: shown } : {}) },
  };
}
