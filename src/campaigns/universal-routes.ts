// HTTP of the universal sends: a campaign or a single message with its channels named. Both are SMS campaigns, made by
// createCampaign, or by createToGroups where there are groups. Registered by features.ts.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import { Type } from 'typebox';
import { type Db, transaction } from '../db/index.ts';
import { type App, Data, documentedOnly, identityOf, refusals } from '../http/index.ts';
import { campaignMessage, Message } from '../messages/index.ts';
import { answerOnce, OnceHeaders, type Transact } from '../retries/index.ts';
import { createCampaign } from './create.ts';
import { createToGroups } from './groups.ts';
import { campaignResource } from './report.ts';
import { Campaign } from './schemas.ts';
import { selectCampaign } from './store.ts';
import { readUniversalCampaign, readUniversalMessage, type Universal } from './universal.ts';
import { UniversalCampaign, UniversalMessage } from './universal-schemas.ts';

/** The answer to a dry run has no id: nothing was made. */
const CampaignAnswer = Data(Type.Object({ ...Campaign.properties, id: Type.Optional(Type.Integer()) }));
const MessageAnswer = Data(
  Type.Object({
    ...Message.properties,
    id: Type.Optional(Type.Integer()),
    campaign_id: Type.Optional(Type.Integer()),
  }),
);

type Sql = Pick<pg.ClientBase, 'query'>;

/** An answer that may lack the ids. */
type Without<A> = Omit<A, 'id' | 'campaign_id'> & { id?: number; campaign_id?: number };

/** Ends the transaction of a dry run. */
const enough = Symbol('enough');

/** Adds the routes to the server. */
export async function universalRoutes(app: App, deps: { db: Db }): Promise<void> {
  const { db } = deps;

  /** Sends, or does everything that sending does and takes it back, so that a dry run finds every error. */
  async function send<A extends { id: number; campaign_id?: number }>(
    request: FastifyRequest,
    reply: FastifyReply,
    universal: Universal,
    show: (sql: Sql, campaignId: number) => Promise<A>,
  ): Promise<{ data: Without<A> }> {
    const buyer = identityOf(request);
    const { body, checkStopList } = universal;
    const create = async (transact: Transact): Promise<number> =>
      universal.toGroups
        ? (await createToGroups(db, buyer, body, { checkStopList, transact })).id
        : createCampaign(db, buyer, body, new Date(), transact, checkStopList);
    try {
      if (!universal.dryRun) {
        return await answerOnce(db, request, reply, {
          perform: create,
          answer: async (sql, id): Promise<{ data: Without<A> }> => ({ data: await show(sql, id) }),
        });
      }
      let shown: A | undefined;
      const dry: Transact = (work) =>
        transaction(db, async (client) => {
          shown = await show(client, await work(client));
          throw enough;
        });
      await create(dry).catch((error) => {
        if (error !== enough) throw error;
      });
      const { id: _, campaign_id: __, ...data } = shown!;
      return { data };
    } catch (error) {
      throw universal.named(error);
    }
  }

  app.post(
    '/api/campaigns/send',
    {
      config: { keepsBody: true },
      validatorCompiler: documentedOnly,
      schema: {
        operationId: 'campaign_send',
        tags: ['Campaigns'],
        summary: 'Send by channels to up to 10,000 numbers, and to the contacts of groups',
        headers: OnceHeaders,
        body: UniversalCampaign,
        response: { 200: CampaignAnswer, ...refusals(400, 401, 409, 413, 422) },
      },
    },
    (request, reply) => {
      const { accountId } = identityOf(request);
      return send(request, reply, readUniversalCampaign(request.body, new Date()), async (sql, id) =>
        campaignResource((await selectCampaign(sql, accountId, id))!),
      );
    },
  );

  app.post(
    '/api/messages/send',
    {
      config: { keepsBody: true },
      validatorCompiler: documentedOnly,
      schema: {
        operationId: 'send_message',
        tags: ['Messages'],
        summary: 'Send one message by channels',
        headers: OnceHeaders,
        body: UniversalMessage,
        response: { 200: MessageAnswer, ...refusals(400, 401, 409, 413, 422) },
      },
    },
    (request, reply) => {
      const { accountId } = identityOf(request);
      return send(request, reply, readUniversalMessage(request.body, new Date()), (sql, id) =>
        campaignMessage(sql, accountId, id),
      );
    },
  );
}
