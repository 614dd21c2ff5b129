// HTTP of tariffs and rates, below /admin/api. Registered by src/features.ts.

import { Type } from 'typebox';
import type { Db } from '../db/index.ts';
import {
  type App,
  formatMaybe,
  formatMoment,
  identityOf,
  invalid,
  metaOf,
  momentForms,
  pageOf,
  parseMoment,
  refusals,
} from '../http/index.ts';
import { type AmountE7, jsonAmount, parseAmount } from '../money/index.ts';
import { type ImportReport, importRates, maxCardBytes } from './import.ts';
import type { TariffRate } from './rate-store.ts';
import { addRate, changeRate, listRates, removeRate } from './rates.ts';
import * as schemas from './schemas.ts';
import { listTariffs, type Tariff } from './store.ts';
import { changeTariff, createTariff, findTariff } from './tariffs.ts';

const tags = ['Admin: tariffs'];

/** Adds the routes to the server. */
export async function tariffAdminRoutes(app: App, { db }: { db: Db }): Promise<void> {
  addTariffs(app, db);
  addRates(app, db);
  addImport(app, db);
}

function addTariffs(app: App, db: Db): void {
  app.get(
    '/admin/api/tariffs',
    {
      schema: {
        operationId: 'tariff_list',
        tags,
        summary: 'Every tariff, by code',
        querystring: schemas.TariffQuery,
        response: { 200: schemas.TariffList, ...refusals(401, 422) },
      },
    },
    async ({ query }) => {
      const page = pageOf(query);
      const { tariffs, total } = await listTariffs(db, page);
      return { data: tariffs.map(tariffResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/tariffs',
    {
      schema: {
        operationId: 'tariff_create',
        tags,
        summary: 'Make a tariff, without rates at first',
        body: schemas.NewTariff,
        response: { 201: schemas.TariffAnswer, ...refusals(400, 401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { bill_on: billOn, is_default: isDefault, ...rest } = request.body;
      const tariff = await createTariff(
        db,
        {
          ...rest,
          ...(billOn === undefined ? {} : { billOn }),
          ...(isDefault === undefined ? {} : { isDefault }),
        },
        identityOf(request),
      );
      return reply.code(201).send({ data: tariffResource(tariff) });
    },
  );

  app.get(
    '/admin/api/tariffs/:code',
    {
      schema: {
        operationId: 'tariff_show',
        tags,
        summary: 'Show a tariff',
        params: schemas.TariffPath,
        response: { 200: schemas.TariffAnswer, ...refusals(401, 404) },
      },
    },
    async ({ params }) => ({ data: tariffResource(await findTariff(db, params.code)) }),
  );

  app.patch(
    '/admin/api/tariffs/:code',
    {
      schema: {
        operationId: 'tariff_change',
        tags,
        summary: 'Rename a tariff, let campaigns name it or not, make it the default',
        params: schemas.TariffPath,
        body: schemas.TariffChange,
        response: { 200: schemas.TariffAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { name, bill_on: billOn, is_active: isActive, is_default: isDefault } = request.body;
      const changes = {
        ...(name === undefined ? {} : { name }),
        ...(billOn === undefined ? {} : { billOn }),
        ...(isActive === undefined ? {} : { isActive }),
        ...(isDefault === undefined ? {} : { isDefault }),
      };
      const tariff = await changeTariff(db, request.params.code, changes, identityOf(request));
      return { data: tariffResource(tariff) };
    },
  );
}

function addRates(app: App, db: Db): void {
  app.get(
    '/admin/api/tariffs/:code/rates',
    {
      schema: {
        operationId: 'rate_list',
        tags,
        summary: 'The rates of a tariff, by prefix and time',
        params: schemas.TariffPath,
        querystring: schemas.RateQuery,
        response: { 200: schemas.RateList, ...refusals(401, 404, 422) },
      },
    },
    async ({ params, query }) => {
      const page = pageOf(query);
      const filter = {
        prefix: query['filter[prefix]'],
        country: query['filter[country]'],
        number: query['filter[number]'],
        when: query['filter[when]'],
      };
      const { id } = await findTariff(db, params.code);
      const { rates, total } = await listRates(db, id, filter, page);
      return { data: rates.map(rateResource), meta: metaOf(page, total) };
    },
  );

  app.post(
    '/admin/api/tariffs/:code/rates',
    {
      schema: {
        operationId: 'rate_create',
        tags,
        summary: 'Add a rate; one that holds from later on changes nothing before',
        params: schemas.TariffPath,
        body: schemas.NewRate,
        response: { 201: schemas.RateAnswer, ...refusals(400, 401, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { price, valid_from: validFrom, ...fields } = request.body;
      const tariff = await findTariff(db, request.params.code);
      const rate = {
        ...fields,
        price: readPrice(price),
        ...(validFrom === undefined ? {} : { validFrom: readMoment(validFrom) }),
      };
      const added = await addRate(db, tariff, rate, identityOf(request));
      return reply.code(201).send({ data: rateResource(added) });
    },
  );

  app.patch(
    '/admin/api/tariffs/:code/rates/:id',
    {
      schema: {
        operationId: 'rate_change',
        tags,
        summary: 'Correct a rate; campaigns that were accepted keep their price',
        params: schemas.RatePath,
        body: schemas.RateChange,
        response: { 200: schemas.RateAnswer, ...refusals(400, 401, 404, 422) },
      },
    },
    async (request) => {
      const { price, ...fields } = request.body;
      const tariff = await findTariff(db, request.params.code);
      const changes = { ...fields, ...(price === undefined ? {} : { price: readPrice(price) }) };
      const rate = await changeRate(db, tariff, request.params.id, changes, identityOf(request));
      return { data: rateResource(rate) };
    },
  );

  app.delete(
    '/admin/api/tariffs/:code/rates/:id',
    {
      schema: {
        operationId: 'rate_remove',
        tags,
        summary: 'Remove a rate: an earlier one or a shorter prefix prices its numbers, or nothing does',
        params: schemas.RatePath,
        response: { 204: Type.Null(), ...refusals(401, 404) },
      },
    },
    async (request, reply) => {
      const tariff = await findTariff(db, request.params.code);
      await removeRate(db, tariff, request.params.id, identityOf(request));
      return reply.code(204).send(null);
    },
  );
}

function addImport(app: App, db: Db): void {
  // Only the routes of this plugin take CSV.
  app.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit: maxCardBytes }, (_, body, done) =>
    done(null, body),
  );

  app.post(
    '/admin/api/tariffs/:code/rates/import',
    {
      bodyLimit: maxCardBytes,
      schema: {
        operationId: 'rate_import',
        tags,
        summary: 'Import a rate card in CSV: all of it or nothing',
        description:
          'Columns, in any order: prefix or mcc, mnc, country, operator, price, billed (sent or delivered), ' +
          'valid_from. Separated by commas or semicolons. docs/operations.md has the details.',
        params: schemas.TariffPath,
        querystring: schemas.ImportQuery,
        consumes: ['text/csv'],
        body: Type.String({ minLength: 1, description: 'The rate card, with Content-Type: text/csv' }),
        response: { 200: schemas.ImportAnswer, ...refusals(400, 401, 404, 413, 422) },
      },
    },
    async (request) => {
      const { dry_run: dryRun, skip_bad: skipBad } = request.query;
      const tariff = await findTariff(db, request.params.code);
      const options = { dryRun: dryRun === 'true', skipBad: skipBad === 'true' };
      const report = await importRates(db, tariff, request.body, options, identityOf(request));
      return { data: reportResource(report) };
    },
  );
}

function readPrice(given: string | number): AmountE7 {
  try {
    return parseAmount(String(given));
  } catch (error) {
    if (error instanceof RangeError) throw invalid({ price: [`${error.message}.`] });
    throw error;
  }
}

function readMoment(text: string): Date {
  const moment = parseMoment(text);
  if (moment === undefined) throw invalid({ valid_from: [`This must be ${momentForms}.`] });
  return moment;
}

function tariffResource({ id, code, name, currency, billOn, isActive, isDefault }: Tariff) {
  return { id, code, name, currency, bill_on: billOn, is_active: isActive, is_default: isDefault };
}

function rateResource({ price, validFrom, ...rate }: TariffRate) {
  return { ...rate, price: jsonAmount(price), valid_from: formatMaybe(validFrom) };
}

function reportResource({ changes, badLines, ...counts }: ImportReport) {
  const terms = ({ price, billed }: ImportReport['changes'][number]['new']) => ({
    price: jsonAmount(price),
    billed,
  });
  return {
    ...counts,
    changes: changes.map(({ validFrom, old, new: now, ...rate }) => ({
      ...rate,
      valid_from: formatMoment(validFrom),
      old: old === null ? null : terms(old),
      new: terms(now),
    })),
    bad_lines: badLines,
  };
}
