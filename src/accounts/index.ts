// The door of accounts: who uses the platform, their keys and their money.
export {
  accountById,
  accountByName,
  balanceOf,
  createAccount,
  listAccounts,
  type NewAccount,
  topUp,
} from './accounts.ts';
export type { KeyKind } from './api-key.ts';
export { ensureAdmin, type FirstAdmin, sharedSecret } from './first-start.ts';
export { keySource } from './key-source.ts';
export type { KeyInfo } from './key-store.ts';
export { createKey, listKeys, type NewKey, revokeKey } from './keys.ts';
export { accountRoutes } from './routes.ts';
export type { Account, Role } from './store.ts';
