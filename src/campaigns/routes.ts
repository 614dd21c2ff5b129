// HTTP of campaigns: price, send, list, show, report, stop, pause, resume. Registered by app.ts.

import type { Db } from '../db/index.ts';
import {
  type App,
  documentedOnly,
  type FieldErrors,
  type Identity,
  identityOf,
  invalid,
  metaOf,
  momentField,
  notFound,
  pageOf,
  refusals,
} from '../http/index.ts';
import { jsonAmount } from '../money/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import { actOn } from './actions.ts';
import { createCampaign, priceCampaign } from './create.ts';
import { refused } from './errors.ts';
import { priceToGroups } from './group-price.ts';
import { campaignReport, campaignResource } from './report.ts';
import {
  CampaignAnswer,
  CampaignList,
  CampaignPath,
  CampaignQuery,
  Price,
  PriceRequest,
  ReportAnswer,
  SmsSend,
} from './schemas.ts';
import { type CampaignRow, selectCampaign, selectCampaigns } from './store.ts';

const tags = ['Campaigns'];

/** What an author may do with a campaign: the words of the operations. */
const authorActions = [
  {
    action: 'stop',
    operationId: 'campaign_stop',
    summary: 'Stop a campaign: what has not been sent is cancelled and costs nothing',
  },
  {
    action: 'pause',
    operationId: 'campaign_pause',
    summary: 'Pause a campaign: nothing more is sent until it is resumed. An extension of Carillon',
  },
  {
    action: 'resume',
    operationId: 'campaign_resume',
    summary: 'Resume a paused campaign where it was. An extension of Carillon',
  },
] as const;

/** Whether a price request names groups; an empty list is none. */
function hasGroups(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  const { groups } = body as { groups?: unknown };
  return groups !== undefined && groups !== null && !(Array.isArray(groups) && groups.length === 0);
}

/** Adds the routes to the server. */
export async function campaignRoutes(app: App, deps: { db: Db }): Promise<void> {
  const { db } = deps;

  async function find(identity: Identity, id: number): Promise<CampaignRow> {
    const row = await selectCampaign(db.pool, identity.accountId, id);
    if (row === undefined) throw notFound('campaign');
    return row;
  }

  app.post(
    '/api/campaigns/price',
    {
      config: { scope: 'read' },
      validatorCompiler: documentedOnly,
      schema: {
        operationId: 'campaign_price',
        tags,
        summary: 'What a campaign would cost',
        body: PriceRequest,
        response: { 200: Price, ...refusals(400, 401, 413, 422) },
      },
    },
    async (request) => {
      const priced = hasGroups(request.body) ? priceToGroups : priceCampaign;
      const { price, currency, unpriced } = await priced(db, identityOf(request), request.body);
      return { price: price === null ? null : jsonAmount(price), currency, unpriced };
    },
  );

  app.post(
    '/api/campaigns/sms/send',
    {
      config: { keepsBody: true },
      validatorCompiler: documentedOnly,
      schema: {
        operationId: 'sms_send',
        tags,
        summary: 'Send one text to up to 10,000 numbers',
        body: SmsSend,
        headers: OnceHeaders,
        response: { 200: CampaignAnswer, ...refusals(400, 401, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      return answerOnce(db, request, reply, {
        perform: (transact) => createCampaign(db, identity, request.body, new Date(), transact),
        answer: async (sql, id) => ({
          data: campaignResource((await selectCampaign(sql, identity.accountId, id))!),
        }),
      });
    },
  );

  app.get(
    '/api/campaigns',
    {
      schema: {
        operationId: 'campaigns',
        tags,
        summary: 'List campaigns',
        querystring: CampaignQuery,
        response: { 200: CampaignList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const errors: FieldErrors = {};
      const from = momentField(query['filter[from]'], 'filter[from]', errors);
      const to = momentField(query['filter[to]'], 'filter[to]', errors);
      const { 'search[field]': field, 'search[value]': value } = query;
      if ((field === undefined) !== (value === undefined)) {
        errors[field === undefined ? 'search[field]' : 'search[value]'] = [
          'search[field] and search[value] go together.',
        ];
      }
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const search = field !== undefined && value !== undefined ? { field, value } : undefined;
      const page = pageOf(query);
      const { rows, total } = await selectCampaigns(
        db,
        identityOf(request).accountId,
        { from, to, type: query['filter[type]'], search },
        { by: query.sort, way: query.way },
        page,
      );
      return { data: rows.map(campaignResource), meta: metaOf(page, total) };
    },
  );

  app.get(
    '/api/campaigns/:id',
    {
      schema: {
        operationId: 'campaign',
        tags,
        summary: 'Show a campaign',
        params: CampaignPath,
        response: { 200: CampaignAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({ data: campaignResource(await find(identityOf(request), request.params.id)) }),
  );

  app.get(
    '/api/campaigns/:id/detail',
    {
      schema: {
        operationId: 'campaign_details',
        tags,
        summary: 'The exact report of a campaign',
        params: CampaignPath,
        response: { 200: ReportAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => ({ data: campaignReport(await find(identityOf(request), request.params.id)) }),
  );

  for (const { action, operationId, summary } of authorActions) {
    app.patch(
      `/api/campaigns/:id/${action}`,
      {
        schema: {
          operationId,
          tags,
          summary,
          params: CampaignPath,
          response: { 200: CampaignAnswer, ...refusals(401, 404, 422) },
        },
      },
      async (request) => {
        const identity = identityOf(request);
        const { id } = request.params;
        const done = await actOn(db.pool, action, { id, accountId: identity.accountId });
        const row = await find(identity, id);
        if (!done) throw refused.action(action, row.status);
        return { data: campaignResource(row) };
      },
    );
  }
}
