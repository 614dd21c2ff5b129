// Opens the database that the configuration names, ready for use. Called by app.ts and by every command that works
// on the database without a server.
import { type Db, openDatabase } from './connection.ts';
import { startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';

/** What is needed of the configuration. */
export type InstallationConfig = {
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  readonly embeddedSettings: Readonly<Record<string, string>>;
};

export type Installation = {
  db: Db;
  /** Where the database came from, for people. */
  from: 'DATABASE_URL' | 'embedded';
  /** Closes the pool, and stops the embedded server when nobody else uses it. */
  close(): Promise<void>;
};

/**
 * Opens DATABASE_URL, or else the embedded server of the data folder, and migrates it.
 * `as`: 'serve' is alone on an embedded server; 'command' may come and go beside it.
 */
export async function openInstallation(
  config: InstallationConfig,
  log: { info(message: string): void; warn(message: string): void },
  as: 'serve' | 'command',
): Promise<Installation> {
  const { databaseUrl, databasePoolSize: max } = config;
  const embedded =
    databaseUrl === undefined
      ? await startEmbedded({ dataDir: config.dataDir, settings: config.embeddedSettings, log, as })
      : undefined;
  try {
    const connectionString = embedded?.connectionString ?? databaseUrl!;
    const db = await openDatabase({ connectionString, max });
    try {
      for (const name of await migrate(db)) log.info(`database: migration ${name} applied`);
    } catch (error) {
      await db.close();
      throw error;
    }
    return {
      db,
      from: embedded ? 'embedded' : 'DATABASE_URL',
      async close() {
        await db.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
