// HTTP of the API keys of the own account, for users of the console. Registered by src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import {
  type App,
  type Identity,
  identityOf,
  metaOf,
  pageOf,
  pageParameters,
  refusals,
} from '../http/index.ts';
import * as schemas from './admin-schemas.ts';
import { refused } from './errors.ts';
import { keyOptions, keyResource } from './key-resource.ts';
import type { KeyInfo } from './key-store.ts';
import { createKey, keyById, keyPage, revokeKey } from './keys.ts';

const tags = ['Console'];
const { account_id: _, ...ownFields } = schemas.NewKey.properties;
const NewOwnKey = Type.Object(ownFields, { additionalProperties: false });

/** Adds the routes to the server. */
export async function accountConsoleRoutes(app: App, { db }: { db: Db }): Promise<void> {
  /** A key of the account; another's does not exist. */
  async function find(identity: Identity, id: number): Promise<KeyInfo> {
    const key = await keyById(db, id);
    if (key === undefined || key.accountId !== identity.accountId) throw refused.noKey(id);
    return key;
  }

  app.get(
    '/console/api/keys',
    {
      schema: {
        operationId: 'console_keys',
        tags,
        summary: 'Keys of the own account, revoked ones too',
        querystring: Type.Object(pageParameters(1)),
        response: { 200: schemas.KeyList, ...refusals(401, 403, 422) },
      },
    },
    async (request) => {
      const page = pageOf(request.query);
      const { keys, total } = await keyPage(db, identityOf(request).accountId, page);
      return { data: keys.map(keyResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/console/api/keys',
    {
      schema: {
        operationId: 'console_key_create',
        tags,
        summary: 'Make a key; it is shown in this answer and never again',
        body: NewOwnKey,
        response: { 201: schemas.NewKeyAnswer, ...refusals(400, 401, 403, 422) },
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      const { kind = 'live', ...rest } = request.body;
      // Nobody makes a key that may do more than themselves.
      if (rest.scopes?.some((scope) => !identity.scopes.includes(scope))) throw refused.beyondRights();
      const { id, key } = await createKey(db, identity.accountId, kind, keyOptions(rest), identity);
      return reply.code(201).send({ data: { ...keyResource(await find(identity, id)), key } });
    },
  );

  app.delete(
    '/console/api/keys/:id',
    {
      schema: {
        operationId: 'console_key_revoke',
        tags,
        summary: 'Revoke a key: it and its tokens stop working within a second',
        params: schemas.IdPath,
        response: { 200: schemas.KeyAnswer, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      const { id } = await find(identity, request.params.id);
      await revokeKey(db, id, identity);
      return { data: keyResource(await find(identity, id)) };
    },
  );
}
