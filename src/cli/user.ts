// `carillon user …`: who signs in to the console, straight in the database. A generated password is shown once.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import {
  changeUser,
  createUser,
  findUser,
  listUsers,
  resetPassword,
  type User,
  type UserRole,
  userRoles,
} from '../users/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { choice } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type AddOptions = { account: string; role: UserRole; name?: string; passwordFile?: string; json?: boolean };

const standardInput = 0;

/** The whole list: installations have few users, and a list that ends is no list. */
const all = { offset: 0, limit: 100_000 };

/** The command with its subcommands. */
export function userCommand(env: Env): Command {
  const command = new Command('user').description('who signs in to the console');

  command
    .command('add')
    .description('add a user; a generated password is shown now and never again')
    .argument('<email>', 'the e-mail address to sign in with')
    .requiredOption('--account <account>', "the account's name or id")
    .option('--role <role>', userRoles.join(', '), choice(...userRoles), 'customer')
    .option('--name <name>', 'the name (default: the e-mail address)')
    .option('--password-file <path>', 'a file that holds the password; - reads standard input')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  carillon user add ann@acme.example --account acme --name "Ann Lee"
  carillon user add bob@example.org --account admin --role moderator`,
    )
    .action(async (email: string, options: AddOptions) => {
      const { account, role, name = email, passwordFile } = options;
      const password = readPassword(passwordFile);
      const made = await withDatabase(env, async (db) => {
        const { id: accountId } = await findAccount(db, account);
        return createUser(db, { email, name, role, accountId, ...password }, null);
      });
      sayUser(made.user, passwordFile === undefined ? made.password : undefined, options.json);
    });

  command
    .command('list')
    .description('every user')
    .argument('[account]', "only this account's: its name or id")
    .option('--json', 'print JSON')
    .action(async (account: string | undefined, options: { json?: boolean }) => {
      const { users } = await withDatabase(env, async (db) => {
        const accountId = account === undefined ? undefined : (await findAccount(db, account)).id;
        return listUsers(db, { accountId }, all);
      });
      const rows = users.map((user) => ({
        ...{ id: user.id, email: user.email, name: user.name, account: user.accountName, role: user.role },
        ...{ totp: user.totpEnabled, lastLogin: user.lastLoginAt, disabled: user.disabledAt },
      }));
      if (options.json) return sayJson(rows);
      sayTable(rows, 'no user yet: carillon user add EMAIL --account ACCOUNT');
    });

  command
    .command('password')
    .description('give a user a new password and end all sessions')
    .argument('<email>', 'the e-mail address')
    .option(
      '--password-file <path>',
      'a file that holds it; - reads standard input (default: a generated one)',
    )
    .option('--json', 'print JSON')
    .action(async (email: string, options: { passwordFile?: string; json?: boolean }) => {
      const { passwordFile } = options;
      const given = readPassword(passwordFile);
      const made = await withDatabase(env, async (db) => {
        const { id } = await findUser(db, { email });
        return resetPassword(db, id, { ...given, mustChange: passwordFile === undefined }, null);
      });
      sayUser(made.user, passwordFile === undefined ? made.password : undefined, options.json);
    });

  for (const [name, disabled, description] of [
    ['disable', true, 'keep a user from signing in, and end all sessions'],
    ['enable', false, 'let a disabled user sign in again'],
  ] as const) {
    command
      .command(name)
      .description(description)
      .argument('<email>', 'the e-mail address')
      .option('--json', 'print JSON')
      .action(async (email: string, options: { json?: boolean }) => {
        await withDatabase(env, async (db) => {
          const { id } = await findUser(db, { email });
          await changeUser(db, id, { disabled }, null);
        });
        if (options.json) return sayJson({ email, disabled });
        say(`${email} is ${name}d`);
      });
  }
  return command;
}

function readPassword(path: string | undefined): { password?: string } {
  if (path === undefined) return {};
  return { password: readFileSync(path === '-' ? standardInput : path, 'utf8').replace(/\r?\n$/, '') };
}

function sayUser({ id, email, role }: User, password: string | undefined, json: boolean | undefined): void {
  if (json) sayJson({ id, email, role, ...(password === undefined ? {} : { password }) });
  else say(password ?? `the password of ${email} is set`);
}
