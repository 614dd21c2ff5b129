// Tariffs: what a message segment to a number costs.
export { tariffAdminRoutes } from './adminRoutes.ts';
export { ensureDefaultTariff } from './default-tariff.ts';
export { type ImportReport, importRates, maxCardBytes, type RateChange } from './import.ts';
export { loadPriceTable, type PriceTable } from './price-table.ts';
export type { TariffRate } from './rate-store.ts';
export { listRates } from './rates.ts';
export { tariffRoutes } from './routes.ts';
export {
  type BillOn,
  listTariffs,
  nameableTariffs,
  type Price,
  type Tariff,
  tariffByCode,
  tariffById,
} from './store.ts';
export { changeTariff, createTariff, findTariff, type NewTariff, type TariffChanges } from './tariffs.ts';
