// `carillon account adjust`, `credit`, `tariff` and `statement`: the money of an account, straight in the database.
// Added to `carillon account` by account.ts.
import { Command, InvalidArgumentError } from 'commander';
import { adjust, changeAccount, type LedgerEntry, statementOf } from '../accounts/index.ts';
import { parseMoment } from '../http/index.ts';
import { formatAmount, parseAmount } from '../money/index.ts';
import { findTariff } from '../tariffs/index.ts';
import { csvLine } from './csv.ts';
import { type Env, withDatabase } from './environment.ts';
import { findAccount } from './find-account.ts';
import { choice, whole } from './options.ts';
import { say, sayJson, sayTable } from './output.ts';

/** A statement on the command line is not divided into pages; longer ones are asked for by period. */
const entryLimit = 1_000_000;

type StatementOptions = { from?: Date; to?: Date; format: 'table' | 'csv' | 'json' };

/** The subcommands. */
export function accountMoneyCommands(env: Env): Command[] {
  const adjustment = new Command('adjust')
    .description('correct the balance of an account, up or down')
    .argument('<account>', 'its name or its id')
    .argument('<amount>', 'such as 12.5 or -12.5')
    .requiredOption('--note <text>', 'why, for the ledger')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  carillon account adjust acme -12.5 --note "booked twice"')
    .action(async (name: string, sum: string, options: { note: string; json?: boolean }) => {
      await withDatabase(env, async (db) => {
        const { id } = await findAccount(db, name);
        const account = await adjust(db, id, parseAmount(sum), options.note, null);
        if (options.json) return sayJson({ id, balance: formatAmount(account.balance) });
        say(`account ${id} "${account.name}" now has ${formatAmount(account.balance)} ${account.currency}`);
      });
    });

  const credit = new Command('credit')
    .description('set how far the balance of an account may fall below zero')
    .argument('<account>', 'its name or its id')
    .argument('<amount>', 'such as 100; 0 for none')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  carillon account credit acme 100')
    .action(async (name: string, text: string, options: { json?: boolean }) => {
      const limit = parseAmount(text);
      if (limit < 0n) throw new Error('the credit is zero or more');
      await withDatabase(env, async (db) => {
        const { id } = await findAccount(db, name);
        const account = await changeAccount(db, id, { credit: limit }, null);
        if (options.json) return sayJson({ id, credit: formatAmount(account.credit) });
        say(
          `account ${id} "${account.name}" has a credit of ${formatAmount(account.credit)} ${account.currency}`,
        );
      });
    });

  const tariff = new Command('tariff')
    .description('set the tariff that prices the campaigns of an account from now on')
    .argument('<account>', 'its name or its id')
    .argument('<code>', 'the code of the tariff, 0 to 9', whole(0, 9))
    .option('--json', 'print JSON')
    .action(async (name: string, code: number, options: { json?: boolean }) => {
      await withDatabase(env, async (db) => {
        const { id } = await findAccount(db, name);
        const { id: tariffId } = await findTariff(db, code);
        const account = await changeAccount(db, id, { tariffId }, null);
        if (options.json) return sayJson({ id, tariff_code: code });
        say(`account ${id} "${account.name}" has the tariff ${code}`);
      });
    });

  const statement = new Command('statement')
    .description('the ledger of an account: every row, with the balance after it')
    .argument('<account>', 'its name or its id')
    .option('--from <moment>', 'rows from then on: 2026-01-31, or 2026-01-31 09:30:00 (UTC)', moment)
    .option('--to <moment>', 'rows before then', moment)
    .option('--format <format>', 'table, csv or json', choice('table', 'csv', 'json'), 'table')
    .addHelpText(
      'after',
      '\nExample:\n  carillon account statement acme --from 2026-01-01 --to 2026-02-01 --format csv > january.csv',
    )
    .action(async (name: string, { from, to, format }: StatementOptions) => {
      await withDatabase(env, async (db) => {
        const account = await findAccount(db, name);
        const all = { offset: 0, limit: entryLimit };
        const { entries, total, opening, closing } = await statementOf(db, account.id, { from, to }, all);
        if (total > entryLimit) {
          throw new Error(`${total} rows are too many at once: narrow them with --from and --to`);
        }
        const rows = entries.map(shown);
        if (format === 'json') {
          const ends = { opening: formatAmount(opening), closing: formatAmount(closing) };
          return sayJson({ account: account.name, currency: account.currency, ...ends, entries: rows });
        }
        if (format === 'csv') {
          say(csvLine(columns));
          for (const row of rows) say(csvLine(columns.map((column) => row[column])));
          return;
        }
        say(`${account.name}: opening balance ${formatAmount(opening)} ${account.currency}`);
        sayTable(rows, 'no rows');
        say(`closing balance ${formatAmount(closing)} ${account.currency}`);
      });
    });

  return [adjustment, credit, tariff, statement];
}

const columns = [
  ...([
    'id',
    'at',
    'kind',
    'campaign',
    'messages',
    'amount',
    'held',
    'balance',
    'total_held',
    'note',
  ] as const),
];

function shown(entry: LedgerEntry) {
  return {
    id: entry.id,
    at: entry.at,
    kind: entry.kind,
    campaign: entry.campaignId,
    messages: entry.messages,
    amount: formatAmount(entry.amount),
    held: formatAmount(entry.held),
    balance: formatAmount(entry.balance),
    total_held: formatAmount(entry.totalHeld),
    note: entry.note,
  };
}

function moment(text: string): Date {
  const read = parseMoment(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text} 00:00:00` : text);
  if (read === undefined) {
    throw new InvalidArgumentError(
      'Give a day or a moment, such as 2026-01-31 or "2026-01-31 09:30:00" (UTC).',
    );
  }
  return read;
}
