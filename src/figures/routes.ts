// HTTP of the figures of campaigns, and of the measure of a text: extensions of the One-API. Registered by
// src/features.ts.

import {
  type CampaignRow,
  selectCampaign,
  selectComparison,
  statisticsOf,
  totalPrice,
} from '../campaigns/index.ts';
import type { Db } from '../db/index.ts';
import { type App, formatMoment, type Identity, identityOf, notFound, refusals } from '../http/index.ts';
import { reasonText } from '../messages/index.ts';
import { formatAmount } from '../money/index.ts';
import { listOperators } from '../operators/index.ts';
import { measureText } from './measure.ts';
import { FigureSource } from './remember.ts';
import * as schemas from './schemas.ts';
import { fittingSpan, inSpans } from './timeline.ts';

const tags = ['Campaigns'];
const shownErrors = 50;

/** Adds the routes to the server. */
export async function figureRoutes(app: App, { db }: { db: Db }): Promise<void> {
  const source = new FigureSource(db);

  async function find({ accountId, scopes, keyId }: Identity, id: number): Promise<CampaignRow> {
    // Administrators in the console see every campaign, and its figures with it.
    const owner = keyId === null && scopes.includes('admin') ? 'every' : accountId;
    const row = await selectCampaign(db.pool, owner, id);
    if (row === undefined) throw notFound('campaign');
    return row;
  }

  app.get(
    '/api/campaigns/:id/timeline',
    {
      schema: {
        operationId: 'campaign_timeline',
        tags,
        summary: 'Messages of a campaign over time: sent, delivered and failed. An extension of Carillon',
        params: schemas.IdPath,
        querystring: schemas.TimelineQuery,
        response: { 200: schemas.Timeline, ...refusals(401, 404, 422, 503) },
      },
    },
    async (request) => {
      const { figures, final } = await source.of(await find(identityOf(request), request.params.id));
      const by = request.query.by ?? fittingSpan(figures.minutes);
      const points = inSpans(figures.minutes, by);
      return {
        data: {
          ...{ by, final, at: moment(figures.at / 1000) },
          points: points.map((point) => ({ ...point, at: moment(point.at) })),
        },
      };
    },
  );

  app.get(
    '/api/campaigns/:id/breakdown',
    {
      schema: {
        operationId: 'campaign_breakdown',
        tags,
        summary: 'Messages of a campaign by country, operator and error. An extension of Carillon',
        params: schemas.IdPath,
        response: { 200: schemas.Breakdown, ...refusals(401, 404, 503) },
      },
    },
    async (request) => {
      const { figures, final } = await source.of(await find(identityOf(request), request.params.id));
      const operators = new Map((await listOperators(db)).map(({ id, name }) => [id, name]));
      return {
        data: {
          ...{ at: moment(figures.at / 1000), final },
          countries: figures.countries.map(([country, outcomes]) => ({ country, ...outcomes })),
          operators: figures.operators.map(([id, outcomes]) => ({
            operator: id === null ? null : (operators.get(id) ?? `#${id}`),
            ...outcomes,
          })),
          errors: figures.errors
            .slice(0, shownErrors)
            .map(([code, count]) => ({ code, reason: reasonText(code) ?? String(code), count })),
        },
      };
    },
  );

  addComparison(app, db);
  addMeasure(app);
}

function addComparison(app: App, db: Db): void {
  app.get(
    '/api/campaigns/comparison',
    {
      schema: {
        operationId: 'campaign_comparison',
        tags,
        summary: 'Delivery of several campaigns, the newest first. An extension of Carillon',
        querystring: schemas.ComparisonQuery,
        response: { 200: schemas.Comparison, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const ids = request.query.ids?.split(',').map(Number);
      const rows = await selectComparison(db.pool, identityOf(request).accountId, ids);
      return { data: rows.map(compared) };
    },
  );
}

function compared(row: CampaignRow) {
  const statistics = statisticsOf(row);
  const { delivered, sent, accepted, undelivered, expired, unknown } = statistics;
  const left = delivered + sent + accepted + undelivered + expired + unknown;
  return {
    ...{ id: row.id, name: row.name, sender: row.sender, status: row.status, currency: row.currency },
    start_at: formatMoment(row.start_at),
    total_messages: row.message_count,
    statistics,
    total_price: formatAmount(totalPrice(row)),
    delivered_share: left === 0 ? null : delivered / left,
  };
}

function addMeasure(app: App): void {
  app.post(
    '/api/text/measure',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'text_measure',
        tags,
        summary:
          'How a text would travel: encoding, segments, and what makes it longer. An extension of Carillon',
        body: schemas.TextToMeasure,
        response: { 200: schemas.TextMeasure, ...refusals(400, 401, 422) },
      },
    },
    async ({ body }) => ({ data: measureText(body.text) }),
  );
}

function moment(seconds: number): string {
  return formatMoment(new Date(seconds * 1000));
}
