// HTTP of inbound messages: an account's own, and its stop words. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, identityOf, metaOf, pageOf, refusals } from '../http/index.ts';
import { readFilter, readWords } from './read.ts';
import { inboundResource } from './resource.ts';
import * as schemas from './schemas.ts';
import { listInbound } from './store.ts';
import { defaultWords, setWords, wordsOf } from './words.ts';

const tags = ['Inbound'];

/** Adds the routes to the server. */
export async function inboundRoutes(app: App, { db }: { db: Db }): Promise<void> {
  app.get(
    '/api/inbound',
    {
      schema: {
        operationId: 'inbound',
        tags,
        summary: 'Messages from subscribers, the newest first',
        querystring: schemas.InboundQuery,
        response: { 200: schemas.InboundList, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const page = pageOf(query);
      const filter = { ...readFilter(query), accountId: identityOf(request).accountId };
      const { rows, total } = await listInbound(db, filter, page);
      return { data: rows.map(inboundResource), meta: metaOf(page, total) };
    },
  );

  const wordsAnswer = async (accountId: number) => {
    const { stop, start } = (await wordsOf(db.pool, [accountId])).get(accountId)!;
    return { data: { stop: [...stop], start: [...start], default: stop === defaultWords.stop } };
  };

  app.get(
    '/api/inbound/words',
    {
      schema: {
        operationId: 'inbound_words',
        tags,
        summary: 'The words that put a number on the stop list, and those that take it off',
        response: { 200: schemas.Words, ...refusals(401) },
      },
    },
    (request) => wordsAnswer(identityOf(request).accountId),
  );

  app.put(
    '/api/inbound/words',
    {
      schema: {
        operationId: 'inbound_words_set',
        tags,
        summary: 'Set the words; an empty list switches them off, none of both brings the defaults back',
        body: schemas.WordsChange,
        response: { 200: schemas.Words, ...refusals(400, 401, 422) },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      await setWords(db.pool, accountId, readWords(request.body));
      return wordsAnswer(accountId);
    },
  );
}
