// HTTP of what the console alone shows of a campaign, below /console/api. Registered by src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import { type App, Data, identityOf, notFound, refusals } from '../http/index.ts';
import { MaybeAuthor, selectAuthors } from './author.ts';
import { CampaignPath } from './schemas.ts';
import { selectCampaign } from './store.ts';

/** Adds the routes to the server. */
export async function campaignConsoleRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/console/api/campaigns/:id/author',
    {
      schema: {
        operationId: 'console_campaign_author',
        tags: ['Console'],
        summary: 'Who made a campaign of the account',
        params: CampaignPath,
        response: { 200: Data(Type.Object({ author: MaybeAuthor })), ...refusals(401, 404) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { accountId } = identityOf(request);
      if ((await selectCampaign(db.pool, accountId, id)) === undefined) throw notFound('campaign');
      return { data: { author: (await selectAuthors(db.pool, [id])).get(id) ?? null } };
    },
  );
}
