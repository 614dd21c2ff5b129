// HTTP of the sends whose messages differ. Registered by features.ts.

import type { Db } from '../db/index.ts';
import { type App, documentedOnly, identityOf, refusals } from '../http/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import { createIndividual } from './individual.ts';
import { SmsSendIndividual } from './personal-schemas.ts';
import { campaignResource } from './report.ts';
import { CampaignAnswer } from './schemas.ts';
import { selectCampaign } from './store.ts';

/** Adds the routes to the server. */
export async function personalRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.post(
    '/api/campaigns/sms/send-individual',
    {
      config: { keepsBody: true },
      validatorCompiler: documentedOnly,
      schema: {
        operationId: 'sms_send_individual',
        tags: ['Campaigns'],
        summary: 'Send up to 10,000 messages, each with its own text and sender',
        body: SmsSendIndividual,
        headers: OnceHeaders,
        response: { 200: CampaignAnswer, ...refusals(400, 401, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      return answerOnce(db, request, reply, {
        perform: (transact) => createIndividual(db, identity, request.body, new Date(), transact),
        answer: async (sql, id) => ({
          data: campaignResource((await selectCampaign(sql, identity.accountId, id))!),
        }),
      });
    },
  );
}
