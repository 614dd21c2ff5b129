// HTTP of what the console watches: server-sent events, the operators and the system. Registered by src/features.ts.

import type { OutgoingHttpHeaders } from 'node:http';
import type { Static } from 'typebox';
import { selectCampaign } from '../campaigns/index.ts';
import type { Db } from '../db/index.ts';
import {
  type App,
  type Identity,
  identityOf,
  invalid,
  notFound,
  Refusal,
  refusals,
  tooMany,
} from '../http/index.ts';
import { liveSessions } from '../users/index.ts';
import { startDoctor } from './doctor.ts';
import { Hub } from './hub.ts';
import { operatorsLive } from './operators.ts';
import { Doctor, EventQuery, OperatorsAnswer, SystemAnswer } from './schemas.ts';
import { systemState } from './system.ts';
import { maxTopics, readTopics, type Topic } from './topics.ts';

const tags = ['Console'];
const config = { scope: 'admin' } as const;

/** Browsers open several pages; each has one stream. */
const maxStreams = 10;
const busySeconds = 5;

/** Adds the routes to the server. */
export async function liveRoutes(app: App, { db }: { db: Db }): Promise<void> {
  addEvents(app, db);

  app.get(
    '/console/api/operators/live',
    {
      config,
      schema: {
        operationId: 'console_operators_live',
        tags,
        summary: 'Operators at this moment, over all dispatchers',
        response: { 200: OperatorsAnswer, ...refusals(401, 403) },
      },
    },
    async () => ({ data: await operatorsLive(db) }),
  );

  app.get(
    '/console/api/system',
    {
      config,
      schema: {
        operationId: 'console_system',
        tags,
        summary: 'The installation at this moment',
        response: { 200: SystemAnswer, ...refusals(401, 403) },
      },
    },
    async () => ({ data: await systemState(db) }),
  );

  app.post(
    '/console/api/system/doctor',
    {
      config,
      schema: {
        operationId: 'console_doctor',
        tags,
        summary:
          'Check every invariant of the database; the runs of GET /console/api/system say what was found',
        response: { 202: Doctor, ...refusals(401, 403, 409) },
      },
    },
    async (request, reply) => {
      const started = startDoctor(db, (error) => request.log.error({ err: error }, 'the doctor failed'));
      if (!started)
        throw new Refusal(409, 'doctor_running', 'A run goes on already: wait for what it finds.');
      return reply.code(202).send({ data: { running: true as const } });
    },
  );
}

function addEvents(app: App, db: Db): void {
  const hub = new Hub({
    db,
    liveSessions: (ids) => liveSessions(db, ids),
    failed: (error) => app.log.warn({ err: error }, 'what is watched could not be read'),
  });
  app.addHook('preClose', async () => hub.close());

  app.get(
    '/console/api/events',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'console_events',
        tags,
        summary: 'Server-sent events of what is watched',
        querystring: EventQuery,
        response: refusals(401, 403, 404, 422, 429),
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      const topics = await allowed(db, identity, request.query);
      const { userId = 0, sessionId = 0, accountId } = identity;
      if (hub.streamsOf(userId) >= maxStreams) {
        throw tooMany(
          'too_many_streams',
          `There are ${maxStreams} pages open already: close one.`,
          busySeconds,
        );
      }
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      raw.write(': hello\n\n');
      const leave = hub.add({
        ...{ userId, sessionId, accountId, topics },
        write(text) {
          raw.write(text);
          return raw.writableLength;
        },
        end: () => void raw.end(),
      });
      raw.on('error', leave);
      raw.on('close', leave);
    },
  );
}

/** The topics of a query, where the user may watch them all. */
async function allowed(db: Db, identity: Identity, query: Static<typeof EventQuery>): Promise<Topic[]> {
  const topics = readTopics(query.topics);
  if (topics === undefined) {
    const right = `1 to ${maxTopics} of campaign:ID, campaigns, operators and system, with commas between.`;
    throw invalid({ topics: [`This must be ${right}`] });
  }
  const administrator = identity.scopes.includes('admin');
  for (const topic of topics) {
    if ((topic.name === 'operators' || topic.name === 'system') && !administrator) {
      throw new Refusal(403, 'missing_permission', `The topic ${topic.name} is for administrators.`);
    }
    if (topic.name !== 'campaign') continue;
    const owner = administrator ? 'every' : identity.accountId;
    if ((await selectCampaign(db.pool, owner, topic.id)) === undefined) throw notFound('campaign');
  }
  return topics;
}
