// The door of accounts: who uses the platform, their keys and their money.
export {
  type Actor,
  accountById,
  accountByName,
  adjust,
  balanceOf,
  changeAccount,
  createAccount,
  listAccounts,
  type NewAccount,
  topUp,
} from './accounts.ts';
export { accountAdminRoutes } from './adminRoutes.ts';
export type { KeyKind } from './api-key.ts';
export { accountConsoleRoutes } from './consoleRoutes.ts';
export { ensureAdmin, type FirstAdmin, sharedSecret } from './first-start.ts';
export { keySource } from './key-source.ts';
export type { KeyInfo } from './key-store.ts';
export { createKey, type KeyOptions, listKeys, type NewKey, revokeKey } from './keys.ts';
export { type LedgerEntry, type Period, type Statement, statementOf } from './ledger.ts';
export { accountRoutes } from './routes.ts';
export { spendingRoutes } from './spendingRoutes.ts';
export { statementRoutes } from './statementRoutes.ts';
export type { Account, AccountChange, AccountSettings, Role } from './store.ts';
