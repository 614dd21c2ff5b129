// Tariffs: what a message segment to a number costs.
export { ensureDefaultTariff } from './default-tariff.ts';
export { loadPriceTable, type PriceTable } from './price-table.ts';
export { type BillOn, listTariffs, type Tariff, tariffByCode, tariffById } from './store.ts';
