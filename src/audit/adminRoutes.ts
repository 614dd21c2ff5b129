// HTTP of the audit log, below /admin/api: who did what and when. Registered by src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import {
  type App,
  type FieldErrors,
  formatMoment,
  Id,
  invalid,
  Meta,
  Moment,
  MomentInput,
  metaOf,
  momentField,
  pageOf,
  pageParameters,
  refusals,
} from '../http/index.ts';
import { type AuditEntry, listAudit } from './list.ts';

const MaybeId = Type.Union([Type.Integer(), Type.Null()]);

const AuditQuery = Type.Object({
  ...pageParameters(1),
  'filter[account_id]': Type.Optional(Type.Integer({ ...Id, description: 'Who did it' })),
  'filter[owner_id]': Type.Optional(Type.Integer({ ...Id, description: 'Whose thing it was' })),
  'filter[action]': Type.Optional(
    Type.String({ maxLength: 100, description: 'As `campaign.approve`, or `campaign` for all of these' }),
  ),
  'filter[subject]': Type.Optional(Type.String({ maxLength: 100, description: 'As `campaign/12`' })),
  'filter[from]': Type.Optional(MomentInput('At this time or later.')),
  'filter[to]': Type.Optional(MomentInput('At this time or earlier.')),
});

const Entry = Type.Object({
  id: Type.Integer(),
  at: Moment,
  account_id: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Who did it; null: the command line',
  }),
  account_name: Type.Union([Type.String(), Type.Null()]),
  key_id: MaybeId,
  user_id: Type.Union([Type.Integer(), Type.Null()], { description: 'The user of the console who did it' }),
  user_name: Type.Union([Type.String(), Type.Null()]),
  action: Type.String(),
  subject: Type.String(),
  owner_id: MaybeId,
  details: Type.Record(Type.String(), Type.Unknown()),
});

/** Adds the routes to the server. */
export async function auditAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/admin/api/audit',
    {
      schema: {
        operationId: 'audit_list',
        tags: ['Admin: audit'],
        summary: 'Who did what and when, the newest first',
        querystring: AuditQuery,
        response: { 200: Type.Object({ data: Type.Array(Entry), meta: Meta }), ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const errors: FieldErrors = {};
      const from = momentField(query['filter[from]'], 'filter[from]', errors);
      const to = momentField(query['filter[to]'], 'filter[to]', errors);
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const page = pageOf(query);
      const filter = {
        accountId: query['filter[account_id]'],
        ownerId: query['filter[owner_id]'],
        action: query['filter[action]'],
        subject: query['filter[subject]'],
        from,
        to,
      };
      const { entries, total } = await listAudit(db, filter, page);
      return { data: entries.map(entryResource), meta: metaOf(page, total) };
    },
  );
}

function entryResource(entry: AuditEntry) {
  return {
    id: entry.id,
    at: formatMoment(entry.at),
    account_id: entry.accountId,
    account_name: entry.accountName,
    key_id: entry.keyId,
    user_id: entry.userId,
    user_name: entry.userName,
    action: entry.action,
    subject: entry.subject,
    owner_id: entry.ownerId,
    details: entry.details,
  };
}
