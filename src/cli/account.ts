// `carillon account …`: customers and their money, straight in the database.
import { Command } from 'commander';
import { type Account, createAccount, listAccounts, type Role, topUp } from '../accounts/index.ts';
import { formatAmount, parseAmount } from '../money/index.ts';
import { accountMoneyCommands } from './account-money.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { choice } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type CreateOptions = { balance?: string; credit?: string; currency?: string; role: Role; json?: boolean };

/** The command with its subcommands. */
export function accountCommand(env: Env): Command {
  const command = new Command('account').description('customers and their money');

  command
    .command('create')
    .description('make an account, on the default tariff or on one of its currency')
    .argument('<name>', 'its name, of up to 100 characters')
    .option('--balance <amount>', 'money to begin with, such as 100 or 12.5')
    .option('--credit <amount>', 'how far the balance may fall below zero')
    .option('--currency <code>', 'the currency of its tariff (default: EUR)')
    .option('--role <role>', 'customer or admin', choice('customer', 'admin'), 'customer')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  carillon account create acme --balance 100 --credit 20')
    .action(async (name: string, options: CreateOptions) => {
      await withDatabase(env, async (db) => {
        const { balance, credit, currency, role } = options;
        const sum = balance === undefined ? undefined : parseAmount(balance);
        if (sum !== undefined && sum < 0n) throw new Error('the balance to begin with is zero or more');
        let account = await createAccount(
          db,
          {
            name,
            role,
            ...(credit === undefined ? {} : { credit: parseAmount(credit) }),
            ...(currency === undefined ? {} : { currency: currency.toUpperCase() }),
          },
          null,
        );
        if (sum) account = await topUp(db, account.id, sum, 'first top-up', null);
        if (options.json) return sayJson(shown(account));
        say(
          `account ${account.id} "${account.name}" with ${formatAmount(account.balance)} ${account.currency}`,
        );
        say(`its first key:  carillon key create ${quoted(account.name)}`);
      });
    });

  command
    .command('list')
    .description('every account with its balance')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const accounts = (await withDatabase(env, listAccounts)).map(shown);
      if (options.json) return sayJson(accounts);
      sayTable(accounts, 'no account yet: carillon account create NAME');
    });

  command
    .command('top-up')
    .description('add money to an account; a negative amount takes back')
    .argument('<account>', 'its name or its id')
    .argument('<amount>', 'such as 100 or -12.5')
    .option('--note <text>', 'why, for the ledger')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  carillon account top-up acme 100\n  carillon account top-up acme -12.5',
    )
    .action(async (name: string, amount: string, options: { note?: string; json?: boolean }) => {
      await withDatabase(env, async (db) => {
        const { id } = await findAccount(db, name);
        const account = await topUp(db, id, parseAmount(amount), options.note, null);
        if (options.json) return sayJson(shown(account));
        say(
          `account ${account.id} "${account.name}" now has ${formatAmount(account.balance)} ${account.currency}`,
        );
      });
    });

  for (const each of accountMoneyCommands(env)) command.addCommand(each);
  return command;
}

function shown({ id, name, role, balance, credit, currency, createdAt }: Account) {
  return {
    id,
    name,
    role,
    balance: formatAmount(balance),
    credit: formatAmount(credit),
    currency,
    created: createdAt,
  };
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
