// HTTP of the sends whose messages differ. Registered by features.ts.

import type { Db } from '../db/index.ts';
import { type App, documentedOnly, identityOf, refusals } from '../http/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import type { Reach } from './group-order.ts';
import { createToGroups } from './groups.ts';
import { createIndividual } from './individual.ts';
import { GroupsAnswer, SmsSendGroups, SmsSendIndividual } from './personal-schemas.ts';
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

  app.post(
    '/api/campaigns/sms/send-groups',
    {
      config: { keepsBody: true },
      validatorCompiler: documentedOnly,
      schema: {
        operationId: 'sms_send_groups',
        tags: ['Campaigns'],
        summary: 'Send to the contacts of groups, with placeholders in the text',
        body: SmsSendGroups,
        headers: OnceHeaders,
        response: { 200: GroupsAnswer, ...refusals(400, 401, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      let reach: Reach | undefined;
      return answerOnce(db, request, reply, {
        perform: async (transact) => {
          const { id } = await createToGroups(db, identity, request.body, {
            checkStopList: true,
            transact,
            onReach(counted) {
              reach = counted;
            },
          });
          return id;
        },
        answer: async (sql, id) => ({
          data: campaignResource((await selectCampaign(sql, identity.accountId, id))!),
          meta: reach!,
        }),
      });
    },
  );
}
