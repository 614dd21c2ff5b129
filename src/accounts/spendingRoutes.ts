// HTTP of what an account spends: its statement, and sums by day or month. Extensions of the One-API. Registered by
// src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import {
  AmountNumber,
  type App,
  Currency,
  type FieldErrors,
  formatMoment,
  identityOf,
  invalid,
  Moment,
  MomentInput,
  momentField,
  refusals,
} from '../http/index.ts';
import { type AmountE7, amount, jsonAmount } from '../money/index.ts';
import { StatementAnswer, StatementQuery, statementAnswer } from './statementRoutes.ts';

const tags = ['Account'];
const spans = ['day', 'month'] as const;
type Span = (typeof spans)[number];

/** What is shown unless a period is given, and the longest that may be. */
const usualDays: Record<Span, number> = { day: 30, month: 365 };
const longestDays: Record<Span, number> = { day: 400, month: 3660 };
const dayMs = 86_400_000;

const Count = Type.Integer({ minimum: 0 });
const Spending = Type.Object({
  data: Type.Array(
    Type.Object({
      at: Moment,
      charged: AmountNumber,
      messages: Type.Integer({ minimum: 0, description: 'That were charged' }),
      refunded: AmountNumber,
      topped_up: AmountNumber,
    }),
  ),
  meta: Type.Object({
    ...{ by: Type.Enum([...spans]), from: Moment, to: Moment, currency: Currency },
    ...{ charged: AmountNumber, messages: Count },
  }),
});

/** Adds the routes to the server. */
export async function spendingRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/api/accounts/statement',
    {
      schema: {
        operationId: 'account_own_statement',
        tags,
        summary: 'The ledger of the account, with the balance after each row. An extension of Carillon',
        querystring: StatementQuery,
        response: { 200: StatementAnswer, ...refusals(401, 422) },
      },
    },
    async (request) => statementAnswer(db, identityOf(request).accountId, request.query),
  );

  app.get(
    '/api/accounts/spending',
    {
      schema: {
        operationId: 'account_spending',
        tags,
        summary: 'What was charged by day or month (UTC). An extension of Carillon',
        querystring: Type.Object({
          from: Type.Optional(MomentInput('From this time on.')),
          to: Type.Optional(MomentInput('Before this time.')),
          by: Type.Enum([...spans], { default: 'day' }),
        }),
        response: { 200: Spending, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { accountId, currency } = identityOf(request);
      const { by } = request.query;
      const { from, to } = periodOf(request.query);
      const rows = await selectSpending(db, accountId, by, from, to);
      const total = (of: (row: SpendingRow) => bigint) => rows.reduce((sum, row) => sum + of(row), 0n);
      return {
        data: rows.map((row) => ({
          at: formatMoment(row.at),
          charged: jsonAmount(row.charged),
          messages: row.messages,
          refunded: jsonAmount(row.refunded),
          topped_up: jsonAmount(row.toppedUp),
        })),
        meta: {
          ...{ by, from: formatMoment(from), to: formatMoment(to), currency },
          charged: jsonAmount(amount(total((row) => row.charged))),
          messages: Number(total((row) => BigInt(row.messages))),
        },
      };
    },
  );
}

function periodOf(query: { from?: string; to?: string; by: Span }): { from: Date; to: Date } {
  const errors: FieldErrors = {};
  const to = momentField(query.to, 'to', errors) ?? new Date();
  const from =
    momentField(query.from, 'from', errors) ?? new Date(to.getTime() - usualDays[query.by] * dayMs);
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const longest = longestDays[query.by];
  if (from >= to || to.getTime() - from.getTime() > longest * dayMs) {
    throw invalid({ from: [`This must be before \`to\`, and at most ${longest} days.`] });
  }
  return { from, to };
}

type SpendingRow = { at: Date; charged: AmountE7; messages: number; refunded: AmountE7; toppedUp: AmountE7 };

// Reads the index ledger_account_at; a row is a journal group, not a message.
async function selectSpending(
  db: Db,
  accountId: number,
  by: Span,
  from: Date,
  to: Date,
): Promise<SpendingRow[]> {
  const { rows } = await db.pool.query<
    Record<'charged' | 'refunded' | 'topped_up', string> & {
      at: Date;
      messages: number;
    }
  >(
    `select date_trunc($2, at, 'UTC') as at,
       coalesce(-sum(held_e7) filter (where kind = 'charge'), 0)::text as charged,
       coalesce(sum(messages) filter (where kind = 'charge'), 0)::bigint as messages,
       coalesce(sum(amount_e7) filter (where kind = 'refund'), 0)::text as refunded,
       coalesce(sum(amount_e7) filter (where kind in ('top_up', 'adjustment')), 0)::text as topped_up
     from ledger where account_id = $1 and at >= $3 and at < $4 group by 1 order by 1`,
    [accountId, by, from, to],
  );
  return rows.map(({ at, charged, messages, refunded, topped_up: toppedUp }) => ({
    ...{ at, messages },
    ...{ charged: amount(charged), refunded: amount(refunded), toppedUp: amount(toppedUp) },
  }));
}
