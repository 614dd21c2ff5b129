// `carillon key …`: API keys, straight in the database. A key is shown once, when it is made.
import { Command } from 'commander';
import { createKey, type KeyKind, listKeys, revokeKey } from '../accounts/index.ts';
import { findAccount } from './account.ts';
import { type Env, withDatabase } from './environment.ts';
import { choice, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

/** The command with its subcommands. */
export function keyCommand(env: Env): Command {
  const command = new Command('key').description('API keys');

  command
    .command('create')
    .description('make a key; it is shown now and never again')
    .argument('<account>', "the account's name or id")
    .option(
      '--kind <kind>',
      'live, or test: reaches the simulator only and costs nothing',
      choice('live', 'test'),
      'live',
    )
    .option('--name <name>', 'what it is for')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  carillon key create acme --kind test --name "web shop, staging"')
    .action(async (account: string, options: { kind: KeyKind; name?: string; json?: boolean }) => {
      await withDatabase(env, async (db) => {
        const { id } = await findAccount(db, account);
        const key = await createKey(db, id, options.kind, options.name);
        if (options.json) return sayJson({ ...key, kind: options.kind, account: id });
        say(key.key);
      });
    });

  command
    .command('list')
    .description('keys by their first characters; the keys themselves are not stored')
    .argument('[account]', "only this account's: its name or id")
    .option('--json', 'print JSON')
    .action(async (account: string | undefined, options: { json?: boolean }) => {
      const keys = await withDatabase(env, async (db) =>
        listKeys(db, account === undefined ? undefined : (await findAccount(db, account)).id),
      );
      const rows = keys.map(({ id, accountId, kind, hint, name, createdAt, lastUsedAt, revokedAt }) => ({
        ...{ id, account: accountId, kind, key: `${hint}…`, name },
        ...{ created: createdAt, lastUsed: lastUsedAt, revoked: revokedAt },
      }));
      if (options.json) return sayJson(rows);
      sayTable(rows, 'no key yet: carillon key create ACCOUNT');
    });

  command
    .command('revoke')
    .description('end a key and its tokens, within a second')
    .argument('<id>', 'its id, as in carillon key list', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--json', 'print JSON')
    .action(async (id: number, options: { json?: boolean }) => {
      const revoked = await withDatabase(env, (db) => revokeKey(db, id));
      if (!revoked) throw new Error(`there is no valid key ${id}: see carillon key list`);
      if (options.json) return sayJson({ id, revoked });
      say(`key ${id} is revoked`);
    });

  return command;
}
