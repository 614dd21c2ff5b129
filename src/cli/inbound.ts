// `carillon inbound …`: which account the messages to a number of ours belong to, straight in the database.
import { Command } from 'commander';
import { addNumber, listNumbers, removeNumber } from '../inbound/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { say, sayJson, sayTable } from './output.ts';

type Options = { json?: boolean };

/** The command with its subcommands. */
export function inboundCommand(env: Env): Command {
  const command = new Command('inbound').description('numbers of ours, and whose the messages to them are');

  command
    .command('list')
    .description('every short code, number and sender that belongs to an account')
    .option('--account <account>', "only this account's: its name or id")
    .option('--json', 'print JSON')
    .action(async (options: Options & { account?: string }) => {
      const numbers = await withDatabase(env, async (db) => {
        const id = options.account === undefined ? undefined : (await findAccount(db, options.account)).id;
        return (await listNumbers(db, id, { offset: 0, limit: Number.MAX_SAFE_INTEGER })).numbers;
      });
      if (options.json) return sayJson(numbers);
      sayTable(
        numbers.map(({ address, accountName, createdAt }) => ({
          address,
          account: accountName,
          created: createdAt,
        })),
        'no number yet: carillon inbound add ADDRESS ACCOUNT',
      );
    });

  command
    .command('add')
    .description('give messages to an address to an account, from now on')
    .argument('<address>', 'a short code, a number, or a sender name')
    .argument('<account>', 'its name or its id')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A message to any other address belongs to the account that last sent to its subscriber from there.

Example:
  carillon inbound add 3838 acme`,
    )
    .action(async (address: string, account: string, options: Options) => {
      const added = await withDatabase(env, async (db) =>
        addNumber(db, null, { address, accountId: (await findAccount(db, account)).id }),
      );
      if (options.json) return sayJson(added);
      say(`messages to ${added.address} belong to "${added.accountName}"`);
    });

  command
    .command('remove')
    .description('take an address from its account; what came stays with the account')
    .argument('<address>', 'as in carillon inbound list')
    .option('--json', 'print JSON')
    .action(async (address: string, options: Options) => {
      const removed = await withDatabase(env, (db) => removeNumber(db, null, address));
      if (options.json) return sayJson(removed);
      say(`messages to ${removed.address} no longer belong to "${removed.accountName}"`);
    });

  return command;
}
