// HTTP of quiet hours, below /admin/api: an account's hours, for each country and for all others. Registered by
// src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import { type App, Id, identityOf, notFound, refusals } from '../http/index.ts';
import { refused } from './errors.ts';
import { clearQuietHours, listQuietHours, setQuietHours } from './hours.ts';
import type { QuietSpan } from './quiet.ts';
import { formatTime, spanOf } from './span.ts';

const tags = ['Admin: accounts'];

const AccountPath = Type.Object({ id: Id });
const Time = (description: string) => Type.String({ pattern: '^\\d\\d:\\d\\d$', description });
const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2', examples: ['FR'] });

const Hours = Type.Object(
  {
    country: Type.Union([Country, Type.Null()], {
      description: 'Null: every country that has no hours of its own',
    }),
    from: Time('Local time of the destination; in a country of several time zones, of each of them'),
    to: Time('Before `from` where the hours pass midnight'),
  },
  { examples: [{ country: 'FR', from: '22:00', to: '08:00' }] },
);

const HoursList = Type.Object({ data: Type.Array(Hours) });

/** Adds the routes to the server. */
export async function quietAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  const hoursOf = async (accountId: number) => ({
    data: (await listQuietHours(db, accountId)).map(({ country, span }) => ({
      country,
      from: formatTime(span.from),
      to: formatTime(span.to),
    })),
  });

  app.get(
    '/admin/api/accounts/:id/quiet-hours',
    {
      schema: {
        operationId: 'account_quiet_hours',
        tags,
        summary: 'The hours in which messages of campaigns with respect_curfew wait',
        params: AccountPath,
        response: { 200: HoursList, ...refusals(401) },
      },
    },
    ({ params }) => hoursOf(params.id),
  );

  app.put(
    '/admin/api/accounts/:id/quiet-hours',
    {
      schema: {
        operationId: 'account_quiet_hours_set',
        tags,
        summary: 'Set the quiet hours of a country, or of all others; they count at once',
        params: AccountPath,
        body: Hours,
        response: { 200: HoursList, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { country, from, to } = request.body;
      await setQuietHours(db, request.params.id, country, readSpan(from, to), identityOf(request));
      return hoursOf(request.params.id);
    },
  );

  app.delete(
    '/admin/api/accounts/:id/quiet-hours',
    {
      schema: {
        operationId: 'account_quiet_hours_clear',
        tags,
        summary: 'Remove the quiet hours of a country, or without `country` those of all others',
        params: AccountPath,
        querystring: Type.Object({ country: Type.Optional(Country) }),
        response: { 200: HoursList, ...refusals(401, 404, 422) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const gone = await clearQuietHours(db, id, request.query.country ?? null, identityOf(request));
      if (!gone) throw notFound('quiet hours');
      return hoursOf(id);
    },
  );
}

function readSpan(from: string, to: string): QuietSpan {
  try {
    return spanOf(from, to);
  } catch (error) {
    throw refused.badSpan((error as Error).message);
  }
}
