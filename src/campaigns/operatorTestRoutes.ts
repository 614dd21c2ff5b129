// HTTP of a test message to one operator, whatever the routes say, below /admin/api. Registered by src/features.ts.

import { Type } from 'typebox';
import { recordAudit } from '../audit/index.ts';
import { type Db, transaction } from '../db/index.ts';
import { type App, Data, Id, identityOf, Refusal, refusals } from '../http/index.ts';
import { operatorById } from '../operators/index.ts';
import { createCampaign } from './create.ts';

/** It is a trial: whoever looks at it does so now. */
const validityHours = 1;

const TestMessage = Type.Object(
  {
    phone: Type.Integer({ minimum: 1, maximum: 999_999_999_999_999 }),
    sender: Type.String({ minLength: 1, maxLength: 15 }),
    text: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  {
    additionalProperties: false,
    examples: [{ phone: 34600000100, sender: 'Carillon', text: 'A test' }],
  },
);

const Sent = Data(
  Type.Object({
    id: Type.Integer({ description: 'The message: see GET /api/messages' }),
    campaign_id: Type.Integer(),
    test: Type.Boolean({ description: 'It goes to a simulator and is free' }),
  }),
);

/** Adds the route to the server. */
export async function operatorTestRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.post(
    '/admin/api/operators/:id/test-message',
    {
      schema: {
        operationId: 'operator_test_message',
        tags: ['Admin: operators'],
        summary: 'Send one message by this operator, whatever the routes say',
        description:
          'For the own account, which is charged; to a simulator it is free. It waits while the operator is not connected, for an hour at most.',
        params: Type.Object({ id: Id }),
        body: TestMessage,
        response: { 200: Sent, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      const operator = await operatorById(db, request.params.id);
      if (!operator.enabled) {
        throw new Refusal(409, 'operator_disabled', `Operator ${operator.name} is off: turn it on first.`);
      }
      const { phone, sender, text } = request.body;
      const buyer = { ...identity, kind: operator.simulator ? ('test' as const) : identity.kind };
      const order = { phones: [{ number: phone }], sender, text, validity: validityHours };
      let messageId = 0;
      const campaignId = await createCampaign(
        db,
        { ...buyer, operatorId: operator.id },
        order,
        new Date(),
        (work) =>
          transaction(db, async (client) => {
            const id = await work(client);
            const { rows } = await client.query<{ first: number }>(
              'select first_message_id as first from campaign where id = $1',
              [id],
            );
            messageId = rows[0]!.first;
            await recordAudit(client, {
              identity,
              action: 'operator.test-message',
              subject: `operator/${operator.name}`,
              ownerId: null,
              details: { campaign: id },
            });
            return id;
          }),
      );
      return { data: { id: messageId, campaign_id: campaignId, test: buyer.kind === 'test' } };
    },
  );
}
