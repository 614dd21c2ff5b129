// HTTP of statements, below /admin/api. Registered by src/features.ts.

import { type Static, Type } from 'typebox';
import type { Db } from '../db/index.ts';
import {
  AmountNumber,
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
import { jsonAmount } from '../money/index.ts';
import { accountById } from './accounts.ts';
import { refused } from './errors.ts';
import { type LedgerEntry, statementOf } from './ledger.ts';

export const StatementQuery = Type.Object({
  ...pageParameters(1),
  'filter[from]': Type.Optional(MomentInput('Rows written at this time or later.')),
  'filter[to]': Type.Optional(MomentInput('Rows written before this time.')),
});

const Entry = Type.Object({
  id: Type.Integer(),
  at: Moment,
  kind: Type.Enum(['hold', 'charge', 'refund', 'top_up', 'adjustment']),
  campaign_id: Type.Union([Type.Integer(), Type.Null()]),
  messages: Type.Integer({ description: 'How many messages it is about' }),
  amount: AmountNumber,
  held: AmountNumber,
  balance: AmountNumber,
  total_held: AmountNumber,
  note: Type.Union([Type.String(), Type.Null()]),
});

export const StatementAnswer = Type.Object({
  data: Type.Array(Entry),
  meta: Type.Object({
    ...Meta.properties,
    opening: AmountNumber,
    closing: AmountNumber,
  }),
});

/** Adds the route to the server. */
export async function statementRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/admin/api/accounts/:id/statement',
    {
      schema: {
        operationId: 'account_statement',
        tags: ['Admin: accounts'],
        summary: 'The ledger of an account, with the balance after each row',
        params: Type.Object({ id: Id }),
        querystring: StatementQuery,
        response: { 200: StatementAnswer, ...refusals(401, 404, 422) },
      },
    },
    async ({ params, query }) => {
      if ((await accountById(db, params.id)) === undefined) throw refused.noAccount(params.id);
      return statementAnswer(db, params.id, query);
    },
  );
}

/** A page of an account's statement, in the words of HTTP. */
export async function statementAnswer(db: Db, accountId: number, query: Static<typeof StatementQuery>) {
  const errors: FieldErrors = {};
  const period = {
    from: momentField(query['filter[from]'], 'filter[from]', errors),
    to: momentField(query['filter[to]'], 'filter[to]', errors),
  };
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const page = pageOf(query);
  const { entries, total, opening, closing } = await statementOf(db, accountId, period, page);
  return {
    data: entries.map(entryResource),
    meta: { ...metaOf(page, total), opening: jsonAmount(opening), closing: jsonAmount(closing) },
  };
}

function entryResource(entry: LedgerEntry) {
  return {
    id: entry.id,
    at: formatMoment(entry.at),
    kind: entry.kind,
    campaign_id: entry.campaignId,
    messages: entry.messages,
    amount: jsonAmount(entry.amount),
    held: jsonAmount(entry.held),
    balance: jsonAmount(entry.balance),
    total_held: jsonAmount(entry.totalHeld),
    note: entry.note,
  };
}
