// `carillon rule …` and `carillon domain …`: what sends campaigns to moderation, straight in the database.
import { Command } from 'commander';
import type { Db } from '../db/index.ts';
import {
  addDomain,
  addRule,
  listDomains,
  listRules,
  type RuleKind,
  removeDomain,
  removeRule,
  ruleKinds,
} from '../moderation/index.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { choice, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

type Options = { account?: string; json?: boolean };

/** As many as one reads; the admin API pages. */
const page = { offset: 0, limit: 1000 };
const id = whole(1, Number.MAX_SAFE_INTEGER);

async function accountIn(db: Db, { account }: Options): Promise<number | null> {
  return account === undefined ? null : (await findAccount(db, account)).id;
}

/** The command with its subcommands. */
export function ruleCommand(env: Env): Command {
  const command = new Command('rule').description('rules that send campaigns to moderation');

  command
    .command('add')
    .description('add a rule, for campaigns that are created from now on')
    .argument('<kind>', ruleKinds.join(', '), choice(...ruleKinds))
    .argument('[value]', 'the word or phrase, the regular expression, or the number of recipients', '')
    .option('--account <account>', 'only for its campaigns: its name or id (default: everybody)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  carillon rule add word casino              also "C4$1N0" and "c a s i n o"
  carillon rule add pattern "win \\d+ (eur|€)"
  carillon rule add link                     a link to a domain that is not in carillon domain list
  carillon rule add recipients 5000          more than 5,000 of them
  carillon rule add sender                   one that is not registered`,
    )
    .action(async (kind: RuleKind, value: string, options: Options) => {
      const rule = await withDatabase(env, async (db) =>
        addRule(db, null, { kind, value, accountId: await accountIn(db, options) }),
      );
      if (options.json) return sayJson(rule);
      say(`rule ${rule.id}: ${kind}${rule.value === '' ? '' : ` "${rule.value}"`}`);
    });

  command
    .command('list')
    .description('every rule')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { rows, total } = await withDatabase(env, (db) => listRules(db, {}, page));
      if (options.json) return sayJson(rows);
      sayTable(
        rows.map(({ id, kind, value, accountId, enabled }) => ({
          ...{ id, kind, value },
          account: accountId ?? '(every account)',
          enabled,
        })),
        'no rule yet: carillon rule add KIND VALUE',
      );
      if (total > rows.length) say(`and ${total - rows.length} more`);
    });

  command
    .command('remove')
    .description('remove a rule; campaigns that it holds stay held')
    .argument('<id>', 'its id, as in carillon rule list', id)
    .option('--json', 'print JSON')
    .action(async (rule: number, options: Options) => {
      const removed = await withDatabase(env, (db) => removeRule(db, null, rule));
      if (options.json) return sayJson(removed);
      say(`rule ${rule} is removed`);
    });

  return command;
}

/** The command with its subcommands. */
export function domainCommand(env: Env): Command {
  const command = new Command('domain').description('domains that links may lead to without moderation');

  command
    .command('add')
    .description('add a domain; its subdomains are known with it')
    .argument('<domain>', 'such as example.com')
    .option('--account <account>', 'only for its campaigns: its name or id (default: everybody)')
    .option('--json', 'print JSON')
    .action(async (domain: string, options: Options) => {
      const known = await withDatabase(env, async (db) =>
        addDomain(db, null, { domain, accountId: await accountIn(db, options) }),
      );
      if (options.json) return sayJson(known);
      say(`${known.domain} is known (domain ${known.id})`);
    });

  command
    .command('list')
    .description('every known domain')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { rows, total } = await withDatabase(env, (db) => listDomains(db, {}, page));
      if (options.json) return sayJson(rows);
      sayTable(
        rows.map(({ id, domain, accountId }) => ({ id, domain, account: accountId ?? '(every account)' })),
        'no known domain yet: carillon domain add DOMAIN',
      );
      if (total > rows.length) say(`and ${total - rows.length} more`);
    });

  command
    .command('remove')
    .description('forget a domain')
    .argument('<id>', 'its id, as in carillon domain list', id)
    .option('--json', 'print JSON')
    .action(async (domain: number, options: Options) => {
      const removed = await withDatabase(env, (db) => removeDomain(db, null, domain));
      if (options.json) return sayJson(removed);
      say(`${removed.domain} is no longer known`);
    });

  return command;
}
