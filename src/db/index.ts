// The door of the database folder.
export { advisoryLocks, jobLock } from './advisory-locks.ts';
export { type Conditions, conditions } from './conditions.ts';
export { type Db, newClient, openDatabase, openPool, withoutPassword } from './connection.ts';
export { copyIn } from './copy.ts';
export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts';
export { DatabaseFailure, type FailureCode } from './failure.ts';
export { type Installation, openInstallation } from './installation.ts';
export { type Migration, migrate, readMigrations, schemaState } from './migrate.ts';
export { transaction } from './transaction.ts';
