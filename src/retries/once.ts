// Requests that send messages are done once: a retry with the same Idempotency-Key gets the first answer again, and
// the same body without such a key is refused for some seconds. Called by the routes that create campaigns.

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import { Type } from 'typebox';
import { type Db, transaction } from '../db/index.ts';
import { identityOf } from '../http/index.ts';
import { refused } from './errors.ts';
import { type Claim, deleteBody, insertClaim, noteBody, selectAnswer, updateAnswer } from './store.ts';

/** The header in the documentation of these routes. */
export const OnceHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'A text of your own, up to 255 characters: a retry with the same gets the first answer again, for a day. An extension of Carillon.',
    }),
  ),
});

/** The One-API's own: the same body again within so many seconds is a mistake of the client. */
export const duplicateSeconds = 5;

/** Runs the one transaction of a request's work, which gives the id of what it made. */
export type Transact = (work: (client: pg.ClientBase) => Promise<number>) => Promise<number>;

/** What a route does for a request. */
export type Work<A> = {
  /** Does it all, in one transaction by `transact`; gives the id of what was made. */
  perform(transact: Transact): Promise<number>;
  /** The answer to it, read on this connection. */
  answer(sql: Pick<pg.ClientBase, 'query'>, id: number): Promise<A>;
};

/**
 * Answers a request that sends messages. With an Idempotency-Key, the key, the work and its answer are committed in
 * one transaction: a crash leaves all of it or nothing, and retries at the same time wait for the first. A refusal is
 * not kept: nothing was done, so a retry is tried anew. The answer may be the text of an earlier one, as it was sent.
 */
export async function answerOnce<A>(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  work: Work<A>,
): Promise<A> {
  const { accountId, kind } = identityOf(request);
  const key = keyOf(request);
  // A test_ key's requests send nothing: the same body with a live_ key is another request.
  const hash = createHash('sha256').update(`${kind} ${request.url}\n`).update(request.bodyText).digest();
  return key === undefined
    ? withoutKey(db, accountId, hash, work)
    : withKey(db, { accountId, key, hash }, reply, work);
}

/**
 * The same for an upload, which is read as it arrives. Without an Idempotency-Key nothing is compared; with one, the key
 * alone tells a retry, as the bytes are not known before the end: whatever comes later with it gets the first answer.
 */
export async function answerUploadOnce<A>(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  work: Work<A>,
): Promise<A> {
  const { accountId, kind } = identityOf(request);
  const key = keyOf(request);
  if (key === undefined) {
    return work.answer(db.pool, await work.perform((step) => transaction(db, step)));
  }
  const hash = createHash('sha256').update(`${kind} ${request.url}\n`).digest();
  try {
    return await withKey(db, { accountId, key, hash }, reply, work);
  } finally {
    // Of a retry that was answered before, the file is taken off the connection.
    request.raw.resume();
  }
}

function keyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x20-\x7e]{1,255}$/.test(header)) return header;
  throw refused.badKey();
}

async function withoutKey<A>(db: Db, accountId: number, hash: Buffer, work: Work<A>): Promise<A> {
  const wait = await noteBody(db.pool, accountId, hash, duplicateSeconds);
  if (wait > 0) throw refused.duplicate(wait);
  let id: number;
  try {
    id = await work.perform((step) => transaction(db, step));
  } catch (error) {
    // Nothing was done, so doing it when the reason is gone is no duplicate. Where this fails, seconds mend it.
    await deleteBody(db.pool, accountId, hash).catch(() => {});
    throw error;
  }
  return work.answer(db.pool, id);
}

/** Another transaction had the key, and has committed. */
const answered = Symbol('answered');

async function withKey<A>(db: Db, claim: Claim, reply: FastifyReply, work: Work<A>): Promise<A> {
  const before = await selectAnswer(db.pool, claim);
  if (before !== undefined) return again(before, reply);
  let answer: A | undefined;
  const transact: Transact = (step) =>
    transaction(db, async (client) => {
      if (!(await insertClaim(client, claim))) throw answered;
      const id = await step(client);
      answer = await work.answer(client, id);
      await updateAnswer(client, claim, JSON.stringify(answer));
      return id;
    });
  try {
    await work.perform(transact);
  } catch (error) {
    if (error !== answered) throw error;
    const first = await selectAnswer(db.pool, claim);
    if (first === undefined) throw refused.inWork();
    return again(first, reply);
  }
  return answer!;
}

/** The first answer, as it was sent: a text of JSON passes the serializer by. */
function again<A>(first: { same: boolean; answer: string }, reply: FastifyReply): A {
  if (!first.same) throw refused.otherBody();
  reply.header('idempotency-replayed', 'true').type('application/json; charset=utf-8');
  return first.answer as A;
}
