// `carillon key …`: API keys, straight in the database. A key is shown once, when it is made.
import { Command } from 'commander';
import { createKey, type KeyKind, listKeys, revokeKey } from '../accounts/index.ts';
import { type Scope, scopes } from '../http/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { choice, list, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type CreateOptions = {
  kind: KeyKind;
  name?: string;
  scopes?: Scope[];
  allow?: string[];
  rate?: number;
  json?: boolean;
};

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
    .option(
      '--scopes <list>',
      `what it may do: ${scopes.join(', ')}, with commas between (default: send,read; admin accounts: all)`,
      list(choice(...scopes)),
    )
    .option(
      '--allow <list>',
      'addresses it may be used from, such as 203.0.113.7,10.0.0.0/8 (default: any)',
      list(String),
    )
    .option('--rate <n>', 'requests per minute (default: no limit)', whole(1, 1_000_000))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  carillon key create acme --kind test --name "web shop, staging"
  carillon key create acme --scopes read --allow 10.0.0.0/8 --rate 600`,
    )
    .action(async (account: string, options: CreateOptions) => {
      await withDatabase(env, async (db) => {
        const { id, role } = await findAccount(db, account);
        const { kind, name, allow, rate } = options;
        const allowed = options.scopes ?? (role === 'admin' ? scopes : undefined);
        const key = await createKey(
          db,
          id,
          kind,
          {
            ...(name === undefined ? {} : { name }),
            ...(allowed === undefined ? {} : { scopes: allowed }),
            ...(allow === undefined ? {} : { addresses: allow }),
            ...(rate === undefined ? {} : { requestsPerMinute: rate }),
          },
          null,
        );
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
      const rows = keys.map((key) => ({
        ...{ id: key.id, account: key.accountId, kind: key.kind, key: `${key.hint}…`, name: key.name },
        ...{
          scopes: key.scopes.join(','),
          allow: key.addresses.join(',') || null,
          rate: key.requestsPerMinute,
        },
        ...{ created: key.createdAt, lastUsed: key.lastUsedAt, revoked: key.revokedAt },
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
      const revoked = await withDatabase(env, (db) => revokeKey(db, id, null));
      if (!revoked) throw new Error(`there is no valid key ${id}: see carillon key list`);
      if (options.json) return sayJson({ id, revoked });
      say(`key ${id} is revoked`);
    });

  return command;
}
