// `carillon sender …`: senders of accounts and requests for them, straight in the database.
import { Command } from 'commander';
import {
  addSender,
  changeSender,
  decideRequest,
  listRequests,
  listSenders,
  openStatuses,
  readSender,
} from '../senders/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type Options = { json?: boolean };

/** As many as one reads; the admin API pages. */
const page = { offset: 0, limit: 1000 };

/** The command with its subcommands. */
export function senderCommand(env: Env): Command {
  const command = new Command('sender').description('senders of accounts and requests for them');
  const id = whole(1, Number.MAX_SAFE_INTEGER);

  command
    .command('list')
    .description('every sender, and the requests that wait')
    .option('--account <account>', "only this account's: its name or id")
    .option('--json', 'print JSON')
    .action(async (options: Options & { account?: string }) => {
      const { senders, requests } = await withDatabase(env, async (db) => {
        const filter = options.account ? { accountId: (await findAccount(db, options.account)).id } : {};
        const all = await listRequests(db, filter, { by: 'id', way: 'asc' }, page);
        return {
          senders: (await listSenders(db, filter, page)).senders,
          requests: all.requests.filter((request) => openStatuses.includes(request.status)),
        };
      });
      if (options.json) return sayJson({ senders, requests });
      sayTable(
        senders.map(({ id, accountName, sender, country, status, createdAt }) => ({
          ...{ id, account: accountName, sender },
          ...{ country: country ?? '(every country)', status, created: createdAt },
        })),
        'no sender yet: carillon sender add ACCOUNT NAME',
      );
      if (requests.length === 0) return;
      say('\nrequests:');
      sayTable(
        requests.map(({ id, accountName, sender, countryCode, status, createdAt }) => ({
          ...{ request: id, account: accountName, sender },
          ...{ country: countryCode, status, created: createdAt },
        })),
        '',
      );
    });

  command
    .command('approve')
    .description('register the sender of a request')
    .argument('<request>', 'its id, as in carillon sender list', id)
    .option('--json', 'print JSON')
    .action(async (request: number, options: Options) => {
      const decided = await withDatabase(env, (db) => decideRequest(db, null, request, 'registered'));
      if (options.json) return sayJson(decided);
      say(`${decided.sender} is a sender of "${decided.accountName}" in ${decided.countryCode}`);
    });

  command
    .command('reject')
    .description('reject a request')
    .argument('<request>', 'its id, as in carillon sender list', id)
    .requiredOption('--reason <text>', 'why; the customer reads it')
    .option('--json', 'print JSON')
    .action(async (request: number, options: Options & { reason: string }) => {
      const { reason } = options;
      const decided = await withDatabase(env, (db) => decideRequest(db, null, request, 'rejected', reason));
      if (options.json) return sayJson(decided);
      say(`request ${request} is rejected`);
    });

  command
    .command('add')
    .description('add a sender to an account without a request')
    .argument('<account>', 'its name or its id')
    .argument('<sender>', '1 to 11 letters and digits, or 3 to 15 digits')
    .option('--country <code>', 'only there, such as ES (default: every country)')
    .option('--json', 'print JSON')
    .action(async (account: string, name: string, options: Options & { country?: string }) => {
      const added = await withDatabase(env, async (db) =>
        addSender(db, null, {
          accountId: (await findAccount(db, account)).id,
          ...readSender(name, options.country ?? null),
        }),
      );
      if (options.json) return sayJson(added);
      say(`${added.sender} is a sender of "${added.accountName}" (sender ${added.id})`);
    });

  for (const [name, status, words] of [
    ['block', 'blocked', 'refuse campaigns from a sender'],
    ['unblock', 'active', 'let a sender be used again'],
  ] as const) {
    command
      .command(name)
      .description(words)
      .argument('<id>', 'its id, as in carillon sender list', id)
      .option('--json', 'print JSON')
      .action(async (sender: number, options: Options) => {
        const changed = await withDatabase(env, (db) => changeSender(db, null, sender, { status }));
        if (options.json) return sayJson(changed);
        say(`${changed.sender} of "${changed.accountName}" is ${changed.status}`);
      });
  }

  return command;
}
