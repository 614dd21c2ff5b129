// HTTP of prices, below /api/internal: what the account's tariff says, in the words of the One-API. Registered by
// src/features.ts.

import type { Db } from '../db/index.ts';
import { type App, type Identity, identityOf, notFound, refusals } from '../http/index.ts';
import { jsonAmount } from '../money/index.ts';
import { mccOfCountry } from './mobile-countries.ts';
import { type PriceLine, priceList } from './price-list.ts';
import { listRates } from './rates.ts';
import * as schemas from './schemas.ts';

const tags = ['Prices'];

/** Far more rates than a tariff has: a list of prices is not divided into pages. */
const allRates = { offset: 0, limit: 1_000_000 };

/** Adds the routes to the server. */
export async function tariffRoutes(app: App, { db }: { db: Db }): Promise<void> {
  async function pricesFor({ tariffId }: Identity, country?: string): Promise<Map<string, PriceLine[]>> {
    const { rates } = await listRates(db, tariffId, { country }, allRates);
    return priceList(rates);
  }

  app.get(
    '/api/internal/core/prices',
    {
      schema: {
        operationId: 'get_internalCorePrices',
        tags,
        summary: "Prices of the account's tariff, by country",
        querystring: schemas.PriceQuery,
        response: { 200: schemas.CorePrices, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      if (request.query.product !== 'sms') return { data: [] };
      const prices = await pricesFor(identity);
      return { data: [...prices].map(([country, lines]) => corePrice(identity, country, lines)) };
    },
  );

  app.get(
    '/api/internal/core/prices/:countryCode',
    {
      schema: {
        operationId: 'get_internalCorePricesByCountryCode',
        tags,
        summary: 'Prices of one country',
        params: schemas.CountryPath,
        querystring: schemas.PriceQuery,
        response: { 200: schemas.CorePriceAnswer, ...refusals(401, 404, 422) },
      },
    },
    async (request) => {
      const identity = identityOf(request);
      const country = request.params.countryCode.toUpperCase();
      const lines = (await pricesFor(identity, country)).get(country);
      if (lines === undefined || request.query.product !== 'sms') throw notFound('price');
      return { data: corePrice(identity, country, lines) };
    },
  );

  app.get(
    '/api/internal/countries',
    {
      schema: {
        operationId: 'get_internalCountries',
        tags,
        summary: 'Countries that have a price',
        querystring: schemas.CountryQuery,
        response: { 200: schemas.Countries, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { service = 'sms' } = request.query;
      const prices =
        service === 'sms' ? await pricesFor(identityOf(request)) : new Map<string, PriceLine[]>();
      return { data: [...prices.keys()].map((id) => ({ id })) };
    },
  );

  app.get(
    '/api/internal/currencies',
    {
      schema: {
        operationId: 'get_internalCurrencies',
        tags,
        summary: "The account's currency: Carillon knows no exchange rates",
        querystring: schemas.CurrencyQuery,
        response: { 200: schemas.Currencies, ...refusals(401, 422) },
      },
    },
    async (request) => {
      const { currency } = identityOf(request);
      const wanted = request.query.currency_code?.toUpperCase() ?? currency;
      if (wanted !== currency) return { data: [] };
      const today = new Date().toISOString().slice(0, 10);
      return { data: [{ id: currency, ratio: 1, nominal: 1, date: today }] };
    },
  );
}

function corePrice({ tariffId, currency }: Identity, country: string, lines: readonly PriceLine[]) {
  return {
    tariff: tariffId,
    limitation_info: null,
    country_id: country,
    operators: lines.map(({ id, operator, mcc, mnc, price, billed }) => ({
      id,
      mcc: Number(mcc ?? mccOfCountry(country) ?? 0),
      mnc: Number(mnc ?? 0),
      brand: operator ?? country,
      name: operator ?? country,
      price: jsonAmount(price),
      currency,
      price_type: billed === 'delivered' ? ('Delivered' as const) : ('Sent' as const),
      sender_registration: false,
    })),
  };
}
