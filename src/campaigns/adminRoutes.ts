// HTTP of the campaigns of all accounts, below /admin/api: list, show, stop. Registered by src/features.ts.

import { Type } from 'typebox';
import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import {
  type App,
  Data,
  type FieldErrors,
  identityOf,
  invalid,
  Meta,
  metaOf,
  momentField,
  notFound,
  pageOf,
  refusals,
} from '../http/index.ts';
import { actOn } from './actions.ts';
import { MaybeAuthor, selectAuthors } from './author.ts';
import { refused } from './errors.ts';
import { campaignStatuses } from './lifecycle.ts';
import { campaignReport, campaignResource } from './report.ts';
import { Campaign, CampaignPath, CampaignQuery, ReportAnswer } from './schemas.ts';
import { type CampaignRow, selectAccountNames, selectCampaign, selectCampaigns } from './store.ts';

const tags = ['Admin: campaigns'];

const Account = Type.Object({ id: Type.Integer(), name: Type.String() }, { description: 'Whose it is' });
const more = { account: Account, author: MaybeAuthor };
const AnyCampaign = Type.Object({ ...Campaign.properties, ...more });
const AnyReport = Data(Type.Object({ ...ReportAnswer.properties.data.properties, ...more }));

const AnyCampaignQuery = Type.Object({
  ...CampaignQuery.properties,
  'filter[account_id]': Type.Optional(Type.Integer({ minimum: 1 })),
  'filter[status]': Type.Optional(Type.Enum([...campaignStatuses])),
  'filter[test]': Type.Optional(
    Type.Enum(['true', 'false'], { description: 'Those of test_ keys, or the others' }),
  ),
});

/** What an administrator may do with any campaign: the words of the operations. */
const adminActions = [
  {
    action: 'stop',
    operationId: 'campaign_stop_any',
    summary: 'Stop any campaign: what has not been sent is cancelled and costs nothing',
  },
  {
    action: 'pause',
    operationId: 'campaign_pause_any',
    summary: 'Pause any campaign: nothing more is sent until it is resumed',
  },
  {
    action: 'resume',
    operationId: 'campaign_resume_any',
    summary: 'Resume any paused campaign where it was',
  },
] as const;

/** Adds the routes to the server. */
export async function campaignAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  async function find(id: number): Promise<CampaignRow> {
    const row = await selectCampaign(db.pool, 'every', id);
    if (row === undefined) throw notFound('campaign');
    return row;
  }

  /** Says of each whose it is, and who made it. */
  async function withOwners<R extends object>(rows: CampaignRow[], show: (row: CampaignRow) => R) {
    const [names, authors] = await Promise.all([
      selectAccountNames(db.pool, [...new Set(rows.map((row) => row.account_id))]),
      selectAuthors(
        db.pool,
        rows.map(({ id }) => id),
      ),
    ]);
    return rows.map((row) => ({
      ...show(row),
      account: { id: row.account_id, name: names.get(row.account_id) ?? '' },
      author: authors.get(row.id) ?? null,
    }));
  }

  app.get(
    '/admin/api/campaigns',
    {
      schema: {
        operationId: 'campaign_list',
        tags,
        summary: 'Campaigns of every account',
        querystring: AnyCampaignQuery,
        response: { 200: Type.Object({ data: Type.Array(AnyCampaign), meta: Meta }), ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const errors: FieldErrors = {};
      const from = momentField(query['filter[from]'], 'filter[from]', errors);
      const to = momentField(query['filter[to]'], 'filter[to]', errors);
      const { 'search[field]': field, 'search[value]': value } = query;
      if ((field === undefined) !== (value === undefined)) errors['search[field]'] = [togetherWords];
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const test = query['filter[test]'];
      const page = pageOf(query);
      const { rows, total } = await selectCampaigns(
        db,
        query['filter[account_id]'] ?? 'every',
        {
          from,
          to,
          type: query['filter[type]'],
          status: query['filter[status]'],
          test: test === undefined ? undefined : test === 'true',
          search: field !== undefined && value !== undefined ? { field, value } : undefined,
        },
        { by: query.sort, way: query.way },
        page,
      );
      return { data: await withOwners(rows, campaignResource), meta: metaOf(page, total) };
    },
  );

  app.get(
    '/admin/api/campaigns/:id',
    {
      schema: {
        operationId: 'campaign_show',
        tags,
        summary: 'The exact report of any campaign',
        params: CampaignPath,
        response: { 200: AnyReport, ...refusals(401, 404) },
      },
    },
    async ({ params }) => {
      const [data] = await withOwners([await find(params.id)], campaignReport);
      return { data: data! };
    },
  );

  for (const { action, operationId, summary } of adminActions) {
    app.patch(
      `/admin/api/campaigns/:id/${action}`,
      {
        schema: {
          operationId,
          tags,
          summary,
          params: CampaignPath,
          response: { 200: AnyReport, ...refusals(401, 404, 422) },
        },
      },
      async (request) => {
        const { id } = request.params;
        const before = await find(id);
        await transaction(db, async (client) => {
          if (!(await actOn(client, action, { id }))) throw refused.action(action, before.status);
          await recordAudit(client, {
            identity: identityOf(request),
            action: `campaign.${action}`,
            subject: `campaign/${id}`,
            ownerId: before.account_id,
            details: { status: before.status },
          });
        });
        const [data] = await withOwners([await find(id)], campaignReport);
        return { data: data! };
      },
    );
  }
}

const togetherWords = 'search[field] and search[value] go together.';
