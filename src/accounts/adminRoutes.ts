// HTTP of accounts, their money and their keys, below /admin/api. Registered by src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, formatMoment, identityOf, invalid, metaOf, pageOf, refusals } from '../http/index.ts';
import { type AmountE7, jsonAmount, parseAmount } from '../money/index.ts';
import { answerOnce, OnceHeaders } from '../retries/index.ts';
import { tariffByCode } from '../tariffs/index.ts';
import { accountById, accountPage, type Booking, book, changeAccount, createAccount } from './accounts.ts';
import * as schemas from './admin-schemas.ts';
import { refused } from './errors.ts';
import { keyOptions, keyResource } from './key-resource.ts';
import type { KeyInfo } from './key-store.ts';
import { createKey, keyById, keyPage, revokeKey } from './keys.ts';
import { type Account, selectAccount } from './store.ts';

/** Adds the routes to the server. */
export async function accountAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  addAccounts(app, db);
  addMoney(app, db);
  addKeys(app, db);
}

const accountTags = ['Admin: accounts'];
const keyTags = ['Admin: keys'];

function addAccounts(app: App, db: Db): void {
  app.get(
    '/admin/api/accounts',
    {
      schema: {
        operationId: 'account_list',
        tags: accountTags,
        summary: 'Every account, the oldest first',
        querystring: schemas.AccountQuery,
        response: { 200: schemas.AccountList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const { accounts, total } = await accountPage(db, query['search[name]'], page);
      return { data: accounts.map(accountResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/accounts',
    {
      schema: {
        operationId: 'account_create',
        tags: accountTags,
        summary: 'Make an account, on the default tariff or on one of its currency',
        body: schemas.NewAccount,
        response: { 201: schemas.AccountAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { name, role, currency, credit } = request.body;
      const account = await createAccount(
        db,
        {
          name,
          ...(role === undefined ? {} : { role }),
          ...(currency === undefined ? {} : { currency }),
          ...(credit === undefined ? {} : { credit: readCredit(credit) }),
        },
        identityOf(request),
      );
      return reply.code(201).send({ data: accountResource(account) });
    },
  );

  app.get(
    '/admin/api/accounts/:id',
    {
      schema: {
        operationId: 'account_show',
        tags: accountTags,
        summary: 'Show an account',
        params: schemas.IdPath,
        response: { 200: schemas.AccountAnswer, ...refusals(401, 404) },
      },
    },
    async ({ params }) => {
      const account = await accountById(db, params.id);
      if (account === undefined) throw refused.noAccount(params.id);
      return { data: accountResource(account) };
    },
  );

  app.patch(
    '/admin/api/accounts/:id',
    {
      schema: {
        operationId: 'account_change',
        tags: accountTags,
        summary: 'Change what is named; for campaigns that are created from now on',
        params: schemas.IdPath,
        body: schemas.AccountChange,
        response: { 200: schemas.AccountAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request) => {
      const { name, tariff_code: code, credit, ...rest } = request.body;
      const account = await accountById(db, request.params.id);
      if (account === undefined) throw refused.noAccount(request.params.id);
      const tariff = code === undefined ? undefined : await tariffByCode(db, code);
      if (code !== undefined && tariff === undefined) throw refused.wrongTariff(account.currency);
      const change = {
        name,
        tariffId: tariff?.id,
        credit: credit === undefined ? undefined : readCredit(credit),
        moderation: rest.moderation,
        senderPolicy: rest.sender_policy,
        messagesPerSecond: rest.messages_per_second,
        messagesPerDay: rest.messages_per_day,
        retentionDays: rest.retention_days,
        defaultSender: rest.default_sender,
      };
      return { data: accountResource(await changeAccount(db, account.id, change, identityOf(request))) };
    },
  );
}

function addMoney(app: App, db: Db): void {
  const bookings = [
    {
      path: 'top-up',
      operationId: 'account_top_up',
      summary: 'Add money to an account',
      body: schemas.TopUp,
      read: ({ amount, note }: { amount: string | number; note?: string }): Booking => {
        const sum = readAmount(amount, 'amount');
        if (sum <= 0n) throw refused.badAmount('A top-up is more than zero: an adjustment takes money back.');
        return { sum, kind: 'top_up', note };
      },
    },
    {
      path: 'adjustment',
      operationId: 'account_adjust',
      summary: 'Correct the balance of an account, up or down',
      body: schemas.Adjustment,
      read: ({ amount, note }: { amount: string | number; note?: string }): Booking => {
        const sum = readAmount(amount, 'amount');
        if (sum === 0n) throw refused.badAmount('An adjustment is more or less than zero.');
        return { sum, kind: 'adjustment', note };
      },
    },
  ];
  for (const { path, operationId, summary, body, read } of bookings) {
    app.post(
      `/admin/api/accounts/:id/${path}`,
      {
        config: { keepsBody: true },
        schema: {
          operationId,
          tags: accountTags,
          summary,
          headers: OnceHeaders,
          params: schemas.IdPath,
          body,
          response: { 200: schemas.AccountAnswer, ...refusals(400, 401, 404, 409, 422) },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const booking = read(request.body);
        return answerOnce(db, request, reply, {
          perform: (transact) =>
            transact(async (client) => (await book(client, id, booking, identityOf(request))).id),
          answer: async (sql) => ({ data: accountResource((await selectAccount(sql, { id }))!) }),
        });
      },
    );
  }
}

function addKeys(app: App, db: Db): void {
  async function find(id: number): Promise<KeyInfo> {
    const key = await keyById(db, id);
    if (key === undefined) throw refused.noKey(id);
    return key;
  }

  app.get(
    '/admin/api/keys',
    {
      schema: {
        operationId: 'key_list',
        tags: keyTags,
        summary: 'Keys by their first characters, revoked ones too; the keys themselves are not stored',
        querystring: schemas.KeyQuery,
        response: { 200: schemas.KeyList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const { keys, total } = await keyPage(db, query['filter[account_id]'], page);
      return { data: keys.map(keyResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/keys',
    {
      schema: {
        operationId: 'key_create',
        tags: keyTags,
        summary: 'Make a key; it is shown in this answer and never again',
        body: schemas.NewKey,
        response: { 201: schemas.NewKeyAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request, reply) => {
      const { account_id: accountId, kind = 'live', ...rest } = request.body;
      const { id, key } = await createKey(db, accountId, kind, keyOptions(rest), identityOf(request));
      return reply.code(201).send({ data: { ...keyResource(await find(id)), key } });
    },
  );

  app.delete(
    '/admin/api/keys/:id',
    {
      schema: {
        operationId: 'key_revoke',
        tags: keyTags,
        summary: 'Revoke a key: it and its tokens stop working within a second',
        params: schemas.IdPath,
        response: { 200: schemas.KeyAnswer, ...refusals(401, 404) },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (!(await revokeKey(db, id, identityOf(request)))) await find(id);
      return { data: keyResource(await find(id)) };
    },
  );
}

function readAmount(given: string | number, field: string): AmountE7 {
  try {
    return parseAmount(String(given));
  } catch (error) {
    if (error instanceof RangeError) throw invalid({ [field]: [`${error.message}.`] });
    throw error;
  }
}

function readCredit(given: string | number): AmountE7 {
  const credit = readAmount(given, 'credit');
  if (credit < 0n) throw invalid({ credit: ['The credit is zero or more.'] });
  return credit;
}

function accountResource(account: Account) {
  return {
    id: account.id,
    name: account.name,
    role: account.role,
    currency: account.currency,
    tariff_id: account.tariffId,
    balance: jsonAmount(account.balance),
    credit: jsonAmount(account.credit),
    moderation: account.moderation,
    sender_policy: account.senderPolicy,
    messages_per_second: account.messagesPerSecond,
    messages_per_day: account.messagesPerDay,
    retention_days: account.retentionDays,
    default_sender: account.defaultSender,
    created_at: formatMoment(account.createdAt),
  };
}
