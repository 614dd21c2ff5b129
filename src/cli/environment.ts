// What commands that work on the database have in common: the configuration, a log that says only what matters, and
// the database for as long as the command runs.
import { type Config, loadConfig } from '../config.ts';
import { type Db, openInstallation } from '../db/index.ts';
import { createLog } from '../log.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Runs `work` on the database of the installation and closes it after. */
export async function withDatabase<T>(env: Env, work: (db: Db, config: Config) => Promise<T>): Promise<T> {
  // A command's own output is what is wanted; a first start of the database is worth a line.
  const config = loadConfig(env, { LOG_LEVEL: env.LOG_LEVEL || 'warn' });
  const installation = await openInstallation(config, createLog(config.logLevel), 'command');
  try {
    return await work(installation.db, config);
  } finally {
    await installation.close();
  }
}
